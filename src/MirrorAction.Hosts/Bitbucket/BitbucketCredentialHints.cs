using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>What to do about a credential, by its kind: which one to create, with which scopes, and where.</summary>
/// <param name="WhenRefused">The credential is dead or of the wrong kind.</param>
/// <param name="WhenScopesAreMissing">It is alive, and a scope is missing.</param>
internal sealed record BitbucketCredentialHints(string WhenRefused, string WhenScopesAreMissing)
{
    /// <summary>What an API token needs; none of them includes another.</summary>
    internal static string Scopes(bool writes) =>
        writes ? "read:repository:bitbucket, write:repository:bitbucket and admin:repository:bitbucket" : "read:repository:bitbucket";

    /// <summary>What an access token needs.</summary>
    internal static string AccessScopes(bool writes) => writes ? "repository:write and repository:admin" : "repository";

    /// <summary>How an API token is made.</summary>
    internal static string MakeApiToken(bool writes) =>
        "create an API token with scopes (Atlassian account settings > Security > Create API token with scopes, app Bitbucket; "
        + Scopes(writes)
        + ") "
        + "and pass it as bitbucket-token together with bitbucket-email";

    private static string MakeAccessToken(bool writes) =>
        "create a new access token (Premium: Workspace settings > Security > Access "
        + $"tokens; Repositories: {(writes ? "read, write and admin" : "read")}) and pass it as bitbucket-token";

    private static string ConsumerPermissions(bool writes) =>
        "Workspace settings > Apps and features > OAuth consumers > Edit, with \"This is a private consumer\", any callback URL, and "
        + (writes ? "the permissions Repositories: write and Repositories: admin" : "the permission Repositories: read");

    /// <summary>The advice for what was given.</summary>
    public static BitbucketCredentialHints For(BitbucketOptions options)
    {
        var makeApiToken = MakeApiToken(options.Writes);
        var consumer = ConsumerPermissions(options.Writes);
        var appPassword = $"bitbucket-token looks like an app password; Bitbucket removed those on 2026-07-28: {makeApiToken}.";
        return options switch
        {
            { Consumer: not null } => new(
                "Bitbucket refused a token of the OAuth consumer, and a new one as well. "
                    + $"Check the consumer in Bitbucket ({consumer}), and that its "
                    + "owner still belongs to the workspace.",
                $"The OAuth consumer lacks a permission: set it in Bitbucket under {consumer}. Its tokens have it from the next run on."
            ),
            { Token: null } => new(
                $"No credentials for Bitbucket were given: {makeApiToken}.",
                $"No credentials for Bitbucket were given: {makeApiToken}."
            ),
            { Token: { } token, Email: null } => new(
                Begins(token, "ATBB") ? appPassword
                    : Begins(token, "ATATT")
                        ? "bitbucket-token looks like an API token, which works only together with the "
                            + $"account's e-mail address: set bitbucket-email. If it has no scopes, {makeApiToken}."
                    : "The access token is wrong, expired or revoked, or it is an API token and bitbucket-email is missing. "
                        + $"Renew it in Bitbucket, or {makeApiToken}.",
                $"The access token lacks a scope (needed: {(options.Writes ? "repository, repository:write and repository:admin" : "repository")}), "
                    + $"and scopes cannot be added later: {MakeAccessToken(options.Writes)}. "
                    + $"Without Premium, {makeApiToken}."
            ),
            { Token: { } token, Email: { } email } => new(
                Begins(token, "ATBB") ? appPassword
                    : !email.Contains('@', StringComparison.Ordinal)
                        ? $"bitbucket-email is no e-mail address: Bitbucket takes an API token only with the e-mail of its "
                            + "Atlassian account (https://id.atlassian.com/manage-profile/email), not with a username. If the token has no scopes, "
                            + makeApiToken
                            + "."
                    : Begins(token, "ATCTT")
                        ? $"bitbucket-token looks like an access token, which works only alone: leave bitbucket-email empty. Or {makeApiToken}."
                    : "The API token is wrong, expired (they live a year at most), without "
                        + "scopes, or does not belong to bitbucket-email, which is the e-mail of the "
                        + $"Atlassian account and not the Bitbucket username. If need be {makeApiToken}.",
                $"The API token lacks a scope; none includes another, and none can be added later: {makeApiToken}."
            ),
        };
    }

    // The prefixes are not documented as a promise: they word a sentence and decide nothing.
    private static bool Begins(string token, string prefix) => token.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary>Why Bitbucket gave no token to an OAuth consumer.</summary>
    public static HostFailure WhenNotMinted(RestResponse answer, bool writes) =>
        answer.Status switch
        {
            400 or 401 or 403 => new(
                HostFailureKind.Unauthorized,
                "Bitbucket gave no token to the OAuth consumer: bitbucket-oauth-key or "
                    + "bitbucket-oauth-secret is wrong, the consumer was deleted, or it is not "
                    + $"private. Check it in Bitbucket under {ConsumerPermissions(writes)}; copy key and secret from there."
            ),
            404 => new(
                HostFailureKind.NotFound,
                "Bitbucket's token address was not found: check bitbucket-git-url, the tokens come from <bitbucket-git-url>/site/oauth2/access_token."
            ),
            429 => new(HostFailureKind.RateLimited, "Bitbucket wants fewer token requests; run again later."),
            _ => new(HostFailureKind.Unavailable, "Bitbucket is in trouble: see https://bitbucket.status.atlassian.com."),
        };
}
