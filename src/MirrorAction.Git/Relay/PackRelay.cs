using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Moves refs of a destination to values of a source: fetches what the destination lacks and streams it there as it arrives. Nothing is written to
/// disk and nothing is remembered between runs, because the destination's own refs say what it has. A repair does not believe them, and sends all.
/// </summary>
/// <remarks>
/// One instance per repository and attempt, for it trusts the advertisement it was given. Refused refs are values; exceptions mean that the fate of
/// the push as a whole is to be read from the destination's refs.
/// </remarks>
public sealed class PackRelay
{
    /// <summary>Hosts fail near 10,000 commands in one push.</summary>
    internal const int MaxCommands = 2000;

    private readonly ReceivePackClient _destination;
    private readonly RefAdvertisement _advertisement;
    private readonly PackSender _sender;
    private readonly PushVerdict _verdict;
    private readonly HeldDeletions _deletions;
    private readonly Dictionary<RefName, RefUpdateResult> _results = [];
    private IReadOnlyList<RefUpdate> _asked = [];
    private GitException? _lastCause;
    private int _searches;

    /// <summary>Prepares the relay; nothing is sent.</summary>
    /// <param name="source">Where packs come from, after it has listed its refs.</param>
    /// <param name="sourceRefs">What it listed.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="advertisement">What the destination advertised in this attempt.</param>
    /// <param name="options">Memory and callbacks.</param>
    /// <exception cref="GitProtocolException">The two use different object formats.</exception>
    public PackRelay(IFetchSource source, RemoteRefs sourceRefs, ReceivePackClient destination, RefAdvertisement advertisement, RelayOptions options)
    {
        if (sourceRefs.ObjectFormat != advertisement.ObjectFormat)
        {
            throw new GitProtocolException(
                $"{source.Peer} names objects by {sourceRefs.ObjectFormat.WireName()} "
                    + $"and {destination.Peer} by {advertisement.ObjectFormat.WireName()}; git cannot mirror one into the other."
            );
        }

        Source = source;
        _destination = destination;
        _advertisement = advertisement;
        Options = options;
        _verdict = new PushVerdict(options);
        _sender = new PackSender(source, sourceRefs, destination, advertisement, options);
        PartTag = new PartTag(this, advertisement.Refs.TryGetValue(PartTag.Name, out var leftover) ? leftover : null, isOurs: options.IsRepair);
        _deletions = new HeldDeletions(options.IsLastResort);
        if (options.IsLastResort)
        {
            Narrowing.Begin();
        }
    }

    /// <summary>The source of packs.</summary>
    internal IFetchSource Source { get; }

    /// <summary>The destination, for messages.</summary>
    internal string Peer => _destination.Peer;

    /// <summary>The temporary tag of parts.</summary>
    internal PartTag PartTag { get; }

    /// <summary>How the relay behaves.</summary>
    internal RelayOptions Options { get; }

    /// <summary>What the destination has, and how large a pack may be.</summary>
    internal PackSender Sender => _sender;

    /// <summary>A pack may be asked for before its push: one push of everything is tried, and its length is of no interest.</summary>
    internal bool TakesAhead =>
        !(Options.IsRepair || Options.IsLastResort || Options.Lessons.NeedsLength || Narrowing.IsNarrow || PartTag.Value is not null)
        && !IsExpectedTooLarge;

    private Narrowing Narrowing => Options.Lessons.Narrowing;

    /// <summary>Makes the changes, in their order as far as one push holds them.</summary>
    /// <returns>One result for each update.</returns>
    /// <exception cref="GitException">Source or destination failed; refs may have moved.</exception>
    public async Task<IReadOnlyList<RefUpdateResult>> RelayAsync(IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken)
    {
        _results.Clear();
        _lastCause = null;
        _asked = [.. updates.Where(u => u.Name != PartTag.Name)];
        foreach (var update in _asked)
        {
            if (update.IsDelete && !_advertisement.Capabilities.Has("delete-refs"))
            {
                Settle(new RefUpdateResult(update, RefUpdateStatus.RejectedNoDelete, "the server does not delete refs"));
            }
            else if (update.Name.ByteLength > PushCommands.MaxNameLength)
            {
                Settle(new RefUpdateResult(update, RefUpdateStatus.RejectedOther, "its name is too long to be pushed"));
            }
        }

        await PartTag.DropAsync([], cancellationToken); // A repair does not go on where an interrupted run ended: what that sent may be lost.
        await PushAllAsync(Unsettled(_asked), cancellationToken);
        await PushAllAsync(_deletions.Release() ? Unsettled(_asked) : [], cancellationToken);
        HeldDeletions.Refuse(Unsettled(_asked), Settle);
        await PartTag.DropAsync([.. updates.Where(u => u.Name == PartTag.Name)], cancellationToken);
        return [.. updates.Select(u => _results[u.Name])];
    }

