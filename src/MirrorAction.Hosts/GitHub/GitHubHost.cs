namespace MirrorAction.Hosts.GitHub;

/// <summary>GitHub, or a GitHub Enterprise Server.</summary>
public static class GitHubHost
{
    /// <summary>What it is called and what it takes.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "github",
            Name = "GitHub",
            OwnerWord = "organisation",
            NothingListedHint =
                "Check the owner's name and that 'github-token' may read its repositories (a fine-grained token: Contents and Metadata, read, on all "
                + "repositories; an App: installed on the owner for all repositories). "
                + "The workflow's own GITHUB_TOKEN sees public repositories only.",
        };
}
