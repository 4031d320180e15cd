using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Sends a destination everything that some values reach, whatever it advertises. What it lost comes back so, for it keeps what it unpacks beside
/// what it has. No
/// ref moves but the temporary tag of parts, because a push needs a command; it goes away at the end. Serves one repair.
/// </summary>
/// <remarks>
/// What is too large for one push goes in parts: the commits with parents before children, each part beginning where the one before it ended. Only
/// what this
/// repair has sent itself counts as being there.
/// </remarks>
/// <param name="source">Where packs come from, after it has listed its refs.</param>
/// <param name="destination">Where they go.</param>
/// <param name="advertisement">What the destination advertised.</param>
/// <param name="options">Limits and callbacks.</param>
public sealed class RepairPush(UploadPackClient source, ReceivePackClient destination, RefAdvertisement advertisement, RelayOptions options)
{
    private static readonly RefName s_tag = RefName.FromText(RefPatternSet.PartTagName);

    private readonly HashSet<ObjectId> _ends = [];
    private ObjectId _tagged = advertisement.Refs.GetValueOrDefault(s_tag, ObjectId.Zero(advertisement.ObjectFormat));
    private long? _limit = options.MaxPackBytes;
    private long _packBytes;

    /// <summary>Sends everything.</summary>
    /// <param name="values">The values of refs; what they reach is sent.</param>
    /// <param name="cancellationToken">Ends it; what was sent stays.</param>
    /// <exception cref="PackTooLargeException">A part that cannot be divided is beyond the limit.</exception>
    /// <exception cref="GitException">Source or destination failed, or the destination did not take what was sent.</exception>
    public async Task RunAsync(IReadOnlyCollection<ObjectId> values, CancellationToken cancellationToken)
    {
        await DropTagAsync(cancellationToken); // A run was interrupted.
        try
        {
            await SendAsync(values, cancellationToken);
        }
        catch (GitException)
        {
            await TryDropTagAsync(cancellationToken);
            throw;
        }

        await DropTagAsync(cancellationToken);
    }

    private async Task SendAsync(IReadOnlyCollection<ObjectId> values, CancellationToken cancellationToken)
    {
        GitException? refusal = null;
        if (options.ExpectedPackBytes is not { } expected || options.MaxPackBytes is not { } max || expected <= max)
        {
            try
            {
                await PushAsync(values, cancellationToken);
                return;
            }
            catch (GitException e) when (PackRelay.IsTooLarge(e))
            {
                refusal = e;
            }
        }

        var history = source.CanFilter ? await CommitHistory.ReadAsync(source, values, [], cancellationToken) : null;
        if (history is null)
        {
            throw refusal
                ?? new PackTooLargeException(
                    $"{source.Peer} does not list its commits alone, so that they cannot be sent in parts of the size that {destination.Peer} takes."
                );
        }

        await SendPartsAsync(history.ParentsFirst(values), history, cancellationToken);
        ObjectId[] others = [.. values.Where(value => !history.Contains(value))]; // Tags of files or folders.
        if (others.Length > 0)
        {
            await PushAsync(others, cancellationToken);
        }
    }

    private async Task SendPartsAsync(List<ObjectId> commits, CommitHistory history, CancellationToken cancellationToken)
    {
        // Not quite full: commits are of uneven weight, and a part that turns out too large is sent for nothing.
        var size = options is { ExpectedPackBytes: { } expected, MaxPackBytes: { } max }
            ? (int)(0.75 * commits.Count * max / expected)
            : commits.Count / 2;
        for (var start = 0; start < commits.Count; )
        {
            size = Math.Clamp(size, 1, commits.Count - start);
            var part = commits.GetRange(start, size);
            var passed = part.SelectMany(history.ParentsOf).ToHashSet();
            var ends = part.Where(id => !passed.Contains(id)).ToArray();
            try
            {
                await PushAsync(ends, cancellationToken);
            }
            catch (GitException e) when (PackRelay.IsTooLarge(e) && size > 1)
            {
                _limit = Math.Min(_limit ?? long.MaxValue, _packBytes);
                size /= 2;
                continue;
            }
            catch (PackTooLargeException)
            {
                throw new PackTooLargeException(
                    $"Commit {part[0]} of {source.Peer} alone brings more than the {_limit} bytes that {destination.Peer} takes in one push."
                );
            }

            _ends.ExceptWith(passed);
            _ends.UnionWith(ends);
            start += size;
            size = _packBytes < _limit / 2 ? size * 2 : size;
        }
    }

    /// <summary>Brings all that these objects reach and that this repair has not sent yet.</summary>
    private async Task PushAsync(IReadOnlyCollection<ObjectId> wants, CancellationToken cancellationToken)
    {
        var request = new FetchRequest
        {
            Wants = wants,
            Haves = [.. _ends.Take(PackSender.MaxHaves)],
            OfsDelta = advertisement.Capabilities.Has("ofs-delta"),
        };
        _packBytes = 0;
        var session = await source.FetchAsync(request, cancellationToken);
        var pack = await PackPipe.OpenAsync(session, source.Options, options.MaxPackBytes, Count, cancellationToken);
        await using (pack)
        {
            await MoveTagAsync(wants.Last(), pack, cancellationToken);
        }
    }

    private async Task MoveTagAsync(ObjectId value, IPackSource? pack, CancellationToken cancellationToken)
    {
        var report = await destination.PushAsync(advertisement, [new RefUpdate(s_tag, _tagged, value)], pack, cancellationToken);
        if (report.IsUnpackError)
        {
            throw Refusal($"could not unpack what was sent whole: {report.Explain(report.Unpack!)}", $"{report.Unpack} {report.RemoteMessage}");
        }

        if (report.Results is [{ Status: not RefUpdateStatus.Ok } result])
        {
            throw Refusal($"refused {s_tag}, by which a repair is sent: {report.Explain(result.Reason)}", $"{result.Reason} {report.RemoteMessage}");
        }

        _tagged = value;
    }

    private GitRemoteException Refusal(string what, string words)
    {
        var refusal = new GitRemoteException($"{destination.Peer} {what}") { RemoteMessage = words.Trim() };
        _ = refusal.In(GitService.ReceivePack);
        return refusal;
    }

    private Task DropTagAsync(CancellationToken cancellationToken) =>
        _tagged.IsZero ? Task.CompletedTask : MoveTagAsync(ObjectId.Zero(_tagged.Format), null, cancellationToken);

    /// <summary>What went wrong before counts; the next run finds the tag and removes it.</summary>
    private async Task TryDropTagAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DropTagAsync(cancellationToken);
        }
        catch (GitException) { }
    }

    private void Count(long bytes)
    {
        _packBytes += bytes;
        options.Progress?.Invoke(bytes);
    }
}
