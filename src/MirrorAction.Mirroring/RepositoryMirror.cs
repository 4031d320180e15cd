using System.Globalization;
using MirrorAction.Git;
using MirrorAction.Git.Http;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Planning;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>
/// Mirrors one repository and tells what became of it. Repeats an attempt that failed for a passing reason, each time from a fresh advertisement; this is the
/// only place where git conversations are repeated.
/// </summary>
/// <param name="http">The connections to git servers; stay the caller's.</param>
/// <param name="job">What to mirror.</param>
/// <param name="time">Clock and pauses.</param>
/// <param name="log">Is told what happens on the way.</param>
public sealed class RepositoryMirror(GitHttp http, RepositoryJob job, TimeProvider time, Action<RunMessage> log)
{
    /// <summary>How many refused refs the error's message names; the report holds them all.</summary>
    private const int MaxNamed = 20;

    private static readonly TimeSpan s_maxPause = TimeSpan.FromMinutes(1);

    /// <summary>Longer than any run, and short enough to be added to a date.</summary>
    private static readonly TimeSpan s_never = TimeSpan.FromDays(366);

    /// <summary>Where no run ends, a server that asks for a longer pause, beyond any host's usual one, is left to the next run.</summary>
    private static readonly TimeSpan s_maxRequestedPause = TimeSpan.FromHours(1);

    private readonly TransferCounter _counter = new();
    private readonly RefLedger _ledger = new();

    // Of all attempts: a later one sees only that both sides are equal.
    private readonly List<RefUpdateResult> _lostTips = [];
    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<string> _warnings = [];
    private int _attempts;
    private bool _isReplanned;
    private bool _isLoginRenewed;

