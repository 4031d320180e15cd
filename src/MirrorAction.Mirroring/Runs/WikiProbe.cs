using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// Asks git for a wiki before a place is made for it: no host lists wikis, and a repository may have none though its wiki is switched on. Serves one
/// wiki.
/// </summary>
/// <param name="http">The connections to git servers; stay the caller's.</param>
/// <param name="job">The wiki.</param>
/// <param name="time">Clock and pauses.</param>
/// <param name="log">Called with what happens on the way.</param>
internal sealed class WikiProbe(GitHttp http, SourceJob job, TimeProvider time, Action<RunMessage> log)
{
    private readonly TransferCounter _counter = new();
    private RemoteRefs? _refs;

    /// <summary>The branch that holds the pages, without <c>refs/heads/</c>; null where the source does not say.</summary>
    internal string? Branch => _refs?.Head is { IsBranch: true, Text: not null } head ? head.ShortName : null;

    /// <summary>Asks. Returns null when there are pages, else what the report says of it: why it is left alone, or what failed.</summary>
    /// <param name="report">A report that says no more than an outcome.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<RepositoryReport?> RunAsync(Func<RepositoryStatus, RepositoryReport> report, CancellationToken cancellationToken)
    {
        var attempts = new AttemptRetry(job, time, log);
        SkipReason? reason;
        RepositoryError? error = null;
        try
        {
            var source = job.OpenSource(http, _counter);
            _refs = await attempts.RunAsync<RemoteRefs>(token => source.ListRefsAsync(job.Options.Patterns, token)!, cancellationToken);
            if (_refs.Refs.Keys.Any(job.Options.Patterns.Includes))
            {
                return null;
            }

            reason = SkipReason.NoWiki;
        }
        catch (Exception e)
        {
            (reason, error) = await attempts.JudgeAsync(e, cancellationToken);
        }

        return report(reason is null ? RepositoryStatus.Failed : RepositoryStatus.Skipped) with
        {
            Reason = reason,
            Error = error,
            Attempts = attempts.Count,
            BytesReceived = _counter.BytesReceived,
            BytesSent = _counter.BytesSent,
            Requests = (int)_counter.Requests,
        };
    }
}

/// <summary>Whether a wiki has pages, at hosts of which git does not tell.</summary>
internal static class WikiPages
{
    /// <summary>False for a wiki of which its host says that it has none; true for all else, repositories too.</summary>
    /// <exception cref="MirrorException">The host refused, or could not be reached.</exception>
    internal static async Task<bool> AnyAsync(IRepositorySource source, Repository repository, CancellationToken cancellationToken)
    {
        try
        {
            return !repository.IsWiki || await source.HasPagesAsync(repository, cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: true));
        }
    }
}
