using System.Globalization;
using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// Repeats whole attempts at one repository that failed for a passing reason, after a pause. This is the only place where git conversations are
/// repeated.
/// Serves one repository.
/// </summary>
internal sealed class AttemptRetry(SourceJob job, TimeProvider time, Action<RunMessage> log)
{
    private static readonly TimeSpan s_maxPause = TimeSpan.FromMinutes(1);

    /// <summary>Longer than any run, and short enough to be added to a date.</summary>
    private static readonly TimeSpan s_never = TimeSpan.FromDays(366);

    /// <summary>Where no run ends, a server that asks for a longer pause, beyond any host's usual one, is left to the next run.</summary>
    private static readonly TimeSpan s_maxRequestedPause = TimeSpan.FromHours(1);

    private bool _isLoginRenewed;

    // Some attempt ended a transfer of several refs; and how many had been made when the last resort began.
    private bool _wasOfMany;
    private int _before;

    private int _made;

    /// <summary>
    /// How many were made, the one under way included; never more than were allowed. The last resort goes on with the last of them.
    /// </summary>
    internal int Count => Math.Min(_made, Most);

    /// <summary>
    /// Repetition has not helped a transfer of several refs. From now on attempts look for those that it failed for, and get the others through. As
    /// many are made again as before, but only for faults of another kind.
    /// </summary>
    internal bool IsLastResort { get; private set; }

    /// <summary>The attempt that ended with a renewed login is not held against the repository.</summary>
    private int Most => job.Options.MaxAttempts + (_isLoginRenewed ? 1 : 0);

    private int Allowed => _before + Most;

    /// <summary>
    /// Makes attempts until one has a result, or fails for a reason that does not pass, or once too often: then its exception is thrown.
    /// </summary>
    /// <param name="attempt">Null as its result asks for another one at once.</param>
    /// <param name="cancellationToken">Ends attempts and pauses.</param>
    internal async Task<T> RunAsync<T>(Func<CancellationToken, Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            _made++;
            try
            {
                if (await attempt(cancellationToken) is { } result)
                {
                    return result;
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && IsLoginRenewed(e))
            {
                log(new RunMessage(MessageLevel.Info, $"{e.Message} Its token died before its time; trying again with a new one."));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && _made < Allowed && IsPassing(e))
            {
                _wasOfMany |= IsOfMany(e);
                await PauseAsync(e, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && !IsLastResort && (IsOfMany(e) || (_wasOfMany && IsPassing(e))))
            {
                if (!IsOfMany(e))
                {
                    await PauseAsync(e, cancellationToken);
                }

                (IsLastResort, _before) = (true, _made);
                log(new RunMessage(MessageLevel.Warning, $"{e.Message} Going on with fewer refs at a time."));
            }
        }
    }

    /// <summary>What the exception that ended the attempts amounts to: a reason to leave the repository alone, else an error.</summary>
    internal async Task<(SkipReason? Reason, RepositoryError? Error)> JudgeAsync(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is GitException git && FailureTranslator.ToSkipReason(git, job) is { } reason)
        {
            log(new RunMessage(reason == SkipReason.NoWiki ? MessageLevel.Debug : MessageLevel.Warning, exception.Message));
            return (reason, null);
        }

        try
        {
            if (
                exception is GitRemoteException { Service: GitService.UploadPack, Status: HttpStatusCode.NotFound }
                && job.ExistsAtSource is { } exists
                && !await exists(cancellationToken)
            )
            {
                return (SkipReason.Vanished, null);
            }
        }
        catch (Exception e) when (e is HostException or OperationCanceledException)
        {
            log(new RunMessage(MessageLevel.Warning, $"Whether the source still exists could not be found out: {e.Message}"));
        }

        return (null, FailureTranslator.ToError(cancellationToken.IsCancellationRequested ? new OperationCanceledException() : exception, job));
    }

    /// <summary>Once for each repository: nothing is wrong but the token's age.</summary>
    private bool IsLoginRenewed(Exception exception) =>
        exception is GitRemoteException { IsLoginRenewed: true } && !_isLoginRenewed && (_isLoginRenewed = true);

    /// <summary>What the last resort is for does not pass by itself.</summary>
    private bool IsPassing(Exception exception) =>
        !(IsLastResort && exception is GitException { IsOfMany: true })
        && (
            exception is GitException { IsTransient: true } or MirrorException { IsTransient: true }
            || (exception is GitRemoteException refusal && (job.IsPassing(refusal) || IsRateLimit(refusal)))
        );

    private bool IsOfMany(Exception exception) => exception is GitException { IsOfMany: true } git && !IsExplained(git);

    /// <summary>The host's own word for it is about the repository, the credential or the host, but for its troubles of a passing kind.</summary>
    private bool IsExplained(GitException exception) =>
        exception is GitRemoteException refusal && job.Explain(refusal)?.Kind is not (null or HostFailureKind.Unavailable);

    private bool IsRateLimit(Exception exception) =>
        exception is GitRemoteException { Status: { } status } e
        && (status == HttpStatusCode.TooManyRequests || job.Explain(e)?.Kind == HostFailureKind.RateLimited);

    /// <summary>
    /// A second, two, four …, spread so that many repositories do not return at once, and before that as long as the server asks for. One that only
    /// says that it was asked too often gets a minute, two, four …
    /// </summary>
    private TimeSpan PauseAfter(Exception exception)
    {
        var doubling = Math.Pow(2, Math.Min(_made - _before - 1, 10));
#pragma warning disable CA5394 // Jitter, not a secret.
        var backoff = job.RetryPause * doubling * (0.5 + Random.Shared.NextDouble());
#pragma warning restore CA5394
        var asked = (exception as GitRemoteException)?.RetryAfter ?? (IsRateLimit(exception) ? s_maxPause * doubling : TimeSpan.Zero);
        return (asked < s_never ? asked : s_never) + (backoff < s_maxPause ? backoff : s_maxPause);
    }

    private RepositoryError TooLong(Exception exception, TimeSpan pause) =>
        FailureTranslator.ToError(exception, job) with
        {
            Hint = $"It lets the next request through at {Clock(pause)}, which is later than this run lasts: run again after that.",
        };

    private string Clock(TimeSpan pause) =>
        (time.GetUtcNow() + pause).UtcDateTime.ToString(
            pause < TimeSpan.FromDays(1) ? "HH:mm 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'",
            CultureInfo.InvariantCulture
        );

    /// <exception cref="MirrorException">The run ends before the pause would.</exception>
    private async Task PauseAsync(Exception exception, CancellationToken cancellationToken)
    {
        var pause = PauseAfter(exception);
        if (pause > (job.Deadline - time.GetUtcNow() ?? s_maxRequestedPause + s_maxPause))
        {
            throw new MirrorException(TooLong(exception, pause));
        }

        if (IsRateLimit(exception))
        {
            job.Announce?.Invoke(
                $"{job.SourceName}: {job.PeerOf(((GitException)exception).Service).Url.Authority} rate limit: resuming at {Clock(pause)}"
            );
        }

        log(
            new RunMessage(
                MessageLevel.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Attempt {_made} of {Allowed} failed: {exception.Message} Trying again in {pause.TotalSeconds:0.#} s."
                )
            )
        );
        await Task.Delay(pause, time, cancellationToken);
    }
}