    /// <summary>The updates of which it is not known yet what becomes of them.</summary>
    internal RefUpdate[] Unsettled(IEnumerable<RefUpdate> updates) => [.. updates.Where(u => !_results.ContainsKey(u.Name))];

    /// <summary>Says what became of an update.</summary>
    internal void Settle(RefUpdateResult result) => _results[result.Update.Name] = result;

    /// <summary>Makes some updates, in as many pushes as it takes, and settles each.</summary>
    internal async Task PushAsync(RefUpdate[] updates, CancellationToken cancellationToken)
    {
        await Narrowing.RunAsync(
            updates,
            trial => TryAsync(trial, updates, cancellationToken),
            (update, refusal, wasAlone) => GiveUpAsync(update, refusal, wasAlone, cancellationToken)
        );
        if (_lastCause is { } cause && !HasAnythingPassed(cause.Service))
        {
            cause.BlameOneOfMany();
            throw cause; // Nothing got through at all: it is not about some of the refs.
        }
    }

    private bool HasAnythingPassed(GitService? service) =>
        service == GitService.UploadPack ? _sender.HasBrought : _results.Values.Any(r => r.Status == RefUpdateStatus.Ok);

    /// <summary>Makes one update in a push of its own.</summary>
    internal async Task<RefUpdateResult> PushAloneAsync(RefUpdate update, CancellationToken cancellationToken)
    {
        var report = await _sender.PushAsync([update], _sender.Wants([update]), cancellationToken);
        return _verdict.RefusalOf(report) is { } refusal ? new RefUpdateResult(update, refusal.Status, refusal.Reason) : report.Results[0];
    }

    /// <summary>The commits and tags that some updates bring; null when they are too many to be read.</summary>
    /// <exception cref="GitException">The source knows no filter, refused, or could not be reached.</exception>
    internal Task<CommitHistory?> ReadHistoryAsync(IEnumerable<RefUpdate> updates, CancellationToken cancellationToken) =>
        CommitHistory.ReadAsync(Source, _sender.Wants(updates), [.. _sender.Present.Take(PackSender.MaxHaves)], cancellationToken);

    /// <summary>One push, or as many as hold the commands; parts where their pack is too large for one.</summary>
    private async Task PushAllAsync(RefUpdate[] updates, CancellationToken cancellationToken)
    {
        GitException? refusal = null;
        if (_sender.Wants(updates).Count == 0 || !IsExpectedTooLarge)
        {
            try
            {
                await PushAsync(updates, cancellationToken);
                return;
            }
            catch (GitException e) when (PushVerdict.IsTooLarge(e) && _sender.Wants(Unsettled(updates)).Count > 0)
            {
                refusal = e;
            }
        }

        await new PartedPush(this).RunAsync(Unsettled(updates), refusal, cancellationToken);
    }

    /// <summary>Known beforehand for a destination that has nothing yet, or not all because of an interruption.</summary>
    private bool IsExpectedTooLarge => Options.ExpectedPackBytes > _sender.MaxPackBytes && (_sender.Present.Count == 0 || PartTag.Value is not null);

