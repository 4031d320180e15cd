using System.Text;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Bitbucket;

public sealed class BitbucketFailuresTests
{
    private static readonly BitbucketOptions Options = new()
    {
        Workspace = "acme-mirror",
        ProjectKey = "MIR",
        Token = "something",
    };

    private static HostFailure? Explain(int? status, string text, string? email = null) =>
        new BitbucketFailures(Options with { Email = email }).Explain(status, text);

    private static HostFailure? ExplainRest(string method, int status, string text)
    {
        using var response = new HttpResponseMessage();
        return new BitbucketFailures(Options).Explain(
            new RestResponse("Bitbucket: a request", status, response.Headers, "application/json", Encoding.UTF8.GetBytes(text))
            {
                Method = HttpMethod.Parse(method),
            }
        );
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(403, "")]
    [InlineData(403, "Your credentials lack one or more required privilege scopes.")]
    public void One_who_only_reads_is_asked_for_no_more(int status, string text)
    {
        var consumer = new BitbucketConsumer("key", "secret");
        foreach (
            var options in (BitbucketOptions[])
                [Options, Options with { Token = null }, Options with { Email = "robot@acme.example" }, Options with { Consumer = consumer }]
        )
        {
            var hint = new BitbucketFailures(options with { Writes = false }).Explain(status, text).ShouldNotBeNull().Hint;
            hint.ShouldContain("read");
            hint.ShouldNotContain("write");
            hint.ShouldNotContain("admin");
        }
    }

