namespace MirrorAction.Hosts.Bitbucket;

/// <summary>Bitbucket Cloud.</summary>
public static class BitbucketHost
{
    private const long Gigabyte = 1_000_000_000;

    /// <summary>What it is called and what it takes: 1 GB is 1,000,000,000 bytes, the smaller of the two readings of its limits.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "bitbucket",
            Name = "Bitbucket",
            OwnerWord = "workspace",
            NothingListedHint = "Check 'bitbucket-workspace' and that the Bitbucket credentials may read its repositories.",
            Limits = new()
            {
                RepositoryWarning = 2 * Gigabyte,
                Repository = 4 * Gigabyte,
                FreePlan = Gigabyte,
            },
        };
}
