namespace MirrorAction.Hosts.Gitea;

/// <summary>A listing as it was read once.</summary>
/// <param name="All">What came.</param>
/// <param name="Total">How many the host counts; 0 where it did not say.</param>
/// <param name="Pages">In how many pages it came.</param>
internal sealed record GiteaListing(HostListing<GiteaEntry> All, long Total, int Pages)
{
    /// <summary>How many came, each once.</summary>
    public int Count => All.Repositories.Count + All.Unusable.Count;

    /// <summary>How many more there should be.</summary>
    public long Hidden => Total - Count;

    /// <summary>Another reading brought the same.</summary>
    public bool IsSameAs(GiteaListing? other) =>
        other is not null
        && other.Total == Total
        && other.All.Unusable.Count == All.Unusable.Count
        && other.All.Repositories.Select(entry => entry.Repository.Id).ToHashSet().SetEquals(All.Repositories.Select(entry => entry.Repository.Id));

    /// <summary>What of it is the owner's.</summary>
    public HostListing<GiteaEntry> For(GiteaOwner owner) =>
        new([.. All.Repositories.Where(entry => owner.Holds(entry.Repository.Owner))], [.. All.Unusable.Where(entry => owner.Holds(entry.Owner))]);
}
