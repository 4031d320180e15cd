namespace MirrorAction.Reporting.History;

/// <summary>What is known of earlier runs, oldest first. Immutable.</summary>
/// <param name="Entries">The runs.</param>
/// <param name="Damaged">How many lines could not be read.</param>
internal sealed record RunHistory(IReadOnlyList<HistoryEntry> Entries, int Damaged)
{
    /// <summary>Nothing is known.</summary>
    public static RunHistory None { get; } = new([], 0);

    /// <summary>
    /// The history with one more run. A run that it has already, because the reports of its shards were joined again, is replaced.
    /// </summary>
    public RunHistory With(HistoryEntry entry) =>
        this with
        {
            Entries = [.. Entries.Where(other => other.StartedAt != entry.StartedAt || !other.IsLike(entry)), entry],
        };

    /// <summary>The runs of the same kind between the same sides.</summary>
    public IReadOnlyList<HistoryEntry> Like(HistoryEntry entry) => [.. Entries.Where(entry.IsLike)];

    /// <summary>The last run between the same sides that fits; null for none.</summary>
    public HistoryEntry? LastBetweenSidesOf(HistoryEntry entry, Func<HistoryEntry, bool> fits) =>
        Entries.LastOrDefault(other => entry.IsBetweenSidesOf(other) && fits(other));
}
