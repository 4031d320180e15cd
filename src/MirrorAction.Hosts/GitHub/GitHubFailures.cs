using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>What GitHub's refusals mean, over REST and over git, and what to do about each.</summary>
internal static class GitHubFailures
{
    private const string TokenAdvice =
        "Create a fine-grained token whose resource owner is the organisation, with \"All repositories\" and the permissions "
        + "Contents: read and Metadata: read (or a classic token with the scope repo), store it as a secret and pass it as github-token.";

    private const string DeadToken = "The GitHub token is wrong, expired or revoked. " + TokenAdvice;

    /// <summary>The cure where a token does not reach a repository.</summary>
    internal const string NoContents =
        "The GitHub token may not read this: a fine-grained token must cover the repository (or \"All repositories\") and have Contents: read; "
        + "the workflow's own GITHUB_TOKEN reads no other private repository.";

    private const string Sso =
        "The organisation demands single sign-on: open the token under GitHub's Settings > Developer settings > Personal access tokens, choose "
        + "Configure SSO and authorise it for the organisation.";

    private const string Blocked =
        "GitHub blocked this repository (a legal notice or a breach of its terms). It is left alone and its mirror stays as it is; the owner "
        + "must settle it with GitHub.";

    /// <summary>Rows are tried from the top; texts before bare statuses. A single word could be part of a name, so it needs its status too.</summary>
    private static readonly FailureRule[] Rules =
    [
        new(["repository access blocked"], HostFailureKind.Blocked, Blocked),
        new(["unavailable due to DMCA takedown"], HostFailureKind.Blocked, Blocked),
        new(["\"reason\":", "dmca"], HostFailureKind.Blocked, Blocked),
        new(451, HostFailureKind.Blocked, Blocked),
        new(
            ["disabled by GitHub staff"],
            HostFailureKind.Disabled,
            "GitHub's staff switched this repository off. Its mirror stays as it is; the owner must contact GitHub support."
        ),
        new(
            ["is disabled", "ask the owner"],
            HostFailureKind.Disabled,
            "GitHub switched this repository off, often for an unpaid bill. Its owner must check the account."
        ),
        new(
            ["locked for migration"],
            HostFailureKind.Disabled,
            "The repository is locked while GitHub moves it elsewhere; exclude it, or mirror it from its new place."
        ),
        new(
            ["account", "suspended"],
            HostFailureKind.Unauthorized,
            "The GitHub account of this token is suspended. Use the token of an active account."
        ),
        new(["bad credentials"], HostFailureKind.Unauthorized, DeadToken),
        new(["invalid username or token"], HostFailureKind.Unauthorized, DeadToken),
        new(["invalid username or password"], HostFailureKind.Unauthorized, DeadToken),
        new(["support for password authentication was removed"], HostFailureKind.Unauthorized, DeadToken),
        new(["requires authentication"], HostFailureKind.Unauthorized, "GitHub asks for a token here. " + TokenAdvice),
        new(["write access to repository not granted"], HostFailureKind.Forbidden, NoContents),
        new(["resource not accessible by integration"], HostFailureKind.Forbidden, "An Actions or App token may not do this. " + TokenAdvice),
        new(
            ["resource not accessible by personal access token"],
            HostFailureKind.Forbidden,
            "The fine-grained token lacks a permission, or the organisation has not approved it yet. " + TokenAdvice
        ),
        new(
            ["forbids access via a"],
            HostFailureKind.Forbidden,
            "The organisation's rules refuse this kind of token or its lifetime; its owners set them under Settings > Personal access "
                + "tokens. "
                + TokenAdvice
        ),
        new(403, ["SAML"], HostFailureKind.Forbidden, Sso),
        new(["single sign-on"], HostFailureKind.Forbidden, Sso),
        new(
            ["IP allow list"],
            HostFailureKind.Forbidden,
            "The organisation's IP allow list does not hold the runner's address: add it, or use a self-hosted or larger runner with a fixed "
                + "address."
        ),
        new(
            ["rate limit"],
            HostFailureKind.RateLimited,
            "GitHub wants fewer requests from this token; run again later or less often. GITHUB_TOKEN has 1,000 requests an hour, a personal "
                + "token 5,000."
        ),
        new(
            ["abuse detection"],
            HostFailureKind.RateLimited,
            "GitHub wants fewer requests from this token; run again later, or lower the input concurrency."
        ),
        new(
            ["repository not found"],
            HostFailureKind.NotFound,
            "The repository does not exist (any more), or the token does not reach it. " + NoContents
        ),
        new(429, HostFailureKind.RateLimited, "GitHub wants fewer requests from this token; run again later, or lower the input concurrency."),
        new(401, HostFailureKind.Unauthorized, DeadToken),
        new(403, HostFailureKind.Forbidden, NoContents),
        new(404, HostFailureKind.NotFound, "It does not exist (any more), or the token does not reach it. " + NoContents),
    ];

    /// <summary>The meaning of a refusal; null when GitHub has no word of its own for it.</summary>
    public static HostFailure? Explain(int? status, string text) =>
        FailureRule.Find(Rules, status, text)
        ?? status switch
        {
            408 or >= 500 => new(HostFailureKind.Unavailable, "GitHub is in trouble; see https://www.githubstatus.com and run again later."),
            _ => null,
        };

    /// <summary>The meaning of a refusal over REST, where a header may name single sign-on.</summary>
    public static HostFailure? Explain(RestResponse answer) =>
        answer.Header(SsoHeader)?.StartsWith("required", StringComparison.OrdinalIgnoreCase) == true
            ? new HostFailure(HostFailureKind.Forbidden, Sso)
            : Explain(answer.Status, answer.Text);

    /// <summary>
    /// The failure of a listing from which GitHub left out what the token is not authorised for: what is missing would look deleted.
    /// </summary>
    public static HostException PartialListing(RestResponse answer) =>
        new(
            $"{answer.Request} listed only a part of the repositories: the token is not authorised for the organisation's single sign-on.",
            new HostFailure(HostFailureKind.Forbidden, Sso)
        )
        {
            Status = answer.Status,
        };

    /// <summary>Whether GitHub says that it left something out.</summary>
    public static bool IsPartial(RestResponse answer) =>
        answer.Header(SsoHeader)?.StartsWith("partial-results", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The sentences for people in a refusal's body; null when there are none.</summary>
    public static string? ReadMessage(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, GitHubJson.Default.GitHubError) is { Message: { } message } error
                ? string.Join(' ', [message, .. Details(error.Errors)])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    private static IEnumerable<string> Details(JsonElement errors) =>
        errors.ValueKind != JsonValueKind.Array
            ? []
            : errors
                .EnumerateArray()
                .Select(error => error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message) ? message : error)
                .Where(text => text.ValueKind == JsonValueKind.String)
                .Select(text => text.GetString()!);

    private const string SsoHeader = "X-GitHub-SSO";
}
