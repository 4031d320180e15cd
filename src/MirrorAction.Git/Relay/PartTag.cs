using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// The temporary tag at the destination by which the history of a ref is sent before the ref itself. A branch would become the default branch of an
/// empty repository.
/// </summary>
/// <param name="relay">Pushes it.</param>
/// <param name="leftover">Where an interrupted run left it; null when it is not there.</param>
/// <param name="isOurs">It may be removed though this relay has not moved it.</param>
internal sealed class PartTag(PackRelay relay, ObjectId? leftover, bool isOurs)
{
    internal static readonly RefName Name = RefName.FromText(RefPatternSet.PartTagName);

    private bool _isOurs = isOurs;

    /// <summary>Where it stands; null when it is not there.</summary>
    internal ObjectId? Value { get; private set; } = leftover;

    /// <summary>What moves it, to be weighed beside other updates.</summary>
    internal RefUpdate To(ObjectId step) => new(Name, Value ?? ObjectId.Zero(step.Format), step);

    /// <summary>Moves it, which brings the step and its history to the destination.</summary>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task<RefUpdateResult> MoveAsync(ObjectId step, CancellationToken cancellationToken)
    {
        var result = await relay.PushAloneAsync(To(step), cancellationToken);
        Follow(result);
        return result;
    }

    /// <summary>Takes in what became of a command that moves it.</summary>
    internal void Follow(RefUpdateResult result)
    {
        if (result.Status == RefUpdateStatus.Ok)
        {
            (Value, _isOurs) = (result.Update.New, true);
        }
    }

    /// <summary>Removes it where it was moved here, or is asked to go.</summary>
    internal async Task DropAsync(RefUpdate[] asked, CancellationToken cancellationToken)
    {
        var result = new RefUpdateResult(asked.FirstOrDefault(), RefUpdateStatus.Ok, "");
        if (Value is { } value && (_isOurs || asked.Length > 0))
        {
            result = await relay.PushAloneAsync(new RefUpdate(Name, value, ObjectId.Zero(value.Format)), cancellationToken);
            (Value, _isOurs) = (null, false);
        }

        foreach (var update in asked)
        {
            relay.Settle(result with { Update = update });
        }
    }
}

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
