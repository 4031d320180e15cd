using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Refs;

/// <summary>One change that the plan asks for.</summary>
/// <param name="Update">What receive-pack will be asked.</param>
/// <param name="Kind">What it means to the reader of the report.</param>
/// <param name="KeptAs">The ref that keeps the old value; null where none is kept.</param>
public readonly record struct PlannedChange(RefUpdate Update, RefChangeKind Kind, RefName? KeptAs = null);

/// <summary>What has to change at the destination so that both sides are equal. Immutable data; nothing has been asked of anyone.</summary>
public sealed record MirrorPlan
{
    /// <summary>
    /// The changes in their order: what keeps old values, deletions that stand in the way, then everything new, then the other deletions.
    /// </summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>Mirrored refs that are equal already.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Mirrored refs that the destination has now.</summary>
    public required int DestinationRefs { get; init; }

    /// <summary>Mirrored refs that would go.</summary>
    public required int Deletions { get; init; }

    /// <summary>The folder of the old values that it keeps, with a slash at the end; null where it keeps none.</summary>
    public string? KeptFolder { get; init; }

    /// <summary>Changes by which a value goes.</summary>
    internal IEnumerable<RefUpdate> Overwritten => Changes.Where(c => c.Kind is RefChangeKind.Force or RefChangeKind.Delete).Select(c => c.Update);

    /// <summary>Values that refs get; zero for those that go.</summary>
    internal IEnumerable<ObjectId> NewValues => Main.Select(c => c.Update.New);

    /// <summary>Both sides are equal.</summary>
    public bool IsEmpty => Changes.Count == 0;

    /// <summary>
    /// The changes by which old values are kept, push by push. Where a tag has the place of the folder of kept values, that one is kept beside it in
    /// the first, and makes room in the second. Empty where nothing is overwritten.
    /// </summary>
    internal IEnumerable<IReadOnlyList<PlannedChange>> KeepingPushes
    {
        get
        {
            var keeping = Changes.TakeWhile(IsKeeping).ToArray();
            PlannedChange[] beside = [.. keeping.Where(c => c.Kind == RefChangeKind.Keep && !KeptRefs.IsKept(c.Update.Name))];
            return new[] { beside, [.. keeping.Except(beside)] }.Where(push => push.Length > 0);
        }
    }

    /// <summary>All other changes.</summary>
    internal IReadOnlyList<PlannedChange> Main => Changes.Count > 0 && IsKeeping(Changes[0]) ? [.. Changes.SkipWhile(IsKeeping)] : Changes;

    private static bool IsKeeping(PlannedChange change) => change.Kind == RefChangeKind.Keep || change.Update.Name.Raw == RefPatternSet.KeptTagName;
}
