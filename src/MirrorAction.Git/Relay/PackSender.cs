using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Brings the objects that some updates need from the source to the destination, together with the commands, in one push. Knows what the destination
/// has by now.
/// </summary>
internal sealed class PackSender(
    IFetchSource source,
    RemoteRefs sourceRefs,
    ReceivePackClient destination,
    RefAdvertisement advertisement,
    RelayOptions options
)
{
    /// <summary>Beyond so many, more haves do not make the pack smaller, only the request larger.</summary>
    internal const int MaxHaves = 1024;

    /// <summary>
    /// What is held in memory of a pack for a server that wants its length beforehand. As many repositories as are mirrored at a time may hold so
    /// much.
    /// </summary>
    internal const int MaxPackWithLength = 32 << 20;

    // In a repair nothing that the destination advertises is believed, only what was sent to it.
    private readonly HashSet<ObjectId> _present = options.IsRepair ? [] : [.. advertisement.ObjectIds];
    private readonly List<ObjectId> _brought = [];

    /// <summary>A pack that was asked for beforehand; null for none.</summary>
    internal PackAhead? Ahead { get; set; }

    /// <summary>Objects that the destination has with all they reach.</summary>
    internal IReadOnlySet<ObjectId> Present => _present;

    /// <summary>Some pack arrived.</summary>
    internal bool HasBrought => _brought.Count > 0;

    /// <summary>How much arrived of the last pack.</summary>
    internal long PackBytes { get; private set; }

    /// <summary>The largest pack that can be pushed; null for no limit.</summary>
    internal long? MaxPackBytes =>
        options.Lessons.NeedsLength ? Math.Min(options.MaxPackBytes ?? long.MaxValue, MaxPackWithLength) : options.MaxPackBytes;

    /// <summary>Values that the source lists; a set, for there may be as many updates as values.</summary>
    private HashSet<ObjectId> AtSource => field ??= [.. sourceRefs.Refs.Values];

    /// <summary>The new values that the destination lacks.</summary>
    internal HashSet<ObjectId> Wants(IEnumerable<RefUpdate> updates) =>
        [.. updates.Where(u => !u.IsDelete && !_present.Contains(u.New)).Select(u => u.New)];

    /// <summary>Takes in what the destination advertises by now.</summary>
    internal void Know(RefAdvertisement now) => _present.UnionWith(options.IsRepair ? [] : now.ObjectIds);

    /// <summary>
    /// One push. A destination that cannot make sense of the pack gets another: without deltas against objects that it should have, then with every
    /// object, which also mends a destination that lost some. One that refuses an object by its contents does not.
    /// </summary>
    /// <exception cref="GitRemoteException">The pack was refused for its size, or for a reason that would meet any other as well.</exception>
    /// <exception cref="GitException">Source or destination failed; refs may have moved.</exception>
    internal async Task<PushReport> PushAsync(
        IReadOnlyList<RefUpdate> updates,
        IReadOnlyCollection<ObjectId> wants,
        CancellationToken cancellationToken
    )
    {
        var haves = Haves(updates);
        var thin = IsThin(haves);
        var report = await SendAsync(updates, wants, haves, thin, cancellationToken);
        if (IsMendable(report) && thin && wants.Count > 0)
        {
            report = await SendAsync(updates, wants, haves, thin: false, cancellationToken);
        }

        if (IsMendable(report) && haves.Count > 0 && !options.IsRepair)
        {
            var everything = updates.Where(u => !u.IsDelete && AtSource.Contains(u.New)).Select(u => u.New).ToHashSet();
            report = await SendAsync(updates, everything, [], thin: false, cancellationToken);
        }

        return IsHopeless(report) ? throw CannotUnpack(report) : report;
    }

    /// <summary>Another pack may pass.</summary>
    private bool IsMendable(PushReport report) => report.IsUnpackError && !IsHopeless(report) && !RefusalWords.AreAboutAnObject(report.Words);

    /// <summary>
    /// Neither another pack nor fewer refs would pass: the words are about the pack's size, or about the repository or the machine as a whole.
    /// </summary>
    private bool IsHopeless(PushReport report) =>
        report.IsUnpackError
        && (
            GitRemoteException.IsAboutPackSize(report.Words)
            || RefusalWords.AreAboutTheMachine(report.Words)
            || options.IsAboutWholeRepository(report.Words)
        );

    private GitRemoteException CannotUnpack(PushReport report)
    {
        var refusal = new GitRemoteException($"{destination.Peer} could not unpack what was sent: {report.Explain(report.Unpack!)}")
        {
            RemoteMessage = report.Words,
        };
        _ = refusal.In(GitService.ReceivePack);
        return refusal;
    }

    private async Task<PushReport> SendAsync(
        IReadOnlyList<RefUpdate> updates,
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId> haves,
        bool thin,
        CancellationToken cancellationToken
    )
    {
        PushReport report;
        if (wants.Count == 0 || updates.All(u => u.IsDelete))
        {
            var empty = updates.All(u => u.IsDelete) ? null : EmptyPack.Of(advertisement.ObjectFormat);
            report = await destination.PushAsync(advertisement, updates, empty, cancellationToken);
        }
        else
        {
            report = await RelayAsync(updates, Request(wants, haves, thin), cancellationToken);
        }

        if (report.Results.Any(r => r.Status == RefUpdateStatus.Ok))
        {
            // Some ref moved, so the pack as a whole is there now and not in quarantine.
            _present.UnionWith(wants);
            _brought.AddRange(wants);
        }

        return report;
    }

    /// <summary>A pack passes through, or is held in memory to its end where the server wants to know its length.</summary>
    private async Task<PushReport> RelayAsync(IReadOnlyList<RefUpdate> updates, FetchRequest request, CancellationToken cancellationToken)
    {
        var isBuffered = options.Lessons.NeedsLength;
        try
        {
            var pack = (Ahead is null ? null : await Ahead.TakeAsync(request)) ?? await OpenAsync(request, cancellationToken);
            await using (pack)
            {
                return await destination.PushAsync(advertisement, updates, pack, cancellationToken);
            }
        }
        catch (GitRemoteException e) when (e is { Service: GitService.ReceivePack, Status: HttpStatusCode.LengthRequired } && !isBuffered)
        {
            options.Lessons.NeedsLength = true;
        }

        return await RelayAsync(updates, request, cancellationToken);
    }

    /// <summary>Asks for a pack; returns when it is whole, or as much of it is there as the memory holds.</summary>
    internal async Task<PackPipe> OpenAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        PackBytes = 0;
        var memory = options.Lessons.NeedsLength ? MaxPackWithLength + source.Options.CopySize : source.Options.PackMemory;
        var session = await source.FetchAsync(request, cancellationToken);
        return await PackPipe.OpenAsync(session, source.Options with { PackMemory = memory }, MaxPackBytes, CountPack, cancellationToken);
    }

    /// <summary>What the first push of some updates asks the source for.</summary>
    internal FetchRequest RequestFor(IReadOnlyList<RefUpdate> updates)
    {
        var haves = Haves(updates);
        return Request(Wants(updates), haves, IsThin(haves));
    }

    private bool IsThin(List<ObjectId> haves) => haves.Count > 0 && !options.IsRepair && !advertisement.Capabilities.Has("no-thin");

    private FetchRequest Request(IReadOnlyCollection<ObjectId> wants, IReadOnlyCollection<ObjectId> haves, bool thin) =>
        new()
        {
            Wants = wants,
            Haves = haves,
            ThinPack = thin,
            OfsDelta = advertisement.Capabilities.Has("ofs-delta"),
        };

    private void CountPack(long bytes)
    {
        PackBytes += bytes;
        options.Progress?.Invoke(bytes);
    }

    /// <summary>
    /// What the destination has, the most useful first: the old values of what is updated, what was brought last, then what the source lists too,
    /// then the rest.
    /// </summary>
    private List<ObjectId> Haves(IReadOnlyList<RefUpdate> updates)
    {
        return
        [
            .. updates
                .Where(u => !u.IsCreate && _present.Contains(u.Old))
                .Select(u => u.Old)
                .Concat(Enumerable.Reverse(_brought))
                .Concat(_present.Where(AtSource.Contains))
                .Concat(_present)
                .Distinct()
                .Take(MaxHaves),
        ];
    }
}
