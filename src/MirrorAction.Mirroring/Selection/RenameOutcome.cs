namespace MirrorAction.Mirroring.Selection;

/// <summary>What became of the renamings of a run. Immutable.</summary>
/// <param name="Done">Those that were carried out, by the full name of the source.</param>
/// <param name="Failed">Why others were not, a sentence each, by the full name of the source.</param>
internal sealed record RenameOutcome(IReadOnlyDictionary<string, MirrorRename> Done, IReadOnlyDictionary<string, string> Failed)
{
    /// <summary>Nothing was renamed.</summary>
    internal static RenameOutcome None { get; } = new(new Dictionary<string, MirrorRename>(), new Dictionary<string, string>());
}