    /// <summary>Runs to the end. Failures are in the report and never thrown; a cancellation is one of them.</summary>
    public async Task<RepositoryReport> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            _attempts++;
            var attempt = new MirrorAttempt(http, job, _counter, time);
            try
            {
                await attempt.RunAsync(cancellationToken).ConfigureAwait(false);
                Remember(attempt);
                if (Judge(attempt) is { } report)
                {
                    return report;
                }

                log(new RunMessage(MessageLevel.Warning, "The destination moved while it was written; planning again."));
            }
            catch (Exception e)
            {
                await attempt.TryReadAfterAsync(cancellationToken).ConfigureAwait(false);
                Remember(attempt);
                if (IsLoginRenewed(e) && !cancellationToken.IsCancellationRequested)
                {
                    log(new RunMessage(MessageLevel.Info, $"{e.Message} Its token died before its time; trying again with a new one."));
                    continue;
                }

                var pause = PauseAfter(e);
                if (!IsWorthRepeating(e, cancellationToken))
                {
                    return await FailAsync(e, cancellationToken).ConfigureAwait(false);
                }

                if (pause > (job.Deadline - time.GetUtcNow() ?? s_maxRequestedPause + s_maxPause))
                {
                    return Report(RepositoryStatus.Failed) with { Error = TooLong(e, pause) };
                }

                await PauseAsync(e, pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Remember(MirrorAttempt attempt)
    {
        _ledger.Add(attempt);
        _lostTips.AddRange(attempt.LostTips);
    }

    /// <summary>What a finished attempt amounts to; null when it is to be made again.</summary>
    private RepositoryReport? Judge(MirrorAttempt attempt)
    {
        if (attempt.IsSourceEmpty)
        {
            if (attempt.Before!.Refs.Keys.Any(job.Options.Patterns.Includes))
            {
                Warn("The source lists no refs, but the destination has some; they are left as they are.");
            }

            return Report(RepositoryStatus.Skipped) with { Reason = SkipReason.Empty };
        }

        var plan = attempt.Plan!;
        if (job.IsPlan)
        {
            var planned = RefLedger.Planned(plan);
            var isEqual = plan.IsEmpty && !job.IsMissing;
            return Report(isEqual ? RepositoryStatus.Unchanged : RepositoryStatus.Planned) with { Changes = planned, Refs = _ledger.Count(planned), Verified = isEqual };
        }

        if (IsEqual(attempt) && _lostTips.Count == 0)
        {
            var changes = _ledger.Changes();
            WarnOfRewriting(attempt, plan);
            return Report(changes.Count > 0 ? RepositoryStatus.Mirrored : RepositoryStatus.Unchanged) with { Verified = true };
        }

        var refused = attempt.Refused.Union(_lostTips).ToArray();
        var isStale = refused.Length == 0 || refused.Any(r => r.Status is RefUpdateStatus.RejectedRemoteChanged or RefUpdateStatus.NotReported);
        if (isStale && !_isReplanned)
        {
            _isReplanned = true;
            return null;
        }

        return Report(RepositoryStatus.Failed) with { Error = RefusedError(refused), Refused = ToReport(refused) };
    }

    /// <summary>One rewritten branch is everyday work; all of them at once may be a mistake or an attack.</summary>
    private void WarnOfRewriting(MirrorAttempt attempt, MirrorPlan plan)
    {
        var rewritten = plan.Changes.Count(c => c.Kind == RefChangeKind.Force && c.Update.Name.IsBranch);
        var common = attempt.SourceRefs!.Refs.Keys.Count(n => n.IsBranch && job.Options.Patterns.Includes(n) && attempt.Before!.Refs.ContainsKey(n));
        if (rewritten > 0 && rewritten == common)
        {
            var kept = job.Options.KeepOverwritten
                ? $"The old values are kept under {RefPatternSet.KeptPrefix}{(job.Options.KeepFor is { } time ? string.Create(CultureInfo.InvariantCulture, $" for {time.TotalDays:0} days") : "")}."
                : "The old values are not kept ('keep-overwritten' is off).";
            Warn(string.Create(CultureInfo.InvariantCulture, $"Every branch that the mirror had ({rewritten}) was rewritten at the source. {kept}"));
        }
    }

    private void Warn(string text)
    {
        _warnings.Add(text);
        log(new RunMessage(MessageLevel.Warning, text));
    }

    private bool IsEqual(MirrorAttempt attempt)
    {
        var now = (attempt.After ?? attempt.Before)!.Refs;
        var patterns = job.Options.Patterns;
        var wanted = attempt.SourceRefs!.Refs.Where(r => patterns.Includes(r.Key)).ToDictionary();
        return wanted.All(w => now.TryGetValue(w.Key, out var id) && id == w.Value)
            && (!job.Options.Prune || now.Keys.Where(patterns.Includes).All(wanted.ContainsKey));
    }

    private static IReadOnlyList<RefusedRef> ToReport(IEnumerable<RefUpdateResult> refused) => [.. refused.Select(r => new RefusedRef(r.Update.Name.ToString(), r.Reason))];

    private RepositoryError RefusedError(RefUpdateResult[] refused)
    {
        if (refused.Length == 0)
        {
            return new RepositoryError(ErrorCode.RefRejected, "The destination's refs differ from the source's after the push, though none was refused.", "Does something else write to the mirror? The next run tries again.");
        }

        var named = refused.Take(MaxNamed).Select(r => $"{r.Update.Name}{(KeptRefs.IsKept(r.Update.Name) ? $" (keeping {r.Update.New})" : "")}: {r.Reason}");
        var more = refused.Length > MaxNamed ? string.Create(CultureInfo.InvariantCulture, $"; and {refused.Length - MaxNamed} more") : "";
        var failure = refused.Select(r => job.ExplainDestination(null, r.Reason)).FirstOrDefault(f => f is not null);
        return new RepositoryError(
            failure is { Kind: not HostFailureKind.RefRejected } ? FailureTranslator.CodeOf(failure.Kind, isSource: false) : ErrorCode.RefRejected,
            $"The destination refused {refused.Length} of the refs: {string.Join("; ", named)}{more}",
            failure?.Hint);
    }

    /// <summary>The attempt that ended with a renewed login is not held against the repository.</summary>
    private int AllowedAttempts => job.Options.MaxAttempts + (_isLoginRenewed ? 1 : 0);

    private bool IsWorthRepeating(Exception exception, CancellationToken cancellationToken) =>
        (exception is GitException { IsTransient: true } or MirrorException { IsTransient: true } || IsNotThereYet(exception) || IsRateLimit(exception))
        && _attempts < AllowedAttempts && !cancellationToken.IsCancellationRequested;

    /// <summary>Once for each repository: nothing is wrong but the token's age.</summary>
    private bool IsLoginRenewed(Exception exception) =>
        exception is GitRemoteException { IsLoginRenewed: true } && !_isLoginRenewed && (_isLoginRenewed = true);

    private bool IsNotThereYet(Exception exception) =>
        job.IsNew && exception is GitRemoteException { Service: GitService.ReceivePack, Status: System.Net.HttpStatusCode.NotFound };

    private bool IsRateLimit(Exception exception) =>
        exception is GitRemoteException { Status: { } status } e
        && (status == System.Net.HttpStatusCode.TooManyRequests
            || (e.Service == GitService.ReceivePack ? job.ExplainDestination : job.ExplainSource)((int)status, e.RemoteMessage)?.Kind == HostFailureKind.RateLimited);

    /// <summary>
    /// A second, two, four …, spread so that many repositories do not return at once, and before that as long as the server asks for. One that only says
    /// that it was asked too often gets a minute, two, four …
    /// </summary>
    private TimeSpan PauseAfter(Exception exception)
    {
        var doubling = Math.Pow(2, Math.Min(_attempts - 1, 10));
#pragma warning disable CA5394 // Jitter, not a secret.
        var backoff = job.RetryPause * doubling * (0.5 + Random.Shared.NextDouble());
#pragma warning restore CA5394
        var asked = (exception as GitRemoteException)?.RetryAfter ?? (IsRateLimit(exception) ? s_maxPause * doubling : TimeSpan.Zero);
        return (asked < s_never ? asked : s_never) + (backoff < s_maxPause ? backoff : s_maxPause);
    }

    private RepositoryError TooLong(Exception exception, TimeSpan pause) => FailureTranslator.ToError(exception, job) with
    {
        Hint = $"It lets the next request through at {Clock(pause)}, which is later than this run lasts: run again after that.",
    };

    private string Clock(TimeSpan pause) => (time.GetUtcNow() + pause).UtcDateTime.ToString(
        pause < TimeSpan.FromDays(1) ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private async Task PauseAsync(Exception exception, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (IsRateLimit(exception))
        {
            var peer = ((GitException)exception).Service == GitService.ReceivePack ? job.Destination : job.Source;
            job.Announce?.Invoke($"{job.SourceName}: {peer.Url.Authority} rate limit: resuming at {Clock(pause)}");
        }

        log(new RunMessage(MessageLevel.Warning, string.Create(
            CultureInfo.InvariantCulture, $"Attempt {_attempts} of {AllowedAttempts} failed: {exception.Message} Trying again in {pause.TotalSeconds:0.#} s.")));
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RepositoryReport> FailAsync(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is GitException git && FailureTranslator.ToSkipReason(git, job) is { } reason)
        {
            log(new RunMessage(MessageLevel.Warning, exception.Message));
            return Report(RepositoryStatus.Skipped) with { Reason = reason };
        }

        try
        {
            if (exception is GitRemoteException { Service: GitService.UploadPack, Status: System.Net.HttpStatusCode.NotFound } && job.ExistsAtSource is { } exists
                && !await exists(cancellationToken).ConfigureAwait(false))
            {
                return Report(RepositoryStatus.Skipped) with { Reason = SkipReason.Vanished };
            }
        }
        catch (Exception e) when (e is HostException or OperationCanceledException)
        {
            log(new RunMessage(MessageLevel.Warning, $"Whether the source still exists could not be found out: {e.Message}"));
        }

        var cancelled = cancellationToken.IsCancellationRequested ? new OperationCanceledException() : exception;
        return Report(RepositoryStatus.Failed) with { Error = FailureTranslator.ToError(cancelled, job), Refused = ToReport(_lostTips) };
    }

    private RepositoryReport Report(RepositoryStatus status)
    {
        var changes = _ledger.Changes();
        return new RepositoryReport
        {
            Source = job.SourceName,
            Destination = job.DestinationName,
            Status = status,
            Refs = _ledger.Count(changes),
            Changes = changes,
            Attempts = _attempts,
            BytesReceived = _counter.BytesReceived,
            BytesSent = _counter.BytesSent,
            Requests = (int)_counter.Requests,
            Warnings = [.. _warnings],
            DurationMs = (long)time.GetElapsedTime(_startedAt).TotalMilliseconds,
        };
    }
}
