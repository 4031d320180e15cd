using MirrorAction.Git.Model;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// Mirrors one repository and tells what became of it. Repeats an attempt that failed for a passing reason, each time from a fresh advertisement.
/// </summary>
/// <param name="http">The connections to git servers; stay the caller's.</param>
/// <param name="job">What to mirror.</param>
/// <param name="time">Clock and pauses.</param>
/// <param name="log">Called with what happens on the way.</param>
public sealed class RepositoryMirror(GitHttp http, RepositoryJob job, TimeProvider time, Action<RunMessage> log)
{
    /// <summary>How many refs a warning names.</summary>
    private const int MaxNamed = 20;

    private const string UnkeptHint =
        $"Let the destination take tags below {RefPatternSet.KeptPrefix}: nothing is overwritten there before its old value is kept. "
        + "With 'keep-overwritten: false' nothing is kept, and what is overwritten is lost.";

    private readonly TransferCounter _counter = new();
    private readonly RefLedger _ledger = new();
    private readonly AttemptRetry _attempts = new(job, time, log);
    private readonly PushLessons _lessons = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<string> _warnings = [];
    private readonly Dictionary<RefName, RefName> _tips = [];
    private readonly RepositoryRepair? _repair =
        job.Options.Repair && job.State != DestinationState.New ? new RepositoryRepair(http, job, log) : null;
    private bool _isRepaired;
    private bool _isReplanned;
    private bool _isBegun;

    private RepositoryLfs Lfs => field ??= new(http, job, _counter, time, log);

    /// <summary>The destination kept old values when it was last read.</summary>
    internal bool HoldsKept => _ledger.HoldsKept;

