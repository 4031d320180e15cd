using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Makes a tag and deletes it again, by which the host of a repository sees that it is in use though nothing in it has changed. That takes two
/// pushes: git refuses one that names a ref twice.
/// </summary>
public static class TagTouch
{
    /// <summary>Touches a repository. A tag that an interrupted touch has left is only deleted, which is a push too.</summary>
    /// <param name="destination">The repository.</param>
    /// <param name="tag">The tag; nobody else uses it.</param>
    /// <param name="cancellationToken">Ends it; the tag may be left then.</param>
    /// <returns>The server's reason to refuse a push; empty when it took them, null when there is no branch that a tag could be made at.</returns>
    /// <exception cref="GitException">The server could not be reached, or refused as a whole.</exception>
    public static async Task<string?> RunAsync(ReceivePackClient destination, RefName tag, CancellationToken cancellationToken)
    {
        var before = await destination.DiscoverAsync(name => name == tag, cancellationToken);
        var branches = before.Refs.Where(r => r.Key.IsBranch).OrderBy(r => r.Key).Select(r => r.Value).Take(1).ToArray();
        if (branches.Length == 0)
        {
            return null;
        }

        var nothing = ObjectId.Zero(before.ObjectFormat);
        if (!before.Refs.TryGetValue(tag, out var value))
        {
            value = branches[0];
            var made = await destination.PushAsync(
                before,
                [new RefUpdate(tag, nothing, value)],
                EmptyPack.Of(before.ObjectFormat),
                cancellationToken
            );
            if (made.Results is [{ Status: not RefUpdateStatus.Ok } refused])
            {
                return made.Explain(refused.Reason);
            }
        }

        var deleted = await destination.PushAsync(before, [new RefUpdate(tag, value, nothing)], null, cancellationToken);
        return deleted.Results is [{ Status: not RefUpdateStatus.Ok } left] ? deleted.Explain(left.Reason) : "";
    }
}
