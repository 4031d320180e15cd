using System.Text;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Gitea;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Gitea;

public sealed class GiteaFailuresTests
{
    private static HostSettings Settings(bool writes) =>
        new()
        {
            WebUrl = new Uri("https://gitea.example"),
            ApiUrl = new Uri("https://gitea.example/api/v1"),
            Token = "something",
            Writes = writes,
        };

    private static HostFailure? ExplainRest(string method, int status, string text)
    {
        using var response = new HttpResponseMessage();
        return new GiteaFailures(Settings(writes: true)).Explain(
            new RestResponse("Gitea: a request", status, response.Headers, "application/json", Encoding.UTF8.GetBytes(text))
            {
                Method = HttpMethod.Parse(method),
            }
        );
    }

    // On the git channel; without a status it is git itself, or a hook, that refuses.
    [Theory]
    [InlineData(401, "Unauthorized", HostFailureKind.Unauthorized, "destination-url")]
    [InlineData(403, "mirror repository is read-only", HostFailureKind.Forbidden, "Convert to regular repository")]
    [InlineData(
        403,
        "This repo is archived. You can view files and clone it, but cannot push or open issues/pull-requests.",
        HostFailureKind.Forbidden,
        "un-archive"
    )]
    [InlineData(403, "Push to create is not enabled for organizations.", HostFailureKind.NotFound, "does not reach it")]
    [InlineData(
        403,
        "Repository cannot be accessed. You cannot push or open issues/pull-requests.",
        HostFailureKind.Disabled,
        "administrators of the host"
    )]
    [InlineData(
        401,
        "Users with two-factor authentication enabled cannot perform HTTP/HTTPS operations via plain username and password. Please create and use a personal access token",
        HostFailureKind.Unauthorized,
        "access token"
    )]
    [InlineData(403, "Interacting with repositories by HTTP protocol is not allowed", HostFailureKind.Forbidden, "DISABLE_HTTP_GIT")]
    [InlineData(403, "Your account is disabled.", HostFailureKind.Disabled, "disabled")]
    [InlineData(403, "Forbidden", HostFailureKind.Forbidden, "write:repository")]
    [InlineData(404, "Repository not found", HostFailureKind.NotFound, "write access")]
    [InlineData(413, "<html>413 Request Entity Too Large</html>", HostFailureKind.TooLarge, "client_max_body_size")]
    [InlineData(429, "", HostFailureKind.RateLimited, "concurrency")]
    [InlineData(
        null,
        "Gitea: branch main is the default branch and cannot be deleted pre-receive hook declined",
        HostFailureKind.RefRejected,
        "choose another"
    )]
    [InlineData(null, "Gitea: branch main is protected from force push pre-receive hook declined", HostFailureKind.RefRejected, "force push")]
    [InlineData(null, "Gitea: branch main is protected from deletion", HostFailureKind.RefRejected, "force push")]
    [InlineData(null, "Forgejo: Not allowed to push to protected branch main", HostFailureKind.RefRejected, "Settings > Branches")]
    [InlineData(null, "Gitea: Tag v1 is protected", HostFailureKind.RefRejected, "Settings > Tags")]
    [InlineData(null, "Gitea: User permission denied for writing.", HostFailureKind.Forbidden, "write:repository")]
    [InlineData(null, "Forgejo: Quota exceeded pre-receive hook declined", HostFailureKind.Quota, "quota")]
    [InlineData(null, "Gitea: New repository size is over limitation of 1 GiB", HostFailureKind.TooLarge, "shrink")]
    [InlineData(null, "deny updating a hidden ref", HostFailureKind.RefRejected, "refs")]
    [InlineData(null, "pre-receive hook declined", HostFailureKind.RefRejected, "rule")]
    public void Refusal_of_git_has_a_kind_and_a_hint(int? status, string text, HostFailureKind kind, string hint)
    {
        var failure = new GiteaFailures(Settings(writes: true)).Explain(status, text).ShouldNotBeNull();

        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
    }

    [Theory]
    [InlineData(null, "non-fast-forward")]
    [InlineData(500, "Internal Server Error")]
    [InlineData(400, "")]
    public void What_is_said_by_no_rule_is_not_explained(int? status, string text) =>
        new GiteaFailures(Settings(writes: true)).Explain(status, text).ShouldBeNull();

    [Theory]
    [InlineData(
        "GET",
        403,
        """{"message":"token does not have at least one of required scope(s): [read:organization]"}""",
        HostFailureKind.Forbidden
    )]
    [InlineData("GET", 404, """{"message":"The target couldn't be found."}""", HostFailureKind.NotFound)]
    [InlineData("GET", 429, "slow down", HostFailureKind.RateLimited)]
    [InlineData("GET", 413, """{"message":"quota exceeded"}""", HostFailureKind.Quota)]
    [InlineData("POST", 404, """{"message":"org does not exist"}""", HostFailureKind.NotFound)]
    [InlineData("POST", 409, """{"message":"The repository with the same name already exists."}""", HostFailureKind.Forbidden)]
    [InlineData("POST", 422, """{"message":"name is reserved [name: -]"}""", HostFailureKind.Protocol)]
    [InlineData("PATCH", 422, """{"message":"branch x does not exist"}""", HostFailureKind.Protocol)]
    [InlineData("PATCH", 423, """{"message":"acme/x is archived"}""", HostFailureKind.Forbidden)]
    public void Refusal_of_rest_has_a_kind(string method, int status, string text, HostFailureKind kind) =>
        ExplainRest(method, status, text).ShouldNotBeNull().Kind.ShouldBe(kind);

    [Theory]
    [InlineData(true, "destination-token", "write:organization")]
    [InlineData(false, "source-token", "read:organization")]
    public void Hint_names_the_input_and_the_scopes_of_the_role(bool writes, string input, string scope)
    {
        var hint = new GiteaFailures(Settings(writes)).Explain(403, "token scope").ShouldNotBeNull().Hint;

        hint.ShouldContain(input);
        hint.ShouldContain(scope);
    }

    [Theory]
    [InlineData("""{"message":"one","url":"https://gitea.example/api/swagger"}""", "one")]
    [InlineData("""{"message":"one","errors":["two",3,"three"]}""", "one two three")]
    [InlineData("""{"errors":{"a":1},"message":""}""", null)]
    [InlineData("""{"message":5}""", null)]
    [InlineData("""{"message":"\ud800"}""", null)]
    [InlineData("one", null)]
    public void Sentence_for_people_is_read(string body, string? sentence) => GiteaError.Read(body).ShouldBe(sentence);
}
