using MirrorAction.Git.Http;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git;

/// <summary>
/// Moves refs of a destination to values of a source: fetches what the destination lacks and streams it there as it arrives. Nothing is written to
/// disk and nothing is remembered between runs, because the destination's own refs say what it has.
/// </summary>
/// <remarks>
/// One instance per repository and attempt, for it trusts the advertisement it was given. Refused refs are values; exceptions mean that
/// the fate of the push as a whole is to be read from the destination's refs.
/// </remarks>
public sealed class PackRelay
{
    /// <summary>Hosts fail near 10,000 commands in one push.</summary>
    internal const int MaxCommands = 2000;

    /// <summary>Beyond so many, more haves do not make the pack smaller, only the request larger.</summary>
    internal const int MaxHaves = 1024;

    /// <summary>Pushes spent on naming refs that a hook declines.</summary>
    private const int MaxBisectingPushes = 400;

    private readonly UploadPackClient _source;
    private readonly ReceivePackClient _destination;
    private readonly SourceRefs _sourceRefs;
    private readonly RefAdvertisement _advertisement;
    private readonly RelayOptions _options;
    private readonly HashSet<ObjectId> _present;
    private readonly List<ObjectId> _brought = [];
    private int _bisectingPushes;

    /// <summary>Prepares the relay; nothing is sent.</summary>
    /// <param name="source">Where packs come from, after it has listed its refs.</param>
    /// <param name="sourceRefs">What it listed.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="advertisement">What the destination advertised in this attempt.</param>
    /// <param name="options">Memory and callbacks.</param>
    /// <exception cref="GitProtocolException">The two use different object formats.</exception>
    public PackRelay(
        UploadPackClient source, SourceRefs sourceRefs, ReceivePackClient destination, RefAdvertisement advertisement, RelayOptions options)
    {
        if (sourceRefs.ObjectFormat != advertisement.ObjectFormat)
        {
            throw new GitProtocolException(
                $"{source.Peer} names objects by {sourceRefs.ObjectFormat.WireName()} and {destination.Peer} by {advertisement.ObjectFormat.WireName()}; "
                + "git cannot mirror one into the other.");
        }

        _source = source;
        _sourceRefs = sourceRefs;
        _destination = destination;
        _advertisement = advertisement;
        _options = options;
        _present = [.. advertisement.ObjectIds];
        PartTag = advertisement.Refs.TryGetValue(PartedPush.Tag, out var leftover) ? leftover : null;
    }

    /// <summary>Makes the changes, in their order as far as one push holds them.</summary>
    /// <returns>One result for each update.</returns>
    /// <exception cref="GitException">Source or destination failed; refs may have moved.</exception>
    public async Task<IReadOnlyList<RefUpdateResult>> RelayAsync(IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken)
    {
        var results = new List<RefUpdateResult>(updates.Count);
        var allowed = updates.ToList();
        if (!_advertisement.Capabilities.Has("delete-refs"))
        {
            allowed.RemoveAll(u => u.IsDelete);
            results.AddRange(updates.Where(u => u.IsDelete).Select(u => new RefUpdateResult(u, RefUpdateStatus.RejectedNoDelete, "the server does not delete refs")));
        }

        if (allowed.RemoveAll(u => u.Name.ByteLength > PushCommands.MaxNameLength) > 0)
        {
            results.AddRange(updates.Where(u => u.Name.ByteLength > PushCommands.MaxNameLength)
                .Select(u => new RefUpdateResult(u, RefUpdateStatus.RejectedOther, "its name is too long to be pushed")));
        }

        results.AddRange(await PushAllAsync(allowed, cancellationToken).ConfigureAwait(false));
        return results;
    }

