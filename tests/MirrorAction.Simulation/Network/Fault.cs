namespace MirrorAction.Simulation.Network;

/// <summary>What can go wrong on the way.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No connection.</summary>
    Refused,

    /// <summary>The connection breaks while the request is sent.</summary>
    RequestCut,

    /// <summary>The host does what is asked; the connection breaks before its answer.</summary>
    AnswerLost,

    /// <summary>The connection breaks within the answer.</summary>
    AnswerCut,

    /// <summary>The answer ends too early, without a sign that something is missing.</summary>
    AnswerShort,

    /// <summary>Too many requests.</summary>
    TooMany,

    /// <summary>The host is in trouble (500, 502, 503).</summary>
    Trouble,

    /// <summary>The host is in trouble and repeats what it was sent, credentials too.</summary>
    Echo,

    /// <summary>git's server gives up, and repeats what it was sent.</summary>
    EchoOfGit,

    /// <summary>The credential is refused once.</summary>
    Unauthorized,

    /// <summary>No byte comes any more.</summary>
    Silence,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">Where: a byte, or which one of several variants.</param>
internal readonly record struct Fault(FaultKind Kind, int At)
{
    private static readonly FaultKind[] s_kinds =
    [
        FaultKind.Refused,
        FaultKind.RequestCut,
        FaultKind.RequestCut,
        FaultKind.AnswerLost,
        FaultKind.AnswerLost,
        FaultKind.AnswerCut,
        FaultKind.AnswerCut,
        FaultKind.AnswerShort,
        FaultKind.TooMany,
        FaultKind.Trouble,
        FaultKind.Trouble,
        FaultKind.Echo,
        FaultKind.Echo,
        FaultKind.EchoOfGit,
        FaultKind.Unauthorized,
        FaultKind.Silence,
    ];

    /// <summary>What happens to a call, which only depends on what the call is.</summary>
    /// <param name="dice">The call's own.</param>
    /// <param name="percent">How often something happens.</param>
    /// <param name="call">The call.</param>
    /// <param name="maySilence">Whether silence can be told from work: not while several things happen at once.</param>
    public static Fault Draw(Dice dice, int percent, Call call, bool maySilence)
    {
        if (!dice.Chance(percent))
            return default;
        var kind = dice.Pick(s_kinds);
        var isFit = kind switch
        {
            FaultKind.Silence => maySilence,
            FaultKind.AnswerShort => call.IsGit,
            FaultKind.EchoOfGit => call.IsGit && call.Kind != CallKind.Ask && dice.Chance(40),
            FaultKind.Unauthorized => dice.Chance(30),
            _ => true,
        };
        return new Fault(isFit ? kind : FaultKind.Trouble, dice.Next(1 << 20));
    }

    /// <summary>Whether a program that tries again gets through.</summary>
    public bool IsPassing => Kind is not (FaultKind.Unauthorized or FaultKind.EchoOfGit);
}