    // Over REST, when a repository is to be created.
    [Theory]
    [InlineData(
        400,
        """{"type":"error","error":{"fields":{"name":["You already have a repository with this name."]},"message":"Repository with this Slug and Owner already exists."}}""",
        HostFailureKind.Forbidden,
        "do not see it"
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"message":"Invalid slug. Slugs must be lowercase, alphanumerical, and may also contain underscores, dashes, or dots."}}""",
        HostFailureKind.Protocol,
        "repository's name"
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes."}}""",
        HostFailureKind.Forbidden,
        "admin:repository:bitbucket"
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"message":"You cannot create repositories here."}}""",
        HostFailureKind.Forbidden,
        "workspace acme-mirror, project MIR"
    )]
    [InlineData(
        400,
        """{"type":"error","error":{"message":"Bad request","fields":{"project":["Unknown."]}}}""",
        HostFailureKind.Protocol,
        "workspace acme-mirror, project MIR"
    )]
    [InlineData(401, "Token is invalid, expired, or not supported for this endpoint.", HostFailureKind.Unauthorized, "bitbucket-email")]
    [InlineData(401, "", HostFailureKind.Unauthorized, "expired")]
    [InlineData(
        401,
        """{"type":"error","error":{"message":"App passwords are deprecated"}}""",
        HostFailureKind.Unauthorized,
        "API token with scopes"
    )]
    [InlineData(402, "", HostFailureKind.Quota, "plan")]
    [InlineData(
        403,
        """{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"granted":["read:repository:bitbucket"],"required":["admin:repository:bitbucket","write:repository:bitbucket"]}}}""",
        HostFailureKind.Forbidden,
        "This call needs: admin:repository:bitbucket, write:repository:bitbucket."
    )]
    [InlineData(
        403,
        """{"type":"error","error":{"message":"This API is not accessible by this authentication mechanism"}}""",
        HostFailureKind.Forbidden,
        "workspace access token"
    )]
    [InlineData(403, "Access denied", HostFailureKind.Forbidden, "workspace acme-mirror")]
    [InlineData(403, "To access this repository, an admin must whitelist your IP.", HostFailureKind.Forbidden, "allowlist")]
    [InlineData(
        404,
        "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.",
        HostFailureKind.NotFound,
        "not created"
    )]
    [InlineData(404, """{"type":"error","error":{"message":"No workspace with identifier 'x'."}}""", HostFailureKind.NotFound, "bitbucket-workspace")]
    [InlineData(404, "", HostFailureKind.NotFound, "in an outage")]
    [InlineData(409, "", HostFailureKind.Forbidden, "exists")]
    [InlineData(
        410,
        """{"type":"error","error":{"message":"CHANGE-2770 - Functionality has been deprecated","detail":"Please read the changelog entry for more details.","data":{"announcement_url":"https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}}}""",
        HostFailureKind.Protocol,
        "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"
    )]
    [InlineData(410, "This account has been marked as spam.", HostFailureKind.Disabled, "support")]
    [InlineData(410, "", HostFailureKind.Protocol, "removed")]
    [InlineData(429, "", HostFailureKind.RateLimited, "1,000")]
    [InlineData(429, "Rate limit for this resource has been exceeded", HostFailureKind.RateLimited, "an hour")]
    [InlineData(404, """{"type":"error","error":{"message":"Not found"}}""", HostFailureKind.NotFound, "no workspace acme-mirror")]
    [InlineData(500, "", HostFailureKind.Unavailable, "status.atlassian.com")]
    [InlineData(503, "<html>maintenance</html>", HostFailureKind.Unavailable, "in trouble")]
    public void Refusal_over_rest_has_a_cause_and_a_cure(int status, string text, HostFailureKind kind, string hint) =>
        Check(said => ExplainRest("POST", status, said), text, kind, hint);

    // What was asked for decides what a bare status means.
    [Theory]
    [InlineData(
        "PUT",
        400,
        """{"error":{"message":"Bad request","fields":{"mainbranch":["Branch 'trunk' does not exist."]}}}""",
        "main branch",
        "create"
    )]
    [InlineData("PUT", 400, """{"error":{"message":"Bad request","fields":{"is_private":["Not here."]}}}""", "destination-visibility", "create")]
    [InlineData("PUT", 400, "", "change", "create")]
    [InlineData("PUT", 403, "", "admin:repository:bitbucket", "create")]
    [InlineData("PUT", 404, "", "renamed or deleted", "no workspace")]
    [InlineData("PUT", 429, "", "REST", "git")]
    [InlineData("GET", 400, "", "bitbucket-api-url", "create")]
    [InlineData("GET", 403, "", "admin:repository:bitbucket", "create")]
    [InlineData("GET", 404, "", "renamed or deleted", "no workspace")]
    [InlineData("POST", 400, "", "project MIR", "change")]
    [InlineData("POST", 404, "", "bitbucket-workspace", "renamed")]
    public void Cure_is_about_what_was_asked_for(string method, int status, string text, string hint, string notHint)
    {
        var failure = ExplainRest(method, status, text).ShouldNotBeNull();
        failure.Hint.ShouldContain(hint);
        failure.Hint.ShouldNotContain(notHint);
    }

    [Theory]
    [InlineData(400, "bitbucket-git-url", "create")]
    [InlineData(403, "write:repository:bitbucket", "create repositories")]
    [InlineData(429, "git requests", "REST")]
    public void Cure_for_git_is_about_git(int status, string hint, string notHint)
    {
        var failure = Explain(status, "").ShouldNotBeNull();
        failure.Hint.ShouldContain(hint);
        failure.Hint.ShouldNotContain(notHint);
    }

    // Over git: HTTP statuses, remote: lines and the reasons of single refs.
    [Theory]
    [InlineData(401, "remote: Invalid credentials", HostFailureKind.Unauthorized, "bitbucket-email")]
    [InlineData(null, "fatal: Authentication failed for 'https://bitbucket.org/acme-mirror/a.git/'", HostFailureKind.Unauthorized, "expired")]
    [InlineData(403, "Your credentials lack one or more required privilege scopes.", HostFailureKind.Forbidden, "write:repository:bitbucket")]
    [InlineData(
        410,
        "remote: App passwords are deprecated and must be replaced with API tokens.",
        HostFailureKind.Unauthorized,
        "API token with scopes"
    )]
    [InlineData(null, "remote: Repository is over the size limit (4 GB) and will not accept further additions.", HostFailureKind.TooLarge, "4 GB")]
    [InlineData(
        null,
        "This workspace is over the 1 GB size limit. Reduce the size of your workspace or upgrade to a Standard or Premium plan to increase the size limit.",
        HostFailureKind.Quota,
        "upgrade acme-mirror"
    )]
    [InlineData(null, "remote: fatal: pack exceeds maximum allowed size", HostFailureKind.TooLarge, "3.5 GB")]
    [InlineData(null, "remote: Files over 100 MB were found\n ! pre-receive hook declined", HostFailureKind.FileTooLarge, "Advanced")]
    [InlineData(null, "remote: The file assets/movie.bin is too large", HostFailureKind.FileTooLarge, "100 MB")]
    [InlineData(
        null,
        "remote: Permission denied to update branch main.\n ! pre-receive hook declined",
        HostFailureKind.RefRejected,
        "Branch restrictions"
    )]
    [InlineData(
        null,
        "You are using an access token to authenticate whilst branch restrictions are configured - this is currently not supported",
        HostFailureKind.RefRejected,
        "API token"
    )]
    [InlineData(
        null,
        "[ALERT] Your push failed because the account 'acme-mirror' has exceeded its user limit and this repository is restricted to read-only access.",
        HostFailureKind.Quota,
        "5 users"
    )]
    [InlineData(403, "remote: To access this repository, an admin must whitelist your IP.", HostFailureKind.Forbidden, "fixed address")]
    [InlineData(null, "pre-receive hook declined", HostFailureKind.RefRejected, "size limits")]
    [InlineData(null, "deletion of the current branch prohibited", HostFailureKind.RefRejected, "main branch")]
    [InlineData(null, "deny updating a hidden ref", HostFailureKind.RefRejected, "refs")]
    [InlineData(null, "remote: This workspace has been deactivated.", HostFailureKind.Disabled, "reactivates")]
    [InlineData(404, "Repository acme-mirror/a not found", HostFailureKind.NotFound, "not created")]
    [InlineData(413, "", HostFailureKind.TooLarge, "no push of this size")]
    public void Refusal_over_git_has_a_cause_and_a_cure(int? status, string text, HostFailureKind kind, string hint) =>
        Check(said => Explain(status, said), text, kind, hint);

    [Theory]
    [InlineData(null, "failed to update ref")]
    [InlineData(null, "cannot lock ref 'refs/heads/change-42-spam-allowlist'")]
    [InlineData(418, "teapot")]
    [InlineData(422, "{")]
    [InlineData(422, """{"error":"a sentence"}""")]
    [InlineData(422, """{"error":{"message":null,"detail":{"required":3},"data":[],"fields":"x"}}""")]
    public void What_is_not_bitbuckets_own_is_left_to_the_caller(int? status, string text) => Explain(status, text).ShouldBeNull();

    [Fact]
    public void Api_token_that_was_refused_gets_another_cure_than_an_access_token() =>
        Explain(401, "", email: "robot@acme.example")!.Hint.ShouldContain("does not belong to bitbucket-email");

    [Fact]
    public void Announcement_that_is_no_web_address_is_not_shown() =>
        Explain(410, """{"error":{"message":"CHANGE-1","data":{"announcement_url":"javascript:alert(1)"}}}""")!.Hint.ShouldNotContain("javascript");

    [Fact]
    public void Words_of_the_server_in_a_hint_are_fit_to_be_printed() =>
        Explain(403, """{"error":{"message":"required privilege scopes","detail":{"required":["a\n\u001b[31mb"]}}}""")!
            .Hint.ShouldEndWith("needs: a b.");

    private static void Check(Func<string, HostFailure?> explain, string text, HostFailureKind kind, string hint)
    {
        var failure = explain(text).ShouldNotBeNull();
        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldContain(hint);
        if (!text.StartsWith('{'))
        {
            explain(text.ToUpperInvariant()).ShouldBe(failure);
        }
    }
}
