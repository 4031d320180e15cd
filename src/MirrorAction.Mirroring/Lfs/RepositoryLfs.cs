using System.Globalization;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Lfs;

/// <summary>Brings the objects of Git LFS that new history points to, before the refs that need them. Serves one repository.</summary>
/// <param name="http">The connections to git servers.</param>
/// <param name="job">What is mirrored.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
/// <param name="time">Clock and pauses.</param>
/// <param name="log">Called with what happens on the way.</param>
internal sealed class RepositoryLfs(GitHttp http, RepositoryJob job, TransferCounter counter, TimeProvider time, Action<RunMessage> log)
{
    /// <summary>How many objects a message names.</summary>
    private const int MaxNamed = 5;

    private readonly LfsTally _tally = new();
    private readonly List<string> _warnings = [];

    /// <summary>What became of the objects; null where LFS is not used.</summary>
    internal LfsReport? Report => _tally.Report;

    /// <summary>What someone should look at.</summary>
    internal IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Moves what the destination lacks.</summary>
    /// <param name="history">What is new.</param>
    /// <param name="values">New values of refs.</param>
    /// <param name="present">What the destination has, with all that it reaches and the objects it points to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it means to the refs that not everything moved.</returns>
    /// <exception cref="LfsException">Nothing can be read, or nothing be stored.</exception>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task<LfsHold> SendAsync(
        NewHistory history,
        IEnumerable<ObjectId> values,
        IReadOnlyCollection<ObjectId> present,
        CancellationToken cancellationToken
    )
    {
        var wants = values.Where(id => !id.IsZero).Except(present).ToHashSet();
        var found = await FindAsync(history, wants, present, cancellationToken);
        if (found.Count == 0)
        {
            return LfsHold.None;
        }

        var relay = new LfsRelay(
            job.LocalLfs ?? new RemoteLfsSource(http, job.Source, counter),
            new RemoteLfsStore(http, job.Destination, counter, job.Progress),
            job.Slots,
            time
        )
        {
            RetryPause = job.RetryPause,
            Quotas = job.LfsQuotas,
            Stored = _tally.Moved,
        };
        var outcome = await relay.MoveAsync(found.Select(f => f.Pointer), cancellationToken);
        _tally.Missing(outcome.Missing.Keys);
        WarnOfMissing(outcome.Missing);
        if (_tally.Report is { Transferred: > 0 } report)
        {
            Say(MessageLevel.Info, $"{Count(report.Transferred)} of Git LFS sent, {Size(report.Bytes)}");
        }

        return await HoldAsync(history.Source, found, outcome, wants, present, cancellationToken);
    }

    /// <summary>Counts what would move, without asking anyone to store anything.</summary>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task ForecastAsync(
        NewHistory history,
        IEnumerable<ObjectId> values,
        IReadOnlyCollection<ObjectId> present,
        CancellationToken cancellationToken
    )
    {
        var wants = values.Where(id => !id.IsZero).Except(present).ToHashSet();
        LfsPointer[] objects =
        [
            .. (await FindAsync(history, wants, present, cancellationToken)).Select(f => f.Pointer).Where(o => o.Size > 0).Distinct(),
        ];
        if (objects.Length == 0)
        {
            return;
        }

        var mirror = new RemoteLfsSource(http, job.Destination, counter, GitService.ReceivePack);
        foreach (
            var pointer in job.State == DestinationState.Missing
                ? objects
                : (IEnumerable<LfsPointer>)await mirror.FindLackingAsync(objects, cancellationToken)
        )
        {
            _tally.Moved(pointer);
        }

        var report = _tally.Report!;
        Say(
            MessageLevel.Info,
            $"{Count(report.Transferred)} of Git LFS would move, {Size(report.Bytes)}: some hosts count what is downloaded against the source's owner"
        );
    }

    /// <summary>
    /// What new history points to. Where the pack is at hand and holds no pointer nothing is asked, unless it is to be said that LFS is in use.
    /// </summary>
    private async Task<IReadOnlyCollection<FoundPointer>> FindAsync(
        NewHistory history,
        HashSet<ObjectId> wants,
        IReadOnlyCollection<ObjectId> present,
        CancellationToken cancellationToken
    )
    {
        var search = history.Search;
        var known = job.Options.Lfs == LfsMode.Never ? null : history.Pointers;

        // What is not read from a server has its objects beside it, or none.
        if (
            job.IsWiki
            || wants.Count == 0
            || known is { Count: 0 }
            || !(job.OpenLocal is null ? await search.IsWantedAsync(cancellationToken) : job.LocalLfs is not null)
        )
        {
            return [];
        }

        if (job.Options.Lfs == LfsMode.Never)
        {
            if (search.IsUsed)
            {
                Warn($"{job.SourceName} uses Git LFS, and its objects are not mirrored, because lfs is false: the mirror has their pointers alone.");
            }

            return [];
        }

        await history.PauseAsync();
        var found = known ?? await search.FindAsync(wants, present, cancellationToken);
        if (search.IsGivenUp)
        {
            Warn(
                $"Whether {job.SourceName} uses Git LFS could not be found out cheaply: its server speaks an old protocol, and its new history is "
                    + "large. If it does, set 'lfs: true'."
            );
        }

        _tally.Found(found.Select(f => f.Pointer), search.IsUsed);
        return found;
    }

    /// <summary>Finds the refs that need what did not move. Where that can't be told, it is all of them.</summary>
    private static async Task<LfsHold> HoldAsync(
        IFetchSource source,
        IReadOnlyCollection<FoundPointer> found,
        LfsOutcome outcome,
        HashSet<ObjectId> wants,
        IReadOnlyCollection<ObjectId> present,
        CancellationToken cancellationToken
    )
    {
        async Task<IReadOnlySet<ObjectId>> NeedAsync(IReadOnlyDictionary<LfsPointer, string> objects)
        {
            var files = found.Where(f => objects.ContainsKey(f.Pointer)).Select(f => f.Blob).ToHashSet();
            return files.Count == 0 ? files : await new LfsDependents(source).FindAsync(wants, present, files, cancellationToken) ?? wants;
        }

        var held = await NeedAsync(outcome.Failed);
        var reason = NameList.Of([.. outcome.Failed.OrderBy(f => f.Key.Oid, StringComparer.Ordinal).Select(f => f.Value)], MaxNamed, "; ");
        return new LfsHold(held.ToDictionary(id => id, _ => reason), await NeedAsync(outcome.Missing));
    }

    private void WarnOfMissing(IReadOnlyDictionary<LfsPointer, string> missing)
    {
        if (missing.Count > 0)
        {
            var named = NameList.Of([.. missing.Keys.Select(o => o.Oid).Order(StringComparer.Ordinal)], MaxNamed);
            Warn($"{job.SourceName} points to {Count(missing.Count)} of Git LFS that its host no longer has: {named}.");
        }
    }

    private void Warn(string text)
    {
        if (!_warnings.Contains(text))
        {
            _warnings.Add(text);
            Say(MessageLevel.Warning, text);
        }
    }

    private void Say(MessageLevel level, string text) => log(new RunMessage(level, text));

    private static string Count(long objects) => string.Create(CultureInfo.InvariantCulture, $"{objects} object{(objects == 1 ? "" : "s")}");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");
}
