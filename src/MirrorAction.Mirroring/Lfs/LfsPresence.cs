using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Lfs;

/// <summary>Whether a mirror has the LFS objects that its refs point to. Only reads. Serves one attempt.</summary>
/// <param name="http">The connections to git servers.</param>
/// <param name="job">The mirror and its source.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
/// <param name="time">Clock and pauses.</param>
internal sealed class LfsPresence(GitHttp http, RepositoryJob job, TransferCounter counter, TimeProvider time)
{
    private const int MaxNamed = 5;

    /// <summary>What was found; null where LFS is not used, or is not looked for.</summary>
    internal LfsReport? Report { get; private set; }

    /// <summary>What the mirror lacks, or has damaged, though the source has it; null when that is nothing.</summary>
    internal RepositoryError? Error { get; private set; }

    /// <summary>A sentence about what neither side has; null when that is nothing.</summary>
    internal string? Warning { get; private set; }

    /// <summary>Asks the mirror for every object, and the source for those that it lacks.</summary>
    /// <param name="mirror">The mirror, after it has listed its refs.</param>
    /// <param name="refs">What it listed.</param>
    /// <param name="isDeep">Every object is read and hashed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitException">The mirror could not be read.</exception>
    internal async Task CheckAsync(UploadPackClient mirror, RemoteRefs refs, bool isDeep, CancellationToken cancellationToken)
    {
        var search = new LfsSearch(mirror, refs, job.Options);
        if (job.IsWiki || job.Options.Lfs == LfsMode.Never || !await search.IsWantedAsync(cancellationToken))
        {
            return;
        }

        var tips = refs.Refs.Where(r => job.Options.Patterns.Includes(r.Key)).Select(r => r.Value).ToHashSet();
        var found = await search.FindAsync(tips, [], cancellationToken);
        LfsPointer[] objects = [.. found.Select(f => f.Pointer).Where(o => o.Size > 0).Distinct()];
        if (objects.Length == 0 && !search.IsUsed)
        {
            return;
        }

        var at = new RemoteLfsSource(http, job.Destination, counter, GitService.ReceivePack);
        var lacking = await at.FindLackingAsync(objects, cancellationToken);
        var read = new List<LfsPointer>();
        var damaged = isDeep ? await ReadAsync(at, [.. objects.Except(lacking)], read, cancellationToken) : new Dictionary<LfsPointer, string>();
        await JudgeAsync(lacking, damaged, cancellationToken);
        Report = new LfsReport(objects.Length, read.Count, read.Sum(o => o.Size), lacking.Count + damaged.Count);
    }

    private async Task<IReadOnlyDictionary<LfsPointer, string>> ReadAsync(
        RemoteLfsSource at,
        LfsPointer[] objects,
        List<LfsPointer> read,
        CancellationToken cancellationToken
    )
    {
        void Add(LfsPointer pointer)
        {
            lock (read)
            {
                read.Add(pointer);
            }
        }

        var relay = new LfsRelay(at, new DiscardingLfsStore(job.Progress), job.Slots, time)
        {
            RetryPause = job.RetryPause,
            Quotas = job.LfsQuotas,
            Stored = Add,
        };
        var outcome = await relay.MoveAsync(objects, cancellationToken);
        return outcome.Failed.Concat(outcome.Missing).ToDictionary();
    }

    private async Task JudgeAsync(HashSet<LfsPointer> lacking, IReadOnlyDictionary<LfsPointer, string> damaged, CancellationToken cancellationToken)
    {
        var source = new RemoteLfsSource(http, job.Source, counter);
        var lost = await source.FindLackingAsync([.. lacking], cancellationToken);
        if (lost.Count > 0)
        {
            Warning = $"Neither {job.SourceName} nor its mirror has these objects of Git LFS that its history points to: {Named(lost)}.";
        }

        LfsPointer[] missing = [.. lacking.Except(lost)];
        string[] sentences =
        [
            .. missing.Length > 0
                ? [$"{job.DestinationName} lacks objects of Git LFS that {job.SourceName} has: {Named(missing)}."]
                : Array.Empty<string>(),
            .. damaged.Count > 0
                ? [$"{job.DestinationName} could not give these: {Hosts.NameList.Of([.. damaged.Values], MaxNamed, "; ")}."]
                : Array.Empty<string>(),
        ];
        Error =
            sentences.Length == 0
                ? null
                : new RepositoryError(
                    ErrorCode.Lfs,
                    string.Join(' ', sentences),
                    $"Run 'mode: mirror' once with 'repair: true' and 'repositories: {job.SourceName}': it sends what {job.DestinationName} says it "
                        + "lacks. An object that it has, but damaged, its host has to remove first."
                );
    }

    private static string Named(IEnumerable<LfsPointer> objects) =>
        Hosts.NameList.Of([.. objects.Select(o => o.Oid).Order(StringComparer.Ordinal)], MaxNamed);
}
