using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>Whose repositories are listed and created. Immutable.</summary>
/// <param name="Login">The name, as the host spells it.</param>
/// <param name="ListingPath">Where its repositories are listed.</param>
/// <param name="IsOrganization">An organisation.</param>
/// <param name="IsSelf">The token's own user.</param>
internal sealed record GiteaOwner(string Login, string ListingPath, bool IsOrganization, bool IsSelf)
{
    /// <summary>An organisation.</summary>
    public static GiteaOwner Organization(string login) => new(login, $"orgs/{HostUrl.Segment(login)}/repos", IsOrganization: true, IsSelf: false);

    /// <summary>The token's own user, whose private repositories are listed here only, beside those of others that it may use.</summary>
    public static GiteaOwner Self(string login) => new(login, "user/repos", IsOrganization: false, IsSelf: true);

    /// <summary>Another user.</summary>
    public static GiteaOwner User(string login) => new(login, $"users/{HostUrl.Segment(login)}/repos", IsOrganization: false, IsSelf: false);

    /// <summary>A listed repository is this owner's.</summary>
    public bool Holds(string owner) => owner.Equals(Login, StringComparison.OrdinalIgnoreCase);
}
