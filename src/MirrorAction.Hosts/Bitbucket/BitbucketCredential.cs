using System.Text;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>
/// How Bitbucket is told who asks. An e-mail address makes the token an API token (Basic); a token alone is an access token (Bearer). The prefix of
/// a token decides nothing, it only helps to word a message. A class, not a record: it must not print its secrets.
/// </summary>
/// <param name="token">The token; null for none.</param>
/// <param name="email">The account's e-mail address; null for an access token.</param>
internal sealed class BitbucketCredential(string? token, string? email)
{
    private const string MakeApiToken =
        "create an API token with scopes (Atlassian account > Security > API tokens, app Bitbucket; "
        + "read:repository, write:repository and admin:repository) "
        + "and pass it as bitbucket-token together with bitbucket-email";

    /// <summary>Sent with each REST request: scheme and parameter.</summary>
    public (string Scheme, string Parameter)? Authorization => (token, email) switch
    {
        (null, _) => null,
        (_, null) => ("Bearer", token),
        _ => ("Basic", Basic(token, email)),
    };

    /// <summary>Used with each git request. The e-mail address is refused there: each kind of token has a fixed user.</summary>
    public GitLogin? GitLogin => token is null ? null : new GitLogin(email is null ? "x-token-auth" : "x-bitbucket-api-token-auth", token);

    /// <summary>What must never be printed.</summary>
    public IReadOnlyList<string> Secrets => (token, email) switch
    {
        (null, _) => [],
        (_, null) => [token, Uri.EscapeDataString(token)],
        _ => [token, Uri.EscapeDataString(token), Basic(token, email)],
    };

    /// <summary>What looks wrong about it; null when nothing does. A hint: the prefixes are not documented as a promise.</summary>
    public string? Doubt => token switch
    {
        not null when Begins("ATBB") => $"bitbucket-token looks like an app password; Bitbucket removed those on 2026-07-28: {MakeApiToken}.",
        not null when Begins("ATATT") && email is null =>
            "bitbucket-token looks like an API token, which works only together with the account's e-mail address: set bitbucket-email.",
        not null when Begins("ATCTT") && email is not null =>
            "bitbucket-token looks like an access token, which works only alone: leave bitbucket-email empty.",
        _ => null,
    };

    /// <summary>What to do about a credential that was refused.</summary>
    public string Cure =>
        Doubt is { } doubt ? doubt
        : token is null ? $"No credentials for Bitbucket were given: {MakeApiToken}."
        : email is null
            ? "The access token is wrong, expired or revoked, or it is an API token and bitbucket-email is missing. "
                + $"Renew it in Bitbucket, or {MakeApiToken}."
            : "The API token is wrong, expired (they live a year at most), without scopes, or does not belong to bitbucket-email. "
                + $"If need be {MakeApiToken}.";

    private bool Begins(string prefix) => token!.StartsWith(prefix, StringComparison.Ordinal);

    private static string Basic(string token, string email) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{token}"));
}
