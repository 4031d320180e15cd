using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.GitHub;

public sealed class GitHubAppFailuresTests
{
    [Theory]
    [InlineData(401, """{"message":"'Expiration time' claim ('exp') is too far in the future"}""", HostFailureKind.Unauthorized, "clock")]
    [InlineData(
        401,
        """{"message":"'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"}""",
        HostFailureKind.Unauthorized,
        "clock"
    )]
    [InlineData(401, """{"message":"A JSON web token could not be decoded"}""", HostFailureKind.Unauthorized, "generate a new private key")]
    [InlineData(404, """{"message":"Integration not found"}""", HostFailureKind.Unauthorized, "no App with this id")]
    [InlineData(403, """{"message":"This installation has been suspended"}""", HostFailureKind.Forbidden, "suspended")]
    [InlineData(403, """{"message":"Resource not accessible by integration"}""", HostFailureKind.Forbidden, "Contents: read")]
    [InlineData(401, """{"message":"Bad credentials"}""", HostFailureKind.Unauthorized, "still installed")]
    [InlineData(
        401,
        "remote: Invalid username or token. Password authentication is not supported for Git operations.",
        HostFailureKind.Unauthorized,
        "still installed"
    )]
    [InlineData(401, "", HostFailureKind.Unauthorized, "still installed")]
    [InlineData(404, "remote: Repository not found.", HostFailureKind.NotFound, "All repositories")]
    [InlineData(404, """{"message":"Not Found"}""", HostFailureKind.NotFound, "All repositories")]
    [InlineData(403, "remote: Write access to repository not granted.", HostFailureKind.Forbidden, "All repositories")]
    [InlineData(403, "", HostFailureKind.Forbidden, "installation does not reach")]
    [InlineData(403, "remote: Access to this repository has been disabled by GitHub staff.", HostFailureKind.Disabled, "support")]
    [InlineData(451, "", HostFailureKind.Blocked, "legal")]
    [InlineData(403, """{"message":"You have exceeded a secondary rate limit."}""", HostFailureKind.RateLimited, "requests")]
    public void Refusal_of_an_App_has_a_cause_and_a_cure_of_its_own(int status, string text, HostFailureKind kind, string hint)
    {
        var failure = GitHubAppFailures.Explain(status, text).ShouldNotBeNull();
        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
        failure.Hint.ShouldNotContain("fine-grained");
        failure.Hint.Length.ShouldBeLessThan(1000, "it would be cut");
    }

    [Theory]
    [InlineData(null, "upload-pack: not our ref 1234")]
    [InlineData(null, "unknown ref refs/heads/issuers-suspended-expiration")]
    [InlineData(418, "teapot")]
    public void What_is_not_githubs_own_is_left_to_the_caller(int? status, string text) => GitHubAppFailures.Explain(status, text).ShouldBeNull();
}
