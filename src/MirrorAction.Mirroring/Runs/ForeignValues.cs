using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// Values of a mirror that its source does not know: someone has probably pushed them there. Immutable. What could not be found out is neither
/// foreign nor known.
/// </summary>
internal sealed class ForeignValues
{
    private readonly IReadOnlyDictionary<ObjectId, bool> _known;

    private ForeignValues(IReadOnlyDictionary<ObjectId, bool> known) => _known = known;

    /// <summary>Nothing was asked.</summary>
    internal static ForeignValues None { get; } = new(new Dictionary<ObjectId, bool>());

    /// <summary>
    /// Finds out about values; asks the source only for those of which nothing else says that they were its own. Failures leave them open.
    /// </summary>
    /// <param name="values">Values of the mirror that are to go.</param>
    /// <param name="client">The source.</param>
    /// <param name="refs">What it lists.</param>
    /// <param name="knownBefore">Ids that an earlier run had from the source, which may have forgotten them since.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    internal static async Task<ForeignValues> FindAsync(
        IReadOnlyCollection<ObjectId> values,
        IFetchSource client,
        RemoteRefs refs,
        IReadOnlySet<string> knownBefore,
        CancellationToken cancellationToken
    )
    {
        if (values.Count == 0)
        {
            return None;
        }

        var listed = refs.Refs.Values.ToHashSet();
        bool IsKnown(ObjectId id) => listed.Contains(id) || knownBefore.Contains(id.ToString());
        var asked = await new ObjectProbe(client).AskAsync(values.Where(id => !IsKnown(id)), listed, cancellationToken);
        return new ForeignValues(values.Distinct().Where(IsKnown).Select(id => KeyValuePair.Create(id, true)).Concat(asked).ToDictionary());
    }

    /// <summary>The source says that it does not have it, and no earlier run knew it.</summary>
    internal bool IsForeign(ObjectId value) => _known.TryGetValue(value, out var isKnown) && !isKnown;

    /// <summary>The source has it, or had it.</summary>
    internal bool IsKnown(ObjectId value) => _known.TryGetValue(value, out var isKnown) && isKnown;
}