    /// <summary>One push, or as many as hold the commands; parts where their pack is too large for one.</summary>
    private async Task<List<RefUpdateResult>> PushAllAsync(List<RefUpdate> updates, CancellationToken cancellationToken)
    {
        var results = new List<RefUpdateResult>(updates.Count);
        var wants = Wants(updates);
        GitException? refusal = null;
        if (wants.Count == 0 || !IsExpectedTooLarge)
        {
            try
            {
                // The first push brings the objects of all; the others find them there.
                foreach (var batch in updates.Chunk(MaxCommands))
                {
                    results.AddRange(await PushNamingRefusedAsync(batch, wants, cancellationToken).ConfigureAwait(false));
                    wants = Wants(updates);
                }

                return results;
            }
            catch (GitException e) when (IsTooLarge(e) && wants.Count > 0)
            {
                refusal = e;
            }
        }

        results.AddRange(await new PartedPush(this).RunAsync(updates[results.Count..], refusal, cancellationToken).ConfigureAwait(false));
        return results;
    }

    /// <summary>Known beforehand for a destination that has nothing yet, or not all because of an interruption.</summary>
    private bool IsExpectedTooLarge =>
        _options.ExpectedPackBytes > _options.MaxPackBytes && (_present.Count == 0 || PartTag is not null);

    /// <summary>Whether less at a time may pass.</summary>
    internal static bool IsTooLarge(GitException exception) =>
        exception is PackTooLargeException or GitRemoteException { Service: GitService.ReceivePack, IsPackTooLarge: true };

    /// <summary>The source of packs.</summary>
    internal UploadPackClient Source => _source;

    /// <summary>The destination, for messages.</summary>
    internal string Peer => _destination.Peer;

    /// <summary>Where the temporary tag of parts stands at the destination; null when it is not there.</summary>
    internal ObjectId? PartTag { get; set; }

    /// <summary>How the relay behaves.</summary>
    internal RelayOptions Options => _options;

    /// <summary>Objects that the destination has with all they reach.</summary>
    internal IReadOnlySet<ObjectId> Present => _present;

    /// <summary>How much arrived of the last pack.</summary>
    internal long PackBytes { get; private set; }

    /// <summary>Pushes some of the updates.</summary>
    internal Task<IReadOnlyList<RefUpdateResult>> PushPartAsync(RefUpdate[] updates, CancellationToken cancellationToken) =>
        PushNamingRefusedAsync(updates, Wants(updates), cancellationToken);

    /// <summary>
    /// Pushes; when a hook declines everything because of something in it, pushes the halves, down to the refs that it is about.
    /// </summary>
    private async Task<IReadOnlyList<RefUpdateResult>> PushNamingRefusedAsync(
        RefUpdate[] updates, IReadOnlyCollection<ObjectId> wants, CancellationToken cancellationToken)
    {
        var report = await PushWithLadderAsync(updates, wants, cancellationToken).ConfigureAwait(false);
        if (!report.IsDeclinedAsAWhole || updates.Length == 1 || _options.IsAboutWholeRepository(report.RemoteMessage) || _bisectingPushes >= MaxBisectingPushes)
        {
            return [.. report.Results.Select(r => r.Status == RefUpdateStatus.Ok ? r : r with { Reason = report.Explain(r.Reason) })];
        }

        var results = new List<RefUpdateResult>(updates.Length);
        foreach (var half in updates.Chunk((updates.Length + 1) / 2))
        {
            _bisectingPushes++;
            results.AddRange(await PushNamingRefusedAsync(half, Wants(half), cancellationToken).ConfigureAwait(false));
        }

        return results;
    }

