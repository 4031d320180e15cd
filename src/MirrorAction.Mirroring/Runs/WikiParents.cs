using System.Collections.Concurrent;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// Where the repositories of a run have gone, for wikis that go to the destination's own: those wait until their repository is there. Work lists name
/// a repository before its wiki, so that what is waited for has begun. One instance per run; thread-safe.
/// </summary>
internal sealed class WikiParents
{
    private readonly ConcurrentDictionary<Repository, TaskCompletionSource<WikiParent>> _parents = new(ReferenceEqualityComparer.Instance);

    /// <summary>A repository is done.</summary>
    internal void Finish(Repository repository, WikiParent parent) => Find(repository).TrySetResult(parent);

    /// <summary>Works on a wiki once its repository is done, if that has a place for it.</summary>
    /// <param name="parent">The repository.</param>
    /// <param name="left">Makes a report of the wiki that says nothing yet.</param>
    /// <param name="work">Works on the wiki, whose repository is at this place, and never throws.</param>
    /// <param name="cancellationToken">Ends the wait: a repository that a stopped run does not reach is never done.</param>
    internal async Task<RepositoryReport> FollowAsync(
        Repository parent,
        Func<RepositoryReport> left,
        Func<Repository, Task<RepositoryReport>> work,
        CancellationToken cancellationToken
    )
    {
        WikiParent found;
        try
        {
            found = await Find(parent).Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return left() with { Status = RepositoryStatus.Skipped, Reason = SkipReason.Cancelled };
        }

        return found.Place is { } place ? await work(place) : found.Refuse(left());
    }

    private TaskCompletionSource<WikiParent> Find(Repository repository) =>
        _parents.GetOrAdd(repository, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>What became of the repository of a wiki.</summary>
/// <param name="Report">Its report.</param>
/// <param name="Place">Where it is at the destination; null where that is no place for its wiki.</param>
internal sealed record WikiParent(RepositoryReport Report, Repository? Place)
{
    /// <summary>The report of the wiki that has no place.</summary>
    /// <param name="wiki">A report of the wiki that says nothing yet.</param>
    internal RepositoryReport Refuse(RepositoryReport wiki) =>
        Report.Status == RepositoryStatus.Skipped
            ? wiki with
            {
                Status = RepositoryStatus.Skipped,
                Reason = Report.Reason,
            }
            : wiki with
            {
                Status = RepositoryStatus.Failed,
                Error = new RepositoryError(
                    Report.Error?.Code ?? ErrorCode.DestinationNotFound,
                    $"Its place is the wiki of {Report.Destination}, which was not written: {Report.Error?.Message}".TrimEnd(' ', ':'),
                    Report.Error?.Hint
                ),
            };
}