    /// <summary>Runs to the end. Failures are in the report and never thrown; a cancellation is one of them.</summary>
    public async Task<RepositoryReport> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _attempts.RunAsync(TryAsync, cancellationToken);
        }
        catch (Exception e)
        {
            return await FailAsync(e, cancellationToken);
        }
    }

    private async Task<RepositoryReport?> TryAsync(CancellationToken cancellationToken)
    {
        if (_repair is not null && !_isRepaired && !job.IsPlan)
        {
            var whole = new MirrorAttempt(http, job, _counter, time, _tips)
            {
                Lfs = Lfs,
                Repair = _repair,
                Lessons = _lessons,
                IsLastResort = _attempts.IsLastResort,
            };
            await whole.RunAsync(cancellationToken);
            _isRepaired = !whole.IsSourceEmpty;
        }

        var attempt = new MirrorAttempt(http, _isBegun ? Begun() : job, _counter, time, _tips)
        {
            Lfs = Lfs,
            Lessons = _lessons,
            IsLastResort = _attempts.IsLastResort,
        };
        try
        {
            await attempt.RunAsync(cancellationToken);
        }
        catch
        {
            await attempt.TryReadAfterAsync(cancellationToken);
            Remember(attempt);
            throw;
        }

        Remember(attempt);
        var report = Evaluate(attempt);
        if (report is null)
        {
            log(new RunMessage(MessageLevel.Warning, "The destination moved while it was written; planning again."));
        }
        else if (_isRepaired)
        {
            await _repair!.ReadBackAsync(_counter, cancellationToken);
        }

        return report;
    }

    /// <summary>What an earlier attempt filled is no longer empty, and not someone's either.</summary>
    private RepositoryJob Begun() =>
        job with
        {
            Ownership = Ownership.Own,
            Overwrites = job.Overwrites == OverwritePolicy.EmptyOnly ? OverwritePolicy.ForwardOnly : job.Overwrites,
        };

    private void Remember(MirrorAttempt attempt)
    {
        _ledger.Add(attempt);
        _isBegun |= attempt.Before is { Refs.Count: 0 } && attempt.HasMoved;
        foreach (var (name, tip) in attempt.Kept)
        {
            _tips[name] = tip;
        }

        WarnOfReservedNames(attempt);
    }

    /// <summary>What a finished attempt amounts to; null when it is to be made again.</summary>
    private RepositoryReport? Evaluate(MirrorAttempt attempt)
    {
        if (attempt.IsSourceEmpty)
        {
            if (attempt.Before!.Refs.Keys.Any(job.Options.Patterns.Includes))
            {
                Warn("The source lists no refs, but the destination has some; they are left as they are.");
            }

            return Report(RepositoryStatus.Skipped) with
            {
                Reason = job.ReasonOfEmpty,
            };
        }

        var plan = attempt.Plan!;
        if (job.IsPlan)
        {
            var planned = RefLedger.Planned(plan, attempt.Foreign);
            var isEqual = plan.IsEmpty && job.State != DestinationState.Missing;
            return Report(isEqual ? RepositoryStatus.Unchanged : RepositoryStatus.Planned) with
            {
                Changes = planned,
                Refs = _ledger.Count(planned),
                Verified = isEqual,
            };
        }

        if (attempt.MainBranchNote is { } note)
        {
            Warn(note);
        }

        var unsent = _repair?.HeldBack ?? [];
        if (IsEqual(attempt))
        {
            if (RewriteWarning.Of(attempt, plan, job) is { } rewriting)
            {
                Warn(rewriting);
            }

            WarnOfRefused(attempt.Refused);
            var report = unsent.Count == 0 ? Report(RepositoryStatus.Unchanged) with { Verified = true } : HeldBack(unsent, isAnythingUnkept: false);
            return report is { Verified: true, Changes.Count: > 0 } ? report with { Status = RepositoryStatus.Mirrored } : report;
        }

        var refused = attempt.Refused;
        var isStale = refused.Count == 0 || refused.Any(r => r.Status is RefUpdateStatus.RejectedRemoteChanged or RefUpdateStatus.NotReported);
        if (isStale && !_isReplanned)
        {
            _isReplanned = true;
            return null;
        }

        return HeldBack([.. refused, .. unsent.Where(u => refused.All(r => r.Update.Name != u.Update.Name))], attempt.IsAnythingUnkept);
    }

    private RepositoryReport HeldBack(IReadOnlyList<RefUpdateResult> refs, bool isAnythingUnkept) =>
        Report(RepositoryStatus.Failed) with
        {
            Error = ToError(refs, isAnythingUnkept),
            Refused = ToReport(refs),
        };

    /// <summary>Where the source is a mirror itself, in a restore, tags of these names are no surprise.</summary>
    private void WarnOfReservedNames(MirrorAttempt attempt)
    {
        var names =
            job.Overwrites != OverwritePolicy.Everything
                ? []
                : attempt.SourceRefs?.Refs.Keys.Where(job.Options.Patterns.LeavesOut).Order().ToArray() ?? [];
        if (names.Length == 0)
        {
            return;
        }

        var named = NameList.Of([.. names.Select(name => name.ToString())], MaxNamed);
        var text = $"Not mirrored, because the mirror needs these names for itself: {named}. Under another name at the source they are.";
        if (!_warnings.Contains(text))
        {
            Warn(text);
        }
    }

    private void WarnOfForeign()
    {
        var foreign = _ledger.Foreign.Select(f => $"{f.Update.Name} ({f.Update.Old}{(f.KeptAs is { } kept ? $", kept as {kept}" : "")})").ToArray();
        if (foreign.Length > 0)
        {
            Warn(
                $"{job.DestinationName} has values that {job.SourceName} does not know, so that somebody has probably pushed them there: "
                    + $"{NameList.Of(foreign, MaxNamed)}."
            );
        }
    }

    /// <summary>
    /// Both sides are equal: what was refused is a tip whose time has come, or what an interruption left. It is tried again with each run.
    /// </summary>
    private void WarnOfRefused(IReadOnlyList<RefUpdateResult> refused)
    {
        if (refused.Count > 0)
        {
            var named = NameList.Of([.. refused.Select(r => $"{r.Update.Name}: {r.Reason}")], MaxNamed, "; ");
            Warn($"Both sides are equal, but the destination did not let go what the mirror needs no more: {named}");
        }
    }

    private void Warn(string text)
    {
        _warnings.Add(text);
        log(new RunMessage(MessageLevel.Warning, text));
    }

    private bool IsEqual(MirrorAttempt attempt) => RefDiff.AreEqual(attempt.SourceRefs!.Refs, (attempt.After ?? attempt.Before)!.Refs, job.Options);

    private static IReadOnlyList<RefusedRef> ToReport(IEnumerable<RefUpdateResult> refused) =>
        [.. refused.Select(r => new RefusedRef(r.Update.Name.ToString(), r.Reason))];

    private RepositoryError ToError(IReadOnlyList<RefUpdateResult> refused, bool isAnythingUnkept)
    {
        if (refused.Count == 0)
        {
            return new RepositoryError(
                ErrorCode.RefRejected,
                "The destination's refs differ from the source's after the push, though none was refused.",
                "Does something else write to the mirror? The next run tries again."
            );
        }

        var error = _repair?.ToError(refused) ?? HeldBackRefs.ToError(refused, job);
        return isAnythingUnkept ? error with { Hint = $"{error.Hint} {UnkeptHint}".TrimStart() } : error;
    }

    private async Task<RepositoryReport> FailAsync(Exception exception, CancellationToken cancellationToken)
    {
        var (reason, error) = await _attempts.JudgeAsync(exception, cancellationToken);
        return reason is null
            ? Report(RepositoryStatus.Failed) with
            {
                Error = error,
                Refused = ToReport(_repair?.HeldBack ?? []),
            }
            : Report(RepositoryStatus.Skipped) with
            {
                Reason = reason,
            };
    }

    private RepositoryReport Report(RepositoryStatus status)
    {
        WarnOfForeign();
        var changes = _ledger.Changes();
        return new RepositoryReport
        {
            Source = job.SourceName,
            Destination = job.DestinationName,
            Status = status,
            Refs = _ledger.Count(changes),
            Changes = changes,
            Lfs = Lfs.Report,
            Attempts = _attempts.Count,
            BytesReceived = _counter.BytesReceived,
            BytesSent = _counter.BytesSent,
            Requests = (int)_counter.Requests,
            Warnings = [.. _warnings, .. Lfs.Warnings],
            DurationMs = (long)time.GetElapsedTime(_startedAt).TotalMilliseconds,
        };
    }
}
