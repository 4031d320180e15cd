using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>What to do about a credential, by its kind: which one to create, with which scopes, and where.</summary>
/// <param name="WhenRefused">The credential is dead or of the wrong kind.</param>
/// <param name="WhenScopesAreMissing">It is alive, and a scope is missing.</param>
internal sealed record BitbucketCredentialHints(string WhenRefused, string WhenScopesAreMissing)
{
    /// <summary>What an API token needs; none of them includes another.</summary>
    internal const string Scopes = "read:repository:bitbucket, write:repository:bitbucket and admin:repository:bitbucket";

    /// <summary>How an API token is made.</summary>
    internal const string MakeApiToken =
        "create an API token with scopes (Atlassian account settings > Security > Create API token with scopes, app Bitbucket; "
        + Scopes
        + ") "
        + "and pass it as bitbucket-token together with bitbucket-email";

    private const string MakeAccessToken =
        "create a new access token (Premium: Workspace settings > Security > Access "
        + "tokens; Repositories: read, write and admin) and pass it as bitbucket-token";

    private const string ConsumerPermissions =
        "Workspace settings > Apps and features > OAuth consumers > Edit, with \"This is "
        + "a private consumer\", any callback URL, and the permissions Repositories: write "
        + "and Repositories: admin";

    /// <summary>The advice for what was given.</summary>
    public static BitbucketCredentialHints For(BitbucketOptions options) =>
        options switch
        {
            { Consumer: not null } => new(
                "Bitbucket refused a token of the OAuth consumer, and a new one as well. "
                    + $"Check the consumer in Bitbucket ({ConsumerPermissions}), and that its "
                    + "owner still belongs to the workspace.",
                $"The OAuth consumer lacks a permission: set it in Bitbucket under {ConsumerPermissions}. Its tokens have it from the next run on."
            ),
            { Token: null } => new(
                $"No credentials for Bitbucket were given: {MakeApiToken}.",
                $"No credentials for Bitbucket were given: {MakeApiToken}."
            ),
            { Token: { } token, Email: null } => new(
                Begins(token, "ATBB") ? AppPassword
                    : Begins(token, "ATATT")
                        ? "bitbucket-token looks like an API token, which works only together with the "
                            + $"account's e-mail address: set bitbucket-email. If it has no scopes, {MakeApiToken}."
                    : "The access token is wrong, expired or revoked, or it is an API token and bitbucket-email is missing. "
                        + $"Renew it in Bitbucket, or {MakeApiToken}.",
                "The access token lacks a scope (a mirror needs repository, repository:write "
                    + $"and repository:admin), and scopes cannot be added later: {MakeAccessToken}. "
                    + $"Without Premium, {MakeApiToken}."
            ),
            { Token: { } token, Email: { } email } => new(
                Begins(token, "ATBB") ? AppPassword
                    : !email.Contains('@', StringComparison.Ordinal)
                        ? $"bitbucket-email is no e-mail address: Bitbucket takes an API token only with the e-mail of its "
                            + "Atlassian account (https://id.atlassian.com/manage-profile/email), not with a username. If the token has no scopes, "
                            + MakeApiToken
                            + "."
                    : Begins(token, "ATCTT")
                        ? $"bitbucket-token looks like an access token, which works only alone: leave bitbucket-email empty. Or {MakeApiToken}."
                    : "The API token is wrong, expired (they live a year at most), without "
                        + "scopes, or does not belong to bitbucket-email, which is the e-mail of the "
                        + $"Atlassian account and not the Bitbucket username. If need be {MakeApiToken}.",
                $"The API token lacks a scope; none includes another, and none can be added later: {MakeApiToken}."
            ),
        };

    private const string AppPassword = $"bitbucket-token looks like an app password; Bitbucket removed those on 2026-07-28: {MakeApiToken}.";

    // The prefixes are not documented as a promise: they word a sentence and decide nothing.
    private static bool Begins(string token, string prefix) => token.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>Why Bitbucket gave no token to an OAuth consumer.</summary>
    public static HostFailure WhenNotMinted(RestResponse answer) =>
        answer.Status switch
        {
            400 or 401 or 403 => new(
                HostFailureKind.Unauthorized,
                "Bitbucket gave no token to the OAuth consumer: bitbucket-oauth-key or "
                    + "bitbucket-oauth-secret is wrong, the consumer was deleted, or it is not "
                    + $"private. Check it in Bitbucket under {ConsumerPermissions}; copy key and secret from there."
            ),
            404 => new(
                HostFailureKind.NotFound,
                "Bitbucket's token address was not found: check bitbucket-git-url, the tokens come from <bitbucket-git-url>/site/oauth2/access_token."
            ),
            429 => new(HostFailureKind.RateLimited, "Bitbucket wants fewer token requests; run again later."),
            _ => new(HostFailureKind.Unavailable, "Bitbucket is in trouble: see https://bitbucket.status.atlassian.com."),
        };
}
