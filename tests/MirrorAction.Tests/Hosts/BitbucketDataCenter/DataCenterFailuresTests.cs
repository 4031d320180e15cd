using System.Text;
using MirrorAction.Hosts;
using MirrorAction.Hosts.BitbucketDataCenter;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

public sealed class DataCenterFailuresTests
{
    private static readonly HostSettings Settings = new()
    {
        WebUrl = new Uri("https://git.acme.example/bitbucket"),
        ApiUrl = new Uri("https://git.acme.example/bitbucket/rest/api/1.0"),
        Token = "something",
        Writes = true,
        Credential = "a token (destination-token)",
    };

    private static HostFailure? ExplainRest(string method, int status, string text, string? denied = null)
    {
        using var response = new HttpResponseMessage();
        if (denied is not null)
            response.Headers.Add("X-Authentication-Denied-Reason", denied);
        return new DataCenterFailures(Settings).Explain(
            new RestResponse("a request", status, response.Headers, "application/json", Encoding.UTF8.GetBytes(text))
            {
                Method = HttpMethod.Parse(method),
            }
        );
    }

    // What hooks and git write on the remote: channel.
    [Theory]
    [InlineData(
        "Branch refs/heads/main can only be modified through pull requests. Check your branch permissions configuration with the project administrator.",
        HostFailureKind.RefRejected,
        "Branch permissions"
    )]
    [InlineData("You have insufficient permissions to update refs/heads/main", HostFailureKind.RefRejected, "exceptions")]
    [InlineData(
        "You are attempting to update refs that are reserved for Bitbucket's pull request functionality. Rejected refs: refs/pull-requests/1/from",
        HostFailureKind.RefRejected,
        "input refs"
    )]
    [InlineData("refusing: deletion of the current branch prohibited", HostFailureKind.RefRejected, "default branch")]
    [InlineData("Force pushes are not allowed: force push to refs/heads/main", HostFailureKind.RefRejected, "Reject Force Push")]
    [InlineData("You can only push your own commits in this repository", HostFailureKind.RefRejected, "Verify Committer")]
    [InlineData("A commit signature is missing", HostFailureKind.RefRejected, "unsigned")]
    [InlineData("Hook com.acme.hooks.FileSize failed. pre-receive hook declined", HostFailureKind.RefRejected, "Hooks")]
    [InlineData("The repository ACME/website is archived and cannot be modified.", HostFailureKind.Forbidden, "unarchive")]
    [InlineData("Git LFS is disabled for this repository", HostFailureKind.Forbidden, "lfs: false")]
    [InlineData("Log in in your browser to solve the CAPTCHA.", HostFailureKind.Unauthorized, "https://git.acme.example/bitbucket")]
    public void Words_on_the_git_channel_have_a_meaning(string text, HostFailureKind kind, string hint)
    {
        var failure = new DataCenterFailures(Settings).Explain(null, text).ShouldNotBeNull();

        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
    }

    [Theory]
    [InlineData(401, "", HostFailureKind.Unauthorized, "a token (destination-token)")]
    [InlineData(401, "CAPTCHA required", HostFailureKind.Unauthorized, "solve it")]
    [InlineData(403, "CAPTCHA required", HostFailureKind.Unauthorized, "solve it")]
    [InlineData(403, "", HostFailureKind.Forbidden, "Repository admin")]
    [InlineData(404, "", HostFailureKind.NotFound, "destination-owner")]
    [InlineData(413, "<html>Request Entity Too Large</html>", HostFailureKind.TooLarge, "client_max_body_size")]
    [InlineData(429, "", HostFailureKind.RateLimited, "exempt")]
    [InlineData(503, "", HostFailureKind.Unavailable, "maintenance")]
    public void Status_on_the_git_channel_has_a_meaning(int status, string text, HostFailureKind kind, string hint)
    {
        var failure = new DataCenterFailures(Settings).Explain(status, text).ShouldNotBeNull();

        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
    }

    [Theory]
    [InlineData(null, "refs/heads/fix-captcha-lfs-archived was refused")]
    [InlineData(null, "refs/heads/force-push-repository: failed to update ref")]
    [InlineData(200, "")]
    [InlineData(400, "something else")]
    public void Words_that_may_be_part_of_a_name_mean_nothing(int? status, string text) =>
        new DataCenterFailures(Settings).Explain(status, text).ShouldBeNull();

    [Theory]
    [InlineData("POST", 409, "already taken by", null, HostFailureKind.Forbidden, "does not see it")]
    [InlineData("PUT", 409, "no", null, HostFailureKind.Forbidden, "message says why")]
    [InlineData("POST", 400, "name: must start with a letter", "ConstraintViolationException", HostFailureKind.Protocol, "message says why")]
    [InlineData("POST", 404, "Project X does not exist.", "project.NoSuchProjectException", HostFailureKind.NotFound, "key of a project")]
    [InlineData("GET", 401, "Vous n'avez pas le droit", "AuthorisationException", HostFailureKind.Forbidden, "Project admin")]
    [InlineData("GET", 401, "Authentication failed.", "auth.IncorrectPasswordAuthenticationException", HostFailureKind.Unauthorized, "expired")]
    [InlineData("PUT", 409, "archiviert", "repository.RepositoryArchivedException", HostFailureKind.Forbidden, "unarchive")]
    public void Refusal_over_rest_has_a_meaning(string method, int status, string said, string? exception, HostFailureKind kind, string hint)
    {
        var failure = ExplainRest(method, status, DataCenterScript.Refusal(said, exception)).ShouldNotBeNull();

        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public void Captcha_is_told_by_a_header(int status)
    {
        var failure = ExplainRest("GET", status, "", "CAPTCHA_CHALLENGE; login-url=https://git.acme.example/bitbucket/login").ShouldNotBeNull();

        failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        failure.Hint.ShouldContain("CAPTCHA");
    }

    [Fact]
    public void Hints_are_short_enough_to_be_shown_whole_and_say_what_to_create()
    {
        foreach (var settings in new[] { Settings, Settings with { Writes = false }, Settings with { Token = null } })
        {
            var hint = new DataCenterFailures(settings).Explain(401, "").ShouldNotBeNull().Hint;
            hint.ShouldContain("create an HTTP access token");
            hint.ShouldContain(settings.Writes ? "Project admin" : "Project read");
            hint.Length.ShouldBeLessThan(1000, "it would be cut");
        }
    }

    [Theory]
    [InlineData("""{"errors":[{"context":"name","message":"Too long."},null,{"message":"And wrong."}]}""", "name: Too long. And wrong.")]
    [InlineData("""{"errors":[]}""", "")]
    [InlineData("""{"message":"null for uri: x","status-code":404}""", "null for uri: x")]
    [InlineData("""{"errors":"x"}""", null)]
    [InlineData("""{"other":1}""", null)]
    [InlineData("""{"errors":[{"message":"\ud800"}]}""", null)]
    [InlineData("[]", null)]
    [InlineData("in plain text", null)]
    public void Sentences_of_a_refusal_are_read(string body, string? said) => (DataCenterError.TryRead(body)?.Message).ShouldBe(said);
}
