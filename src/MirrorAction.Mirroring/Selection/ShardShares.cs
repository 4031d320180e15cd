namespace MirrorAction.Mirroring.Selection;

/// <summary>What one of several shards may take of a limit that the host counts for all of them together, because they use one credential.</summary>
/// <param name="Count">How many shards there are, from 1.</param>
public readonly record struct ShardShares(int Count)
{
    /// <summary>The part of an hour's requests that one shard may send; at least one.</summary>
    public int Of(int requestsPerHour) => Math.Max(requestsPerHour / Count, 1);

    /// <summary>The pause that each shard keeps, so that all of them together keep the one that was asked for.</summary>
    public TimeSpan Stretch(TimeSpan interval) => interval * Count;

    /// <summary>
    /// What to say when there are so many shards that each spends most of its share on the listing, which every shard reads whole; null when there
    /// is nothing to say.
    /// </summary>
    /// <param name="requestsPerHour">The host's limit for all shards together; null for none.</param>
    /// <param name="listing">Requests that the listing took.</param>
    public string? Advise(int? requestsPerHour, long listing)
    {
        if (Count == 1 || requestsPerHour is not { } limit || listing * 2 <= Of(limit))
        {
            return null;
        }

        var fitting = Math.Max(limit / Math.Max(listing * 2, 1), 1);
        return FormattableString.Invariant(
                $"The listing of the destination takes {listing} of the {Of(limit)} REST requests an hour that are the share of each of {Count} "
            )
            + FormattableString.Invariant(
                $"shards ({limit} for all). With {fitting} or fewer, at least half of every share is left for new repositories."
            );
    }
}
