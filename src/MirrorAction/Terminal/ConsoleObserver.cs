using MirrorAction.GitHubActions;
using MirrorAction.Hosting;
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
        _bar = surroundings.IsInteractive ? new ProgressBar(console, surroundings.Time, surroundings.Width) : null;
    }

    /// <inheritdoc/>
    public void Selected(int selected, int leftOut, Shard? shard)
    {
        using var scope = _console.Hold();
        var part = shard is null ? "" : $" for shard {shard}";
        _log.Write(MessageLevel.Info, $"{Quantity.Count(selected, "repository", "repositories")} selected{part}, {leftOut} left out by the filters.");
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

        var line = $"[{done}/{total}] {ReportText.Line(report, _words)}";
        var details = log.Concat(Changes(report)).Where(message => _log.Shows(message.Level)).ToList();
        if (_isActions && details.Count > 0 && _log.Shows(MessageLevel.Info))
        {
            _console.WriteLine(WorkflowCommands.Group(line));
            Details(report.Source, details, indent: "");
            _console.WriteLine(WorkflowCommands.EndGroup);
        }
        else
        {
            _log.Write(MessageLevel.Info, line);
            Details(report.Source, details, indent: _isActions ? "" : "    ");
        }

        if (report.Error is { } error)
        {
            _log.Write(MessageLevel.Error, error.Hint is null ? error.Message : $"{error.Message}\n{error.Hint}", report.Source);
        }
        else if (report.Status == RepositoryStatus.Different)
        {
            _log.Write(MessageLevel.Error, $"differs from {report.Destination}: {ReportText.Differences(report)}", report.Source);
        }

        _bar?.Finish(done, total, report);
    }

    /// <inheritdoc/>
    public void Log(RunMessage message)
    {
        using var scope = _console.Hold();
        _log.Write(message.Level, message.Text);
    }

    /// <inheritdoc/>
    public void AddSecret(string secret) => _console.AddSecrets([secret], announce: _isActions);

    /// <summary>Takes the live line away.</summary>
    public void Dispose() => _bar?.End();

    /// <summary>What somebody has to look at names its repository, because it is shown away from the others.</summary>
    private void Details(string source, List<RunMessage> details, string indent)
    {
        foreach (var message in details)
        {
            var isForAll = message.Level <= MessageLevel.Info;
            _log.Write(message.Level, isForAll ? indent + message.Text : message.Text, isForAll ? null : source);
        }
    }

    private IEnumerable<RunMessage> Changes(RepositoryReport report)
    {
        if (!_showsChanges)
        {
            yield break;
        }

        foreach (var change in report.Changes.Take(ShownChanges))
        {
            var values = change switch
            {
                { Old: null } => ReportText.ShortId(change.New),
                { New: null } => $"was {ReportText.ShortId(change.Old)}",
                _ => $"{ReportText.ShortId(change.Old)} -> {ReportText.ShortId(change.New)}",
            };
            yield return new(
                MessageLevel.Info,
                $"{(_words.IsComparison ? ReportText.Difference(change) : ReportText.Kind(change)), -6}  {change.Ref}  {values}"
            );
        }

        if (report.Changes.Count > ShownChanges)
        {
            yield return new(MessageLevel.Info, $"and {report.Changes.Count - ShownChanges} more changes");
        }
    }
}
