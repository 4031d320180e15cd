using System.Text;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitLab;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitLab;

public sealed class GitLabFailuresTests
{
    private static GitLabFailures Failures(bool writes = true, string credential = "a token (destination-token)") =>
        new(
            new HostSettings
            {
                WebUrl = new Uri("https://gitlab.com"),
                ApiUrl = new Uri("https://gitlab.com/api/v4"),
                Writes = writes,
                Credential = credential,
            }
        );

    [Theory]
    [InlineData(null, "remote: " + GitLabTexts.ForcePush, HostFailureKind.RefRejected, "Unprotect")]
    [InlineData(null, "remote: " + GitLabTexts.DeleteProtected, HostFailureKind.RefRejected, "Unprotect")]
    [InlineData(null, "GitLab: You are not allowed to push code to protected branches on this project.", HostFailureKind.RefRejected, "Unprotect")]
    [InlineData(null, "GitLab: You are not allowed to create protected branches on this project.", HostFailureKind.RefRejected, "Unprotect")]
    [InlineData(null, GitLabTexts.DeleteDefault, HostFailureKind.RefRejected, "choose another one first")]
    [InlineData(null, GitLabTexts.Hexadecimal, HostFailureKind.RefRejected, "refs")]
    [InlineData(null, "GitLab: You cannot create a branch with a SHA-1 or SHA-256 branch name", HostFailureKind.RefRejected, "refs")]
    [InlineData(null, "GitLab: Protected tags cannot be updated.", HostFailureKind.RefRejected, "Protected tags")]
    [InlineData(null, "GitLab: LFS objects are missing. Ensure LFS is properly set up", HostFailureKind.Lfs, "lfs")]
    [InlineData(null, "GitLab: Commit message does not follow the pattern 'x'", HostFailureKind.RefRejected, "push rules")]
    [InlineData(null, "pre-receive hook declined", HostFailureKind.RefRejected, "rule")]
    [InlineData(
        null,
        "GitLab: You are attempting to check in one or more blobs which exceed the 100MiB limit: 0123",
        HostFailureKind.FileTooLarge,
        "git lfs migrate"
    )]
    [InlineData(
        null,
        "GitLab: Your push has been rejected, because this repository has exceeded its size limit of 10 GB by 1 GB.",
        HostFailureKind.TooLarge,
        "10 GB"
    )]
    [InlineData(
        null,
        "Your push to this repository cannot be completed because the namespace storage limit of 10 GiB is reached.",
        HostFailureKind.Quota,
        "storage"
    )]
    [InlineData(null, "GitLab is currently unable to handle this request due to load.", HostFailureKind.Unavailable, "overloaded")]
    [InlineData(403, "The repository is temporarily read-only. Please try again later.", HostFailureKind.Unavailable, "later")]
    [InlineData(403, "Forbidden\n", HostFailureKind.RateLimited, "15 minutes")]
    [InlineData(403, GitLabTexts.NoPush, HostFailureKind.Forbidden, "Maintainer")]
    [InlineData(403, "Pushing over HTTP is not allowed.", HostFailureKind.Forbidden, "administrator")]
    [InlineData(404, GitLabTexts.NotFound, HostFailureKind.NotFound, "destination-owner")]
    [InlineData(401, GitLabTexts.AccessDenied, HostFailureKind.Unauthorized, "a token (destination-token)")]
    [InlineData(413, "", HostFailureKind.TooLarge, "5 GiB")]
    [InlineData(429, "Retry later", HostFailureKind.RateLimited, "concurrency")]
    [InlineData(502, "GitLab is not responding", HostFailureKind.Unavailable, "status.gitlab.com")]
    public void Refusal_on_the_git_channel_is_explained(int? status, string text, HostFailureKind kind, string hint)
    {
        var failure = Failures().Explain(status, text).ShouldNotBeNull();

        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
        failure.Hint.Length.ShouldBeLessThan(1000, "it would be cut");
    }

    [Theory]
    [InlineData(
        403,
        """{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}""",
        HostFailureKind.Forbidden,
        "lacks a scope"
    )]
    [InlineData(
        401,
        """{"error":"invalid_token","error_description":"Token was revoked. You have to re-authorize from the user."}""",
        HostFailureKind.Unauthorized,
        "revoked"
    )]
    [InlineData(401, """{"message":"401 Unauthorized"}""", HostFailureKind.Unauthorized, "revoked")]
    [InlineData(
        400,
        """{"message":{"visibility_level":["public is not allowed in a private group."]}}""",
        HostFailureKind.Forbidden,
        "destination-visibility"
    )]
    [InlineData(400, """{"message":{"namespace":["is not valid"]}}""", HostFailureKind.Forbidden, "Maintainer")]
    [InlineData(400, """{"message":{"path":["has already been taken"]}}""", HostFailureKind.Forbidden, "Delete immediately")]
    [InlineData(400, """{"message":{"limit_reached":["Your project limit is 10 projects!"]}}""", HostFailureKind.Quota, "group")]
    [InlineData(400, """{"message":{"base":["Could not set the default branch"]}}""", HostFailureKind.Protocol, "default branch")]
    [InlineData(400, """{"error":"name is missing"}""", HostFailureKind.Protocol, "message says why")]
    [InlineData(403, """{"message":"403 Forbidden"}""", HostFailureKind.Forbidden, "Maintainer")]
    [InlineData(404, """{"message":"404 Group Not Found"}""", HostFailureKind.NotFound, "full path")]
    [InlineData(500, """{"message":"500 Internal Server Error"}""", HostFailureKind.Unavailable, "trouble")]
    public void Refusal_over_rest_is_explained(int status, string body, HostFailureKind kind, string hint)
    {
        using var response = new HttpResponseMessage();
        var answer = new RestResponse("GitLab: a request", status, response.Headers, "application/json", Encoding.UTF8.GetBytes(body));

        var failure = Failures().Explain(answer).ShouldNotBeNull();
        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
        failure.Hint.Length.ShouldBeLessThan(1000, "it would be cut");
    }

    [Theory]
    [InlineData(true, "scope api")]
    [InlineData(false, "read_api and read_repository")]
    public void Token_to_make_is_the_one_of_the_role(bool writes, string token) =>
        Failures(writes).Explain(401, "").ShouldNotBeNull().Hint.ShouldContain(token);

    [Fact]
    public void Text_without_meaning_is_not_explained() => Failures().Explain(null, "early EOF").ShouldBeNull();

    [Theory]
    [InlineData("""{"message":"404 Project Not Found"}""", "404 Project Not Found")]
    [InlineData("""{"message":{"path":["is bad","is long"],"name":["is bad"]}}""", "path: is bad path: is long name: is bad")]
    [InlineData("""{"message":{"error":"Too many"}}""", "error: Too many")]
    [InlineData("""{"error":"invalid_token","error_description":"Token was revoked."}""", "invalid_token Token was revoked.")]
    [InlineData("""{"message":{"a":{"b":{"c":{"d":{"e":"deep"}}}}}}""", null)]
    [InlineData("""{"message":7}""", null)]
    [InlineData("""{"message":"\ud800"}""", null)]
    [InlineData("""{"message":""", null)]
    [InlineData("Retry later", null)]
    public void Sentences_of_a_refusal_are_read(string body, string? said) => GitLabError.TryRead(body).ShouldBe(said);
}