    /// <summary>One push of some of the updates; null when the fate of each is settled.</summary>
    private async Task<Refusal?> TryAsync(RefUpdate[] trial, RefUpdate[] all, CancellationToken cancellationToken)
    {
        var left = _deletions.Without(Unsettled(trial), _asked);
        if (left.Length == 0)
        {
            return null;
        }

        var commands = left;
        try
        {
            // The first push brings the objects of all; the others find them there. Once something was refused, each brings its own, and one ref
            // by itself always does: it answers for them.
            var wants = _sender.Wants(Narrowing.IsNarrow || left.Length == 1 ? left : Unsettled(all));
            if (Options.IsRepair)
            {
                if (wants.Count == 0)
                {
                    foreach (var update in left)
                    {
                        Settle(new RefUpdateResult(update, RefUpdateStatus.Ok, "")); // An earlier push brought what it needs.
                    }

                    return null;
                }

                commands = [PartTag.To(wants.Last())];
            }

            var report = await _sender.PushAsync(commands, wants, cancellationToken);
            if (report.IsSilent && left.Length > 1)
            {
                return await ReadAgainAsync(left, commands, $"{Peer} ended without a report", null, cancellationToken);
            }

            if (_verdict.RefusalOf(report) is { } refusal)
            {
                return refusal;
            }

            Settle(left, report);
            return null;
        }
        catch (GitException e) when (SourceFault.IsPlain(e) || (Options.IsLastResort && SourceFault.IsPossible(e)))
        {
            _deletions.SourceFailed(e);
            return Refusal.OfSource(e);
        }
        catch (GitException e) when (Options.IsLastResort && PushVerdict.IsBrokenPush(e))
        {
            return await ReadAgainAsync(left, commands, e.Message, e, cancellationToken);
        }
        catch (GitException e) when (left.Length > 1 && (SourceFault.IsPossible(e) || PushVerdict.IsBrokenPush(e)))
        {
            e.BlameOneOfMany();
            throw;
        }
    }

    private void Settle(RefUpdate[] updates, PushReport report)
    {
        foreach (var result in report.Results)
        {
            Settle(updates, result.Status == RefUpdateStatus.Ok ? result : result with { Reason = _verdict.Explain(report, result.Reason) });
        }
    }

    /// <summary>Says what became of a command: of the update that it is, or in a repair of all that it carried.</summary>
    private void Settle(RefUpdate[] updates, RefUpdateResult result)
    {
        if (!Options.IsRepair)
        {
            Settle(result);
            return;
        }

        PartTag.Follow(result);
        foreach (var update in updates)
        {
            Settle(result with { Update = update });
        }
    }

    /// <summary>Settles what landed of a push that broke off, and holds the rest against its number.</summary>
    private async Task<Refusal?> ReadAgainAsync(
        RefUpdate[] updates,
        RefUpdate[] commands,
        string reason,
        GitException? cause,
        CancellationToken cancellationToken
    )
    {
        var now = await _destination.DiscoverAsync(cancellationToken);
        _sender.Know(now);
        foreach (var command in commands.Where(c => now.Refs.TryGetValue(c.Name, out var id) ? id == c.New : c.IsDelete))
        {
            Settle(updates, new RefUpdateResult(command, RefUpdateStatus.Ok, ""));
        }

        return Unsettled(updates).Length == 0 ? null : new Refusal(RefUpdateStatus.BrokenOff, reason) { Cause = cause };
    }

    private async Task GiveUpAsync(RefUpdate update, Refusal refusal, bool wasAlone, CancellationToken cancellationToken)
    {
        if (Unsettled([update]).Length == 0)
        {
            return;
        }

        _lastCause = refusal.Cause ?? _lastCause;
        _deletions.GaveUp(refusal);
        if (!wasAlone)
        {
            Settle(new RefUpdateResult(update, RefUpdateStatus.NotTried, $"not tried by itself, and refused together with others: {refusal.Reason}"));
            return;
        }

        Settle(new RefUpdateResult(update, refusal.Status, refusal.Reason) { HttpStatus = (refusal.Cause as GitRemoteException)?.Status });
        if (refusal.Status == RefUpdateStatus.RejectedObject && _searches < FaultSearch.MaxSearches)
        {
            var waiting = Unsettled(_asked).Where(u => _sender.Wants([u]).Count > 0).ToArray();
            if (waiting.Length >= FaultSearch.MinWaiting)
            {
                _searches++;
                await new FaultSearch(this).RunAsync(update, refusal, waiting, cancellationToken);
            }
        }
    }
}
