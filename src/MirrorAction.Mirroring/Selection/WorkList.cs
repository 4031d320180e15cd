using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Selection;

/// <summary>What a run works on, and what it was to work on and can't.</summary>
/// <param name="Items">The work.</param>
/// <param name="Barred">Selected too; each fails by itself.</param>
internal sealed record WorkList<T>(IReadOnlyList<T> Items, IReadOnlyList<BarredRepository> Barred)
{
    /// <summary>How many the report is going to have.</summary>
    internal int Count => Items.Count + Barred.Count;
}

/// <summary>A selected repository that fails before anything is tried.</summary>
/// <param name="Source"><c>owner/name</c>.</param>
/// <param name="Destination"><c>workspace/slug</c>; null where that is not known.</param>
/// <param name="Error">Why.</param>
internal sealed record BarredRepository(string Source, string? Destination, RepositoryError Error);
