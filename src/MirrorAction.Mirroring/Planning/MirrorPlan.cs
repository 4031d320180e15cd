using MirrorAction.Git;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring.Planning;

/// <summary>One change that the plan asks for.</summary>
/// <param name="Update">What receive-pack will be asked.</param>
/// <param name="Kind">What it means to the reader of the report.</param>
public readonly record struct PlannedChange(RefUpdate Update, RefChangeKind Kind);

/// <summary>What has to change at the destination so that both sides are equal. Immutable data; nothing has been asked of anyone.</summary>
public sealed record MirrorPlan
{
    /// <summary>The changes in the order of the push: deletions that stand in the way, then everything new, then the other deletions.</summary>
    public required IReadOnlyList<PlannedChange> Changes { get; init; }

    /// <summary>Mirrored refs that are equal already.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Mirrored refs that the destination has now.</summary>
    public required int DestinationRefs { get; init; }

    /// <summary>Mirrored refs that would go.</summary>
    public required int Deletions { get; init; }

    /// <summary>Some ref has the same value on both sides, or some value of one side stands at the other: they know each other.</summary>
    public required bool SharesValue { get; init; }

    /// <summary>Both sides are equal.</summary>
    public bool IsEmpty => Changes.Count == 0;
}
