using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.GitHub;

public sealed class GitHubFailuresTests
{
    [Theory]
    [InlineData(
        401,
        """{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}""",
        HostFailureKind.Unauthorized,
        "Contents: read"
    )]
    [InlineData(
        401,
        "remote: Invalid username or token. Password authentication is not supported for Git operations.",
        HostFailureKind.Unauthorized,
        "github-token"
    )]
    [InlineData(401, "", HostFailureKind.Unauthorized, "expired")]
    [InlineData(401, """{"message":"Requires authentication"}""", HostFailureKind.Unauthorized, "asks for a token")]
    [InlineData(403, "remote: Your account is suspended. Please visit the support.", HostFailureKind.Unauthorized, "suspended")]
    [InlineData(404, """{"message":"Not Found"}""", HostFailureKind.NotFound, "does not reach")]
    [InlineData(404, "remote: Repository not found.", HostFailureKind.NotFound, "does not exist")]
    [InlineData(null, "remote: Repository not found.", HostFailureKind.NotFound, "does not exist")]
    [InlineData(
        451,
        """{"message":"Repository access blocked","block":{"reason":"dmca","created_at":"2020-01-01T00:00:00Z"}}""",
        HostFailureKind.Blocked,
        "mirror stays"
    )]
    [InlineData(
        403,
        """{"message":"Repository access blocked","block":{"reason":"tos","created_at":"2020-01-01T00:00:00Z"}}""",
        HostFailureKind.Blocked,
        "terms"
    )]
    [InlineData(451, "", HostFailureKind.Blocked, "legal")]
    [InlineData(403, "remote: Repository unavailable due to DMCA takedown.", HostFailureKind.Blocked, "legal")]
    [InlineData(403, "remote: Access to this repository has been disabled by GitHub staff.", HostFailureKind.Disabled, "support")]
    [InlineData(
        403,
        "remote: Repository 'acme/a' is disabled.\nremote: Please ask the owner to check their account.",
        HostFailureKind.Disabled,
        "account"
    )]
    [InlineData(403, """{"message":"Repository has been locked for migration"}""", HostFailureKind.Disabled, "exclude it")]
    [InlineData(403, "remote: Write access to repository not granted.", HostFailureKind.Forbidden, "Contents: read")]
    [InlineData(403, """{"message":"Resource not accessible by integration"}""", HostFailureKind.Forbidden, "github-token")]
    [InlineData(403, """{"message":"Resource not accessible by personal access token"}""", HostFailureKind.Forbidden, "approved")]
    [InlineData(
        403,
        """{"message":"`acme` forbids access via a personal access token (classic)."}""",
        HostFailureKind.Forbidden,
        "Personal access tokens"
    )]
    [InlineData(403, """{"message":"Resource protected by organization SAML enforcement."}""", HostFailureKind.Forbidden, "Configure SSO")]
    [InlineData(403, """{"message":"the `acme` organization has an IP allow list enabled"}""", HostFailureKind.Forbidden, "runner's address")]
    [InlineData(403, "", HostFailureKind.Forbidden, "All repositories")]
    [InlineData(403, """{"message":"You have exceeded a secondary rate limit."}""", HostFailureKind.RateLimited, "5,000")]
    [InlineData(429, "", HostFailureKind.RateLimited, "concurrency")]
    [InlineData(503, "", HostFailureKind.Unavailable, "githubstatus")]
    public void Refusal_has_a_cause_and_a_cure(int? status, string text, HostFailureKind kind, string hint)
    {
        var failure = GitHubFailures.Explain(status, text).ShouldNotBeNull();
        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
        GitHubFailures.Explain(status, text.ToUpperInvariant()).ShouldBe(failure);
    }

    [Theory]
    [InlineData(null, "upload-pack: not our ref 1234")]
    [InlineData(null, "unknown ref refs/heads/saml")]
    [InlineData(418, "teapot")]
    public void What_is_not_githubs_own_is_left_to_the_caller(int? status, string text) => GitHubFailures.Explain(status, text).ShouldBeNull();
}
