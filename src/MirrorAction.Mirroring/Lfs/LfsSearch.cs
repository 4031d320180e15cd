using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Mirroring.Lfs;

/// <summary>Finds the LFS objects that a history points to, where the settings say that they are looked for.</summary>
/// <param name="client">Who has the history, after it has listed its refs.</param>
/// <param name="refs">What it listed.</param>
/// <param name="options">The settings.</param>
/// <param name="isLastResort">What can't be read is left out.</param>
internal sealed class LfsSearch(IFetchSource client, RemoteRefs refs, RefOptions options, bool isLastResort = false)
{
    /// <summary>
    /// What is read, beside the mirror's own reading, of a server that sends whole history only (git's protocol v0 without <c>shallow</c>).
    /// </summary>
    private const long MaxWhole = 64L << 20;

    private readonly LfsPointerSearch _pointers = new(
        client,
        isLastResort,
        options.Lfs == LfsMode.Always || LfsUse.CanAsk(client) ? long.MaxValue : MaxWhole
    );

    private Task<bool>? _isWanted;

    /// <summary>There is more new history than is read to find out whether it uses LFS.</summary>
    internal bool IsGivenUp => _pointers.IsGivenUp;

    /// <summary>The repository is known to use LFS; false when it is not, or that was not asked.</summary>
    internal bool IsUsed { get; private set; }

    /// <summary>Whether pointers are looked for. Asks once.</summary>
    /// <exception cref="GitException">That could not be found out, for a reason that may pass.</exception>
    internal Task<bool> IsWantedAsync(CancellationToken cancellationToken) => _isWanted ??= AskAsync(cancellationToken);

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        if (options.Lfs == LfsMode.Always)
        {
            return true;
        }

        // Where it can't be told, looking for them tells.
        var isUsed = Tip is { } tip ? await new LfsUse(client, isLastResort).FindAsync(tip, cancellationToken) : false;
        IsUsed = isUsed == true;
        return isUsed ?? true;
    }

    /// <summary>The pointers between some values of refs and what need not be looked at.</summary>
    /// <exception cref="GitException">The history could not be read.</exception>
    internal Task<IReadOnlyCollection<FoundPointer>> FindAsync(
        IReadOnlyCollection<ObjectId> wants,
        IReadOnlyCollection<ObjectId> haves,
        CancellationToken cancellationToken
    ) => _pointers.FindAsync(wants, haves, cancellationToken);

    /// <summary>The tip of the default branch; of another branch where none is known.</summary>
    private ObjectId? Tip =>
        refs.Head is { } head && refs.Refs.TryGetValue(head, out var tip)
            ? tip
            : refs.Refs.Where(r => r.Key.IsBranch).OrderBy(r => r.Key).Select(r => (ObjectId?)r.Value).FirstOrDefault();
}

/// <summary>What the LFS objects that did not move mean to the refs, by their new values. Immutable.</summary>
/// <param name="Reasons">Values that need an object which could not be moved, and why: their refs stay.</param>
/// <param name="Doubtful">Values that need an object which the source no longer has: the destination says whether it takes their refs.</param>
internal sealed record LfsHold(IReadOnlyDictionary<ObjectId, string> Reasons, IReadOnlySet<ObjectId> Doubtful)
{
    /// <summary>Everything moved.</summary>
    internal static LfsHold None { get; } = new(new Dictionary<ObjectId, string>(), new HashSet<ObjectId>());

    /// <summary>The updates that are held back.</summary>
    internal IEnumerable<RefUpdateResult> HeldBack(IEnumerable<RefUpdate> updates) =>
        from update in updates
        where Reasons.ContainsKey(update.New)
        select new RefUpdateResult(update, RefUpdateStatus.LacksLfsObject, Reasons[update.New]);

    /// <summary>The other changes: those that nothing can be said against, and then those that a host may decline as a whole.</summary>
    internal IEnumerable<IReadOnlyList<PlannedChange>> Divide(IReadOnlyList<PlannedChange> changes)
    {
        if (Reasons.Count == 0 && Doubtful.Count == 0)
        {
            return [changes];
        }

        var rest = changes.Where(c => !Reasons.ContainsKey(c.Update.New)).ToLookup(c => Doubtful.Contains(c.Update.New));
        return
        [
            [.. rest[false]],
            [.. rest[true]],
        ];
    }
}
