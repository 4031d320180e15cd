using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>Where the repositories of an owner are listed, and by whom.</summary>
/// <param name="Api">Who asks.</param>
/// <param name="Owner">The owner as GitHub spells it.</param>
/// <param name="Path">The first page, below the REST interface.</param>
/// <param name="IsOrganization">An organisation, not a user.</param>
internal sealed record GitHubListing(GitHubApi Api, string Owner, string Path, bool IsOrganization)
{
    /// <summary>Other orders shift while pages are read.</summary>
    private const string Order = "sort=full_name&direction=asc&per_page=100";

    /// <summary>Where the asker creates repositories of this owner, below the REST interface; null where it can create none.</summary>
    public string? CreationPath { get; private init; }

    /// <summary>All repositories of an organisation that the asker reaches.</summary>
    public static GitHubListing OfOrganization(GitHubApi api, string login)
    {
        var path = $"orgs/{HostUrl.Segment(login)}/repos";
        return new(api, login, $"{path}?type=all&{Order}", IsOrganization: true) { CreationPath = path };
    }

    /// <summary>The asker's own repositories, private ones too.</summary>
    public static GitHubListing OfSelf(GitHubApi api, string login) =>
        new(api, login, $"user/repos?affiliation=owner&{Order}", IsOrganization: false) { CreationPath = "user/repos" };

    /// <summary>The public repositories of a user.</summary>
    public static GitHubListing OfUser(GitHubApi api, string login) =>
        new(api, login, $"users/{HostUrl.Segment(login)}/repos?type=owner&{Order}", IsOrganization: false);

    /// <summary>What a user gave to an App. GitHub has no order for it.</summary>
    public static GitHubListing OfInstallation(GitHubApi api, string login) =>
        new(api, login, "installation/repositories?per_page=100", IsOrganization: false);

    /// <summary>Whether a repository on a page belongs to the owner.</summary>
    public bool Holds(string owner) => IsOrganization || owner.Equals(Owner, StringComparison.OrdinalIgnoreCase);
}
