using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting;

/// <summary>
/// Remembers what an observer was told, so that there is a report even when the engine did not get to make one: a step that is being cancelled has
/// seconds left.
/// </summary>
internal sealed class RunRecorder(IRunObserver inner) : IRunObserver
{
    private readonly Lock _lock = new();
    private readonly List<RepositoryReport> _finished = [];
    private readonly List<string> _underWay = [];
    private int _selected;

    /// <inheritdoc/>
    public void Selected(int selected, int leftOut, Shard? shard)
    {
        lock (_lock)
        {
            _selected = selected;
        }

        inner.Selected(selected, leftOut, shard);
    }

    /// <inheritdoc/>
    public void Started(string source)
    {
        lock (_lock)
        {
            _underWay.Add(source);
        }

        inner.Started(source);
    }

    /// <inheritdoc/>
    public void Transferred(string source, long packBytes) => inner.Transferred(source, packBytes);

    /// <inheritdoc/>
    public void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log)
    {
        lock (_lock)
        {
            _underWay.Remove(report.Source);
            _finished.Add(report);
        }

        inner.Finished(done, total, report, log);
    }

    /// <inheritdoc/>
    public void Log(RunMessage message) => inner.Log(message);

    /// <inheritdoc/>
    public void AddSecret(string secret) => inner.AddSecret(secret);

    /// <summary>The repositories that are done.</summary>
    public IReadOnlyList<RepositoryReport> Done
    {
        get
        {
            lock (_lock)
            {
                return [.. _finished];
            }
        }
    }

    /// <summary>The report of a run whose engine gave none: it was cancelled, or broke.</summary>
    /// <param name="settings">What was asked.</param>
    /// <param name="startedAt">When the run began.</param>
    /// <param name="duration">How long it lasted.</param>
    /// <param name="fault">What it broke by; null when it was cancelled.</param>
    public RunReport ReportOfUnfinished(RunSettings settings, DateTimeOffset startedAt, TimeSpan duration, RepositoryError? fault)
    {
        const string Hint = "Run it again; what is done stays done.";
        var end = fault is null ? "was cancelled" : "broke off";
        lock (_lock)
        {
            var cut = _underWay.Select(source => new RepositoryReport
            {
                Source = source,
                Destination = settings.ReportDestination.Workspace,
                Status = RepositoryStatus.Failed,
                Error = new(fault?.Code ?? ErrorCode.Cancelled, $"The run {end} while this repository was under way.", Hint),
            });
            RepositoryReport[] repositories = [.. _finished, .. cut];
            var notBegun = Math.Max(_selected - repositories.Length, 0);
            var totals = RunTally.Sum(repositories, restRequests: 0);
            totals = totals with { Repositories = totals.Repositories + notBegun, Skipped = totals.Skipped + notBegun };
            return new RunReport
            {
                Mode = settings.ModeName,
                Variant = settings.Variant,
                Version = ProductVersion.Text,
                StartedAt = startedAt,
                DurationMs = (long)duration.TotalMilliseconds,
                Source = settings.ReportSource,
                Destination = settings.ReportDestination,
                Result =
                    fault is not null || repositories.Length == 0
                        ? RunResult.Failure
                        : RunTally.Evaluate(totals, notBegun + RunTally.NotReached(repositories)),
                Totals = totals,
                Repositories = repositories,
                Shard = settings.Mirror.Shard?.ToString(),
                Error =
                    fault
                    ?? new(
                        ErrorCode.Cancelled,
                        FormattableString.Invariant($"The run was cancelled; {notBegun} repositories had not been begun and are not listed."),
                        Hint
                    ),
            };
        }
    }
}
