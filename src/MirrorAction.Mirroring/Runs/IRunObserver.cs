using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Is told how a run goes while it goes. Calls come from many threads at once and must return quickly.</summary>
public interface IRunObserver
{
    /// <summary>The listing is complete.</summary>
    /// <param name="selected">How many repositories will be worked on.</param>
    /// <param name="leftOut">How many filters and rules left out.</param>
    /// <param name="shard">The part that <paramref name="selected"/> counts; null for all.</param>
    void Selected(int selected, int leftOut, Shard? shard);

    /// <summary>Work on a repository begins.</summary>
    void Started(string source);

    /// <summary>Pack bytes went through; for a display of what is under way.</summary>
    /// <param name="source">The repository.</param>
    /// <param name="packBytes">Bytes since the last call for this repository.</param>
    void Transferred(string source, long packBytes);

    /// <summary>A repository is done.</summary>
    /// <param name="done">How many are done, this one included.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="report">What became of it.</param>
    /// <param name="log">What was said on the way, in order; text of servers is sanitised.</param>
    void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log);

    /// <summary>Something about the run as a whole that its owner should read.</summary>
    void Log(RunMessage message);

    /// <summary>
    /// A secret was made during the run, and is used from now on: it must not be shown by anyone. Returns when it no longer can be.
    /// </summary>
    void AddSecret(string secret);
}

/// <summary>A line for the run's log.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Text">One line, without secrets and without control characters.</param>
public readonly record struct RunMessage(MessageLevel Level, string Text);

/// <summary>How much a message matters.</summary>
public enum MessageLevel
{
    /// <summary>For finding a fault in this program or in a server.</summary>
    Debug,

    /// <summary>For everyone who reads along.</summary>
    Info,

    /// <summary>For someone to look at, soon.</summary>
    Warning,

    /// <summary>For someone to mend.</summary>
    Error,
}

/// <summary>What was said about one repository, kept together because many are worked on at once.</summary>
internal sealed class RunLog
{
    private readonly List<RunMessage> _messages = [];

    internal IReadOnlyList<RunMessage> Messages => _messages;

    internal void Add(RunMessage message)
    {
        lock (_messages)
        {
            _messages.Add(message);
        }
    }
}
