using System.Text.Json.Serialization;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Backup;

/// <summary>Writes the LFS objects of new history beside the bundles, before the bundle that needs them. Serves one attempt.</summary>
/// <param name="http">The connections.</param>
/// <param name="job">The source.</param>
/// <param name="folder">The repository's folder.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
/// <param name="tally">Counts the objects of all attempts.</param>
/// <param name="time">Clock and pauses.</param>
/// <param name="warn">Called with what someone should look at.</param>
internal sealed class LfsBackup(
    GitHttp http,
    SourceJob job,
    string folder,
    TransferCounter counter,
    LfsTally tally,
    TimeProvider time,
    Action<string> warn
)
{
    /// <summary>The folder of objects, in a repository's folder.</summary>
    internal const string FolderName = "lfs";

    private const int MaxNamed = 5;

    /// <summary>What the source can't read is left out.</summary>
    internal bool IsLastResort { get; init; }

    /// <summary>Objects that could not be had though the source should have them, with the reason of each.</summary>
    internal IReadOnlyDictionary<LfsPointer, string> Failed { get; private set; } = new Dictionary<LfsPointer, string>();

    /// <summary>Brings what is new, and what earlier backups could not get.</summary>
    /// <param name="source">The source, after it has listed its refs.</param>
    /// <param name="refs">What it listed.</param>
    /// <param name="plan">The bundle that will be written.</param>
    /// <param name="listed">What the manifest knows of objects; null when they were never looked for.</param>
    /// <param name="isContinued">The bundle goes on where the last one ended; else all history is looked through, as when nothing is listed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What the manifest should know from now on; null where LFS is not used.</returns>
    /// <exception cref="GitException">The source failed.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    internal async Task<LfsEntries?> RunAsync(
        UploadPackClient source,
        RemoteRefs refs,
        BundlePlan plan,
        LfsEntries? listed,
        bool isContinued,
        CancellationToken cancellationToken
    )
    {
        var wanted = listed?.Missing.Select(e => e.Pointer).ToHashSet() ?? [];
        wanted.UnionWith(await FindAsync(source, refs, plan, listed is null || !isContinued, cancellationToken));
        if (wanted.Count == 0)
        {
            return listed;
        }

        var store = new LfsFolder(Path.Combine(folder, FolderName), job.Progress);
        store.RemoveUnfinished();
        var relay = new LfsRelay(new RemoteLfsSource(http, job.Source, counter), store, job.Slots, time)
        {
            RetryPause = job.RetryPause,
            Quotas = job.LfsQuotas,
            Stored = tally.Moved,
        };
        var outcome = await relay.MoveAsync(wanted, cancellationToken);
        tally.Missing(outcome.Missing.Keys);
        Failed = outcome.Failed;
        if (outcome.Missing.Count > 0)
        {
            var named = NameList.Of([.. outcome.Missing.Keys.Select(o => o.Oid).Order(StringComparer.Ordinal)], MaxNamed);
            warn($"{job.SourceName} points to objects of Git LFS that its host no longer has: {named}.");
        }

        HashSet<LfsPointer> open = [.. outcome.Missing.Keys, .. outcome.Failed.Keys];
        var written = wanted.Where(o => o.Size > 0 && !open.Contains(o)).Concat(listed?.Objects.Select(e => e.Pointer) ?? []);
        return new LfsEntries(LfsEntry.Of(written), LfsEntry.Of(open));
    }

    private async Task<IEnumerable<LfsPointer>> FindAsync(
        UploadPackClient source,
        RemoteRefs refs,
        BundlePlan plan,
        bool isWhole,
        CancellationToken cancellationToken
    )
    {
        if (job.IsWiki || plan.Wants.Count == 0)
        {
            return [];
        }

        var search = new LfsSearch(source, refs, job.Options, IsLastResort);
        if (!await search.IsWantedAsync(cancellationToken))
        {
            return [];
        }

        if (job.Options.Lfs == LfsMode.Never)
        {
            if (search.IsUsed)
            {
                warn(
                    $"{job.SourceName} uses Git LFS, and its objects are not backed up, because lfs is false: the bundles have their pointers alone."
                );
            }

            return [];
        }

        HashSet<ObjectId> wants = [.. isWhole ? plan.Header.Refs.Select(r => r.Id) : plan.Wants];
        var found = await search.FindAsync(wants, isWhole ? [] : plan.Header.Prerequisites, cancellationToken);
        tally.Found(found.Select(f => f.Pointer), search.IsUsed);
        return found.Select(f => f.Pointer);
    }
}

/// <summary>The LFS objects of a backup. Immutable.</summary>
/// <param name="Objects">Those that are there: <c>lfs/objects/aa/bb/oid</c> beside the manifest.</param>
/// <param name="Missing">Those that the history points to, and that could not be had yet.</param>
internal sealed record LfsEntries(IReadOnlyList<LfsEntry> Objects, IReadOnlyList<LfsEntry> Missing);

/// <summary>One object. Immutable.</summary>
/// <param name="Oid">SHA-256 of its contents, in 64 lower-case hex digits.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record LfsEntry(string Oid, long Bytes)
{
    /// <summary>The object as pointers name it.</summary>
    [JsonIgnore]
    public LfsPointer Pointer => new(Oid, Bytes);

    /// <summary>Entries in the order of their names, each once.</summary>
    internal static IReadOnlyList<LfsEntry> Of(IEnumerable<LfsPointer> objects) =>
        [.. objects.Distinct().OrderBy(o => o.Oid, StringComparer.Ordinal).ThenBy(o => o.Size).Select(o => new LfsEntry(o.Oid, o.Size))];
}