    /// <summary>
    /// One push. A destination that cannot make sense of the pack gets another: without deltas against objects that it should have, then with
    /// every object, which also mends a destination that lost some.
    /// </summary>
    private async Task<PushReport> PushWithLadderAsync(
        IReadOnlyList<RefUpdate> updates, IReadOnlyCollection<ObjectId> wants, CancellationToken cancellationToken)
    {
        var haves = Haves(updates);
        var thin = haves.Count > 0 && !_advertisement.Capabilities.Has("no-thin");
        var report = await PushAsync(updates, wants, haves, thin, cancellationToken).ConfigureAwait(false);
        if (IsMendable(report) && thin && wants.Count > 0)
        {
            report = await PushAsync(updates, wants, haves, thin: false, cancellationToken).ConfigureAwait(false);
        }

        if (IsMendable(report) && haves.Count > 0)
        {
            var everything = updates.Where(u => !u.IsDelete && AtSource.Contains(u.New)).Select(u => u.New).ToHashSet();
            report = await PushAsync(updates, everything, [], thin: false, cancellationToken).ConfigureAwait(false);
        }

        if (!report.IsUnpackError)
        {
            return report;
        }

        var refusal = new GitRemoteException($"{_destination.Peer} could not unpack what was sent: {report.Explain(report.Unpack!)}")
        {
            RemoteMessage = $"{report.Unpack} {report.RemoteMessage}".Trim(),
        };
        _ = refusal.In(GitService.ReceivePack);
        throw refusal;
    }

    /// <summary>Another pack may pass: the words are not about its size, nor about the repository as a whole.</summary>
    private bool IsMendable(PushReport report) =>
        report.IsUnpackError && !GitRemoteException.IsAboutPackSize(report.RemoteMessage) && !_options.IsAboutWholeRepository(report.RemoteMessage + report.Unpack);

    private async Task<PushReport> PushAsync(
        IReadOnlyList<RefUpdate> updates, IReadOnlyCollection<ObjectId> wants, IReadOnlyCollection<ObjectId> haves, bool thin, CancellationToken cancellationToken)
    {
        PushReport report;
        if (wants.Count == 0 || updates.All(u => u.IsDelete))
        {
            var empty = updates.All(u => u.IsDelete) ? null : EmptyPack.Of(_advertisement.ObjectFormat);
            report = await _destination.PushAsync(_advertisement, updates, empty, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var request = new FetchRequest { Wants = wants, Haves = haves, ThinPack = thin, OfsDelta = _advertisement.Capabilities.Has("ofs-delta") };
            var session = await _source.FetchAsync(request, cancellationToken).ConfigureAwait(false);
            PackBytes = 0;
            var pack = await IncomingPack.OpenAsync(session, _source.Options, _options.MaxPackBytes, CountPack, cancellationToken).ConfigureAwait(false);
            await using (pack.ConfigureAwait(false))
            {
                report = await _destination.PushAsync(_advertisement, updates, pack, cancellationToken).ConfigureAwait(false);
            }
        }

        if (report.Results.Any(r => r.Status == RefUpdateStatus.Ok))
        {
            // Some ref moved, so the pack as a whole is there now and not in quarantine.
            _present.UnionWith(wants);
            _brought.AddRange(wants);
        }

        return report;
    }

    private void CountPack(long bytes)
    {
        PackBytes += bytes;
        _options.Progress?.Invoke(bytes);
    }

    private HashSet<ObjectId> Wants(IEnumerable<RefUpdate> updates) =>
        [.. updates.Where(u => !u.IsDelete && !_present.Contains(u.New)).Select(u => u.New)];

    /// <summary>
    /// What the destination has, the most useful first: the old values of what is updated, what this relay brought last, then what the source lists
    /// too, then the rest.
    /// </summary>
    private List<ObjectId> Haves(IReadOnlyList<RefUpdate> updates)
    {
        return [.. updates.Where(u => !u.IsCreate).Select(u => u.Old)
            .Concat(Enumerable.Reverse(_brought))
            .Concat(_present.Where(AtSource.Contains))
            .Concat(_present)
            .Distinct().Take(MaxHaves)];
    }

    /// <summary>Values that the source lists; a set, for there may be as many updates as values.</summary>
    private HashSet<ObjectId> AtSource => field ??= [.. _sourceRefs.Refs.Values];
}
