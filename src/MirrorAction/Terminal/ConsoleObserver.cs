using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;

namespace MirrorAction.Terminal;

/// <summary>
/// Shows a run while it goes: a line per finished repository, its details below it (folded on Actions), and a live line on a terminal.
/// </summary>
internal sealed class ConsoleObserver : IRunObserver, IDisposable
{
    /// <summary>More changes of one repository are in the report only.</summary>
    private const int ShownChanges = 50;

    private readonly RunConsole _console;
    private readonly RunLog _log;
    private readonly bool _isActions;
    private readonly bool _showsChanges;
    private readonly ModeText _words;
    private readonly ProgressBar? _bar;

    /// <summary>Prints to the console by way of the log.</summary>
    /// <param name="console">The console, for groups and the live line.</param>
    /// <param name="log">The log.</param>
    /// <param name="surroundings">Where the program runs.</param>
    /// <param name="words">The words of the mode.</param>
    /// <param name="showsChanges">List every ref that moved; where nothing is written, where sides are compared and on Actions always.</param>
    public ConsoleObserver(RunConsole console, RunLog log, ProcessEnvironment surroundings, ModeText words, bool showsChanges = false)
    {
        _console = console;
        _log = log;
        _words = words;
        _isActions = surroundings.IsActions;
        _showsChanges = showsChanges || words.IsPlan || words.IsComparison || surroundings.IsActions;
        _bar =
            surroundings.IsInteractive && log is { Format: LogFormat.Text, IsQuiet: false }
                ? new ProgressBar(console, surroundings.Time, surroundings.Width, surroundings.HasColour)
                : null;
    }

    /// <inheritdoc/>
    public void Selected(int selected, int leftOut, Shard? shard)
    {
        using var scope = _console.Hold();
        var message = LogMessage.Count("Selected", selected, "repository", "repositories").Then(" selected");
        message = shard is null ? message : message.Then($" for shard {{{EventProperty.Shard}}}", shard.ToString());
        _log.Write(MessageLevel.Info, message.Then(", {LeftOut} left out by the filters.", leftOut));
        if (selected == 0 && leftOut > 0 && shard is null)
        {
            _log.Write(
                MessageLevel.Warning,
                "The filters leave nothing to do: see the inputs repositories, exclude, visibility, forks and archived."
            );
        }

        _bar?.Begin(selected);
    }

    /// <inheritdoc/>
    public void Started(string source)
    {
        using var scope = _console.Hold();
        _bar?.Start(source);
    }

    /// <inheritdoc/>
    public void Transferred(string source, long packBytes)
    {
        // Once for each packet of every transfer: no lock, but for the one that draws.
        if (_bar is not null && _bar.Add(packBytes))
        {
            using var scope = _console.Hold();
            _bar.Refresh();
        }
    }

    /// <inheritdoc/>
    public void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log)
    {
        using var scope = _console.Hold();
        if (report.Reason == SkipReason.Cancelled)
        {
            // There may be thousands of them; the end of the log tells of all at once.
            _bar?.Finish(done, total, report);
            return;
        }

        var details = log.Where(message => _log.Shows(message.Level))
            .Select(message => (message.Level, Message: new LogMessage("{Message}", message.Text)))
            .Concat(_log.Shows(MessageLevel.Info) ? Changes(report).Select(change => (MessageLevel.Info, change)) : [])
            .ToList();
        var isGroup = details.Count > 0 && _log.BeginGroup();
        _log.Write(MessageLevel.Info, new LogMessage("[{Done}/{Total}] ", done, total).Then(ReportText.Line(report, _words)));
        foreach (var (level, message) in details)
        {
            _log.Write(level, message.About(EventProperty.Repository, report.Source));
        }

        if (isGroup)
        {
            _log.EndGroup();
        }

        if (report.Error is { } error)
        {
            _log.Write(MessageLevel.Error, ReportText.Error(error).About(EventProperty.Repository, report.Source));
        }
        else if (report.Status == RepositoryStatus.Different)
        {
            var message = new LogMessage("differs from {Destination}: {Differences}", report.Destination, ReportText.Differences(report));
            _log.Write(MessageLevel.Error, message.About(EventProperty.Repository, report.Source));
        }

        _bar?.Finish(done, total, report);
    }

    /// <inheritdoc/>
    public void Log(RunMessage message)
    {
        using var scope = _console.Hold();
        _log.Write(message.Level, "{Message}", message.Text);
    }

    /// <inheritdoc/>
    public void AddSecret(string secret) => _console.AddSecrets([secret], announce: _isActions);

    /// <summary>Takes the live line away.</summary>
    public void Dispose() => _bar?.End();

    private IEnumerable<LogMessage> Changes(RepositoryReport report)
    {
        if (!_showsChanges)
        {
            yield break;
        }

        foreach (var change in report.Changes.Take(ShownChanges))
        {
            var kind = _words.IsComparison ? ReportText.Difference(change) : ReportText.Kind(change);
            var message = new LogMessage("{Change,-6}  {Ref}  ", kind, change.Ref);
            yield return change switch
            {
                { Old: null } => message.Then("{New}", ReportText.ShortId(change.New)),
                { New: null } => message.Then("was {Old}", ReportText.ShortId(change.Old)),
                _ => message.Then("{Old} -> {New}", ReportText.ShortId(change.Old), ReportText.ShortId(change.New)),
            };
        }

        if (report.Changes.Count > ShownChanges)
        {
            yield return new LogMessage("and {More} more changes", report.Changes.Count - ShownChanges);
        }
    }
}
