using MirrorAction.Git.Model;

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
