using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Verify;

/// <summary>
/// Reads a repository and its mirror and has them judged, again when that failed for a passing reason. What is no question of the judge is answered
/// here: what the source withholds, what is empty, what is missing.
/// </summary>
/// <param name="context">What the run works with.</param>
/// <param name="pair">The two.</param>
/// <param name="deadline">When the run ends; null for no end.</param>
/// <param name="log">Called with what happens on the way.</param>
internal sealed class PairComparison(RunContext context, RepositoryPair pair, DateTimeOffset? deadline, Action<RunMessage> log)
{
    private readonly TransferCounter _counter = new();
    private AttemptRetry? _attempts;

    /// <summary>What both sides are reached by.</summary>
    internal RepositoryJob Job { get; } = pair.JobFor(pair.Existing ?? pair.Destination.Describe(pair.Settings.Slug), deadline);

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    /// <param name="judge">Compares the two, of which neither is missing and the source not empty.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<RepositoryReport> RunAsync(
        Func<RefListings, CancellationToken, Task<RepositoryReport>> judge,
        CancellationToken cancellationToken
    )
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            pair.RefuseRivals();
            if (pair.Repository.IsDisabled)
            {
                return Exposed(Report(RepositoryStatus.Skipped) with { Reason = SkipReason.Disabled });
            }

            context.Observer.Started(pair.Repository.FullName);
            if (!await WikiPages.AnyAsync(context.Source, pair.Repository, cancellationToken))
            {
                return Exposed(Report(RepositoryStatus.Skipped) with { Reason = SkipReason.NoWiki });
            }

            var mirror = await pair.FindAsync(cancellationToken);
            _attempts = new AttemptRetry(Job, context.Time, log);
            return Counted(await _attempts.RunAsync(token => TryAsync(judge, mirror is not null, token)!, cancellationToken));
        }
        catch (Exception e)
        {
            var (reason, error) = _attempts is null ? (null, FailureTranslator.ToError(e)) : await _attempts.JudgeAsync(e, cancellationToken);
            return Counted(
                Exposed(
                    reason is null
                        ? Report(RepositoryStatus.Failed) with
                        {
                            Error = error,
                        }
                        : Report(RepositoryStatus.Skipped) with
                        {
                            Reason = reason,
                        }
                )
            );
        }
    }

    /// <summary>Asks after the objects of Git LFS that the mirror's refs point to.</summary>
    /// <exception cref="GitException">The mirror could not be read.</exception>
    internal async Task<LfsPresence> FindLfsAsync(RefListings sides, bool isDeep, CancellationToken cancellationToken)
    {
        var presence = new LfsPresence(context.Git, Job, _counter, context.Time);
        await sides.AtMirrorAsync(async mirror =>
        {
            await presence.CheckAsync(mirror, sides.Mirror!, isDeep, cancellationToken);
            return true;
        });
        return presence;
    }

    /// <summary>A report of the outcome.</summary>
    internal RepositoryReport Report(RepositoryStatus status) => pair.Report(pair.Existing, status);

    /// <summary>A report that the refs differ, and how.</summary>
    internal RepositoryReport Different(RefListings sides) =>
        Report(RepositoryStatus.Different) with
        {
            Changes = sides.Refs.Differences,
            Refs = sides.Refs.Counts,
        };

    /// <summary>Says something for people to look at, in the log too.</summary>
    internal RepositoryReport Warn(RepositoryReport report, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
        {
            log(new RunMessage(MessageLevel.Warning, warning));
            report = report with { Warnings = [.. report.Warnings, warning] };
        }

        return report;
    }

    private async Task<RepositoryReport> TryAsync(
        Func<RefListings, CancellationToken, Task<RepositoryReport>> judge,
        bool hasMirror,
        CancellationToken cancellationToken
    )
    {
        var sides = new RefListings(context.Git, Job, _counter);
        await sides.ReadAsync(hasMirror, cancellationToken);
        if (sides.IsSourceEmpty)
        {
            var empty = Exposed(Report(RepositoryStatus.Skipped) with { Reason = Job.ReasonOfEmpty });
            return sides.IsMirrorFilled ? Warn(empty, ["The source lists no refs, but the mirror has some."]) : empty;
        }

        return sides.Mirror is not null
            ? await judge(sides, cancellationToken)
            : Different(sides) with
            {
                Error = new RepositoryError(
                    ErrorCode.DestinationNotFound,
                    $"There is no mirror of {Job.SourceName}: {context.Destination.Host.Kind} lists no {Job.DestinationName}.",
                    "Run once with 'mode: mirror', which creates and fills it; or give the credentials access to it if it is there."
                ),
            };
    }

    /// <summary>What could not be compared may be for everyone to read all the same.</summary>
    private RepositoryReport Exposed(RepositoryReport report) => Warn(report, pair.Exposure is { } exposure ? [exposure] : []);

    private RepositoryReport Counted(RepositoryReport report) =>
        report with
        {
            Attempts = _attempts?.Count ?? 0,
            BytesReceived = _counter.BytesReceived,
            BytesSent = _counter.BytesSent,
            Requests = (int)_counter.Requests,
        };
}
