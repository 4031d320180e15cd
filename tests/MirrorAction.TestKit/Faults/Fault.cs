namespace MirrorAction.TestKit;

/// <summary>One thing that goes wrong between a client and a server.</summary>
public abstract record Fault;

/// <summary>The bytes of one direction come only so far.</summary>
/// <param name="Direction">Whose bytes.</param>
/// <param name="Ending">What happens to the connection.</param>
/// <param name="After">How many bytes pass before it does: of the whole message, or of its body.</param>
/// <param name="OfBody">Whether they are counted from the body on; the head then passes whole.</param>
public sealed record WireFault(FaultDirection Direction, FaultEnding Ending, long After = 0, bool OfBody = false) : Fault;

/// <summary>All bytes come, in small pieces.</summary>
/// <param name="Direction">Whose bytes.</param>
/// <param name="Piece">The most that comes at once.</param>
/// <param name="Pause">The time between two pieces.</param>
/// <param name="OfBody">The head comes at once.</param>
public sealed record DripFault(FaultDirection Direction, int Piece, TimeSpan Pause = default, bool OfBody = false) : Fault;

/// <summary>Another answer comes than the server's own.</summary>
/// <param name="Answer">What comes.</param>
/// <param name="IsServed">The server has done what was asked, and only its answer is lost.</param>
/// <param name="IsEarly">The answer comes before the request has been read, and the connection ends with it.</param>
public sealed record AnswerFault(HttpAnswer Answer, bool IsServed = false, bool IsEarly = false) : Fault;

/// <summary>The server's answer comes changed.</summary>
public sealed record RewriteFault(Func<HttpAnswer, HttpAnswer> Change) : Fault;

/// <summary>One of the two directions of a connection.</summary>
public enum FaultDirection
{
    /// <summary>From the client to the server.</summary>
    Up,

    /// <summary>From the server to the client.</summary>
    Down,
}

/// <summary>How a connection ends, or does not.</summary>
public enum FaultEnding
{
    /// <summary>It is closed in good order (FIN).</summary>
    Cut,

    /// <summary>It is broken (RST).</summary>
    Reset,

    /// <summary>It stays open, and nothing more comes.</summary>
    Stall,
}
