namespace MirrorAction.TestKit;

/// <summary>The kinds of credential that Bitbucket Cloud knows, each with its own rules.</summary>
public enum BitbucketCredentialKind
{
    /// <summary>Of a repository, project or workspace: Bearer, and <c>x-token-auth</c> for git.</summary>
    AccessToken,

    /// <summary>Of a user: Basic with the e-mail, and <c>x-bitbucket-api-token-auth</c> or the user name for git.</summary>
    ApiToken,

    /// <summary>Minted from an OAuth consumer; used as an access token.</summary>
    OAuth,

    /// <summary>Removed from the product: REST answers 401, git 410.</summary>
    AppPassword,
}

/// <summary>A credential that a host knows, and what it may do.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Secret">The token or password.</param>
/// <param name="Scopes">In the words of its kind.</param>
/// <param name="Email">The e-mail of an API token's owner.</param>
/// <param name="Username">The Bitbucket user name of its owner.</param>
public sealed record BitbucketCredential(
    BitbucketCredentialKind Kind,
    string Secret,
    IReadOnlyList<string> Scopes,
    string? Email = null,
    string? Username = null
)
{
    /// <summary>When it dies; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>An access token with everything that a mirror needs.</summary>
    public static BitbucketCredential AccessToken(string secret) =>
        new(BitbucketCredentialKind.AccessToken, secret, ["repository", "repository:write", "repository:admin", "repository:delete"]);

    /// <summary>An API token with everything that a mirror needs.</summary>
    public static BitbucketCredential ApiToken(string email, string secret, string username = "mirror-bot") =>
        new(
            BitbucketCredentialKind.ApiToken,
            secret,
            [
                .. ((string[])["read", "write", "admin", "delete"]).Select(verb => $"{verb}:repository:bitbucket"),
                "read:workspace:bitbucket",
                "read:user:bitbucket",
            ],
            email,
            username
        );

    /// <summary>An app password, which no longer opens anything.</summary>
    public static BitbucketCredential AppPassword(string username, string secret) =>
        new(BitbucketCredentialKind.AppPassword, secret, [], null, username);

    /// <summary>The same credential with other scopes.</summary>
    public BitbucketCredential WithScopes(params string[] scopes) => this with { Scopes = scopes };

    /// <summary>The scope that a permission is called for this kind of credential.</summary>
    internal string NameOf(BitbucketPermission permission) =>
        (Kind, permission) switch
        {
            (BitbucketCredentialKind.ApiToken, BitbucketPermission.User) => "read:user:bitbucket",
            (BitbucketCredentialKind.ApiToken, BitbucketPermission.Workspace) => "read:workspace:bitbucket",
            (BitbucketCredentialKind.ApiToken, BitbucketPermission.Project) => "read:project:bitbucket",
            (BitbucketCredentialKind.ApiToken, _) => $"{permission.ToString().ToLowerInvariant()}:repository:bitbucket",
            (_, BitbucketPermission.User) => "account",
            (_, BitbucketPermission.Project) => "project",
            (_, BitbucketPermission.Read) => "repository",
            _ => $"repository:{permission.ToString().ToLowerInvariant()}",
        };

    /// <summary>Whether it may; the scopes of API tokens imply nothing, elsewhere writing implies reading.</summary>
    internal bool May(BitbucketPermission permission) =>
        Kind switch
        {
            BitbucketCredentialKind.AppPassword => false,
            BitbucketCredentialKind.ApiToken => Scopes.Contains(NameOf(permission)),
            _ => permission == BitbucketPermission.Workspace
                || Scopes.Contains(NameOf(permission))
                || (permission == BitbucketPermission.Read && Scopes.Contains(NameOf(BitbucketPermission.Write))),
        };
}

/// <summary>What a request needs.</summary>
internal enum BitbucketPermission
{
    Read,
    Write,
    Admin,
    Delete,
    Workspace,
    Project,
    User,
}
