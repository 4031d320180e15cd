using Microsoft.Extensions.Time.Testing;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

/// <summary>What the hosts' answers to an examination are taken for. The clock stands at the beginning of 2026.</summary>
public sealed class ExaminationTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private StubHost _stub = null!;

    public async ValueTask InitializeAsync() => _stub = await StubHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _stub.DisposeAsync();
    }

    [Theory]
    [InlineData("ghp_x", "a classic personal access token")]
    [InlineData("github_pat_x", "a fine-grained personal access token")]
    [InlineData("gho_x", "an OAuth token")]
    [InlineData("ghu_x", "a token of a GitHub App for a user")]
    [InlineData("0123456789abcdef", "of a kind that its form does not tell")]
    public async Task Token_of_a_user_is_named_by_its_kind(string token, string kind)
    {
        _stub.On("GET", "/user").Reply(200, """{"login":"ada"}""");
        Rate(5000, 4000);

        (await GitHubAsync(token)).ShouldContain($"ok GitHub token: It belongs to ada and is {kind}.");
    }

    [Fact]
    public async Task Installation_token_belongs_to_nobody()
    {
        _stub.On("GET", "/user").Reply(403, """{"message":"Resource not accessible by integration"}""");
        Rate(1000, 1000);

        (await GitHubAsync("ghs_x")).ShouldContain(
            "warning GitHub token: It belongs to no user: it is the workflow's own GITHUB_TOKEN, which sees public repositories only, or a token that an App minted, which lives for an hour."
        );
    }

    [Theory]
    [InlineData("2026-01-30 00:00:00 UTC", "warning GitHub expiration: The token expires on 2026-01-30.")]
    [InlineData("2026-01-31 00:00:00 UTC", "ok GitHub expiration: The token expires on 2026-01-31.")]
    [InlineData("2026-01-31 01:00:00 +0200", "warning GitHub expiration: The token expires on 2026-01-30.")]
    [InlineData("2025-12-31 00:00:00 UTC", "warning GitHub expiration: The token expires on 2025-12-31.")]
    [InlineData("never", null)]
    public async Task Expiration_within_thirty_days_is_a_warning(string header, string? finding)
    {
        _stub.On("GET", "/user").Reply(200, """{"login":"ada"}""", ("github-authentication-token-expiration", header));
        Rate(5000, 4000);

        (await GitHubAsync("github_pat_x")).Where(f => f.Contains("expiration", StringComparison.Ordinal)).ShouldBe(finding is null ? [] : [finding]);
    }

    [Theory]
    [InlineData("repo, workflow", "ok GitHub scopes: The token has the scopes: repo, workflow.")]
    [InlineData("public_repo", "warning GitHub scopes: The token has the scopes: public_repo. Without repo it sees public repositories only.")]
    [InlineData("", "warning GitHub scopes: The token has the scopes: none. Without repo it sees public repositories only.")]
    public async Task Scopes_of_a_classic_token_are_judged(string header, string finding)
    {
        _stub.On("GET", "/user").Reply(200, """{"login":"ada"}""", ("X-OAuth-Scopes", header));
        Rate(5000, 4000);

        (await GitHubAsync("ghp_x")).ShouldContain(finding);
    }

    [Theory]
    [InlineData("repo, workflow", "ok GitHub scopes: The token has the scopes: repo, workflow.")]
    [InlineData("repo", "problem GitHub scopes: The token has the scopes: repo. Without workflow it pushes no files below .github/workflows.")]
    [InlineData("workflow", "problem GitHub scopes: The token has the scopes: workflow. Without repo it creates and writes no private repository.")]
    public async Task Scopes_of_a_classic_token_that_writes_are_judged(string header, string finding)
    {
        _stub.On("GET", "/user").Reply(200, """{"login":"ada"}""", ("X-OAuth-Scopes", header));
        Rate(5000, 4000);

        (await GitHubAsync("ghp_x", writes: true)).ShouldContain(finding);
    }

    [Theory]
    [InlineData(
        200,
        """{"resources":{"core":{"limit":5000,"remaining":499}}}""",
        "warning GitHub requests: 499 of 5000 requests are left in this hour."
    )]
    [InlineData(200, """{"resources":{"core":{"limit":5000,"remaining":500}}}""", "ok GitHub requests: 500 of 5000 requests are left in this hour.")]
    [InlineData(200, "{}", "ok GitHub requests: GitHub did not say how many requests are left.")]
    [InlineData(
        404,
        """{"message":"Rate limiting is not enabled."}""",
        "ok GitHub requests: This GitHub Enterprise Server limits the number of requests to nobody."
    )]
    public async Task Requests_that_are_left_are_judged(int status, string body, string finding)
    {
        _stub.On("GET", "/rate_limit").Reply(status, body);

        (await GitHubAsync(null)).ShouldContain(finding);
    }

    [Fact]
    public async Task Lfs_is_found_in_attributes_of_any_form()
    {
        Attributes("plain", "* text=auto\n");
        Attributes("comment", "# *.bin filter=lfs\n");
        Attributes("lfs", "*.txt text\r\n*.bin filter=lfs diff=lfs\r\n");
        Attributes("tabs", "*.bin\tfilter=lfs");
        Attributes("other", "*.bin filter=lfsx\n");
        _stub.On("GET", "/repos/acme/odd/contents/.gitattributes").Reply(200, """{"encoding":"base64","content":"*"}""");
        _stub.On("GET", "/repos/acme/none/contents/.gitattributes").Reply(404, """{"message":"Not Found"}""");
        _stub.On("GET", "/repos/acme/shut/contents/.gitattributes").Reply(403, """{"message":"Resource not accessible by personal access token"}""");

        var findings = await ContentsAsync("plain", "comment", "lfs", "tabs", "other", "odd", "none", "shut");

        findings.ShouldContain(
            "warning Repositories LFS: Looked at 7 of 8 repositories, the largest first: 2 with files in Git LFS: acme/lfs, acme/tabs. A first mirror downloads all of their objects, which GitHub counts against the owner's LFS quota."
        );
        findings.ShouldContain("warning Repositories contents: GitHub did not let these be looked into: acme/shut.");
        _stub.VerifyAllUsed();
    }

    [Fact]
    public async Task What_could_not_be_looked_into_is_not_said_to_be_well()
    {
        const string refused = """{"message":"Resource not accessible by personal access token"}""";
        _stub.On("GET", "/repos/acme/shut/contents/.gitattributes").Reply(403, refused);
        _stub.On("GET", "/repos/acme/shut/git/trees/main?recursive=1").Reply(404, refused);

        var findings = (
            await GitHub(null).ExamineContentsAsync([Repository("shut") with { SizeBytes = 51_200 * 1024 }], TestContext.Current.CancellationToken)
        ).Select(Told);

        findings.ShouldBe([
            "notchecked Repositories files: Not checked: none of 1 repository of 50 MiB and more could be searched for files over 100 MB.",
            "notchecked Repositories LFS: Not checked: none of 1 repository could be searched for files in Git LFS.",
            "warning Repositories contents: GitHub did not let these be looked into: acme/shut.",
        ]);
    }

    [Fact]
    public async Task Only_files_over_a_hundred_megabytes_are_big()
    {
        const string tree =
            """{"tree":[null,{"type":"tree","path":"d"},{"type":"blob","path":"a","size":100000000},{"type":"blob","path":"b/\u001b[31mc","size":100000001}],"truncated":true}""";
        _stub.On("GET", "/repos/acme/big/git/trees/feature%2Fx?recursive=1").Reply(200, tree);
        Attributes("big", "");
        Rate(60, 60);
        var client = GitHub(null);
        await client.ExamineAsync(["acme"], TestContext.Current.CancellationToken);

        var findings = await client.ExamineContentsAsync(
            [Repository("big") with { SizeBytes = 51_200 * 1024, DefaultBranch = "feature/x" }],
            TestContext.Current.CancellationToken
        );

        Told(findings[0])
            .ShouldBe(
                "problem Repositories files: Files over 100 MB in default branches: acme/big: b/c (100 MB). Their histories were not looked at. Only the first files were listed of acme/big."
            );
    }

    [Theory]
    [InlineData(
        "repository, repository:write, repository:admin",
        "ok Bitbucket scopes: The token has repository, repository:write, repository:admin."
    )]
    [InlineData("repository:write", "problem Bitbucket scopes: The token lacks repository:admin; it has repository:write.")]
    [InlineData(
        "read:repository:bitbucket",
        "problem Bitbucket scopes: The token lacks write:repository:bitbucket, admin:repository:bitbucket; it has read:repository:bitbucket."
    )]
    [InlineData(null, "warning Bitbucket scopes: Bitbucket did not say which scopes the token has.")]
    public async Task Scopes_at_the_destination_are_judged(string? header, string finding)
    {
        _stub.On("GET", "/repositories/acme-mirror?pagelen=10&fields=size").Reply(200, "{}", header is null ? [] : [("X-OAuth-Scopes", header)]);
        _stub
            .On("GET", "/workspaces/acme-mirror")
            .Reply(403, """{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes."}}""");

        var findings = await BitbucketAsync();

        findings.ShouldContain(finding);
        findings.ShouldContain(f =>
            f.StartsWith("ok Bitbucket workspace: acme-mirror exists, as its repositories can be listed", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_is_not_found_beside_a_listing_says_nothing_about_rights()
    {
        _stub.On("GET", "/repositories/acme-mirror?pagelen=10&fields=size").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror").Reply(404, "{}");
        _stub.On("GET", "/repositories/acme-mirror/api/branch-restrictions?pagelen=100&fields=values.kind,values.pattern").Reply(404, "{}");
        var bitbucket = Bitbucket(project: null);

        (await BitbucketAsync()).ShouldContain(f => f.StartsWith("ok Bitbucket workspace: acme-mirror exists", StringComparison.Ordinal));
        var findings = await bitbucket.ExamineMirrorsAsync([bitbucket.Describe("api")], TestContext.Current.CancellationToken);

        findings.ShouldAllBe(f => f.Level == DiagnosticLevel.NotChecked);
        findings.Select(f => f.Check).ShouldBe(["Bitbucket admin", "Bitbucket branch restrictions"]);
    }

    [Theory]
    [InlineData(200, "{}", "ok Bitbucket project: MIRROR exists: new repositories go there.")]
    [InlineData(404, "{}", "problem Bitbucket project: The workspace acme-mirror has no project MIRROR, or the token does not see it.")]
    [InlineData(403, "{}", "notchecked Bitbucket project: Not checked, because the token may not read projects: whether MIRROR exists.")]
    public async Task Project_is_looked_for(int status, string body, string finding)
    {
        _stub.On("GET", "/repositories/acme-mirror?pagelen=10&fields=size").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror/projects/MIRROR").Reply(status, body);

        (await BitbucketAsync("MIRROR")).ShouldContain(finding);
    }

    [Fact]
    public async Task Projects_of_rules_are_looked_for_once_each()
    {
        _stub.On("GET", "/repositories/acme-mirror?pagelen=10&fields=size").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror/projects/MIRROR").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror/projects/WEB").Reply(404, "{}");

        (await BitbucketAsync("MIRROR", ["WEB", "MIRROR", "WEB"]))
            .Where(f => f.Contains("Bitbucket project", StringComparison.Ordinal))
            .ShouldBe([
                "ok Bitbucket project: MIRROR exists: new repositories go there.",
                "problem Bitbucket project: The workspace acme-mirror has no project WEB, or the token does not see it.",
            ]);
        _stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Number_of_projects_that_are_looked_for_is_bounded()
    {
        _stub.On("GET", "/repositories/acme-mirror?pagelen=10&fields=size").Reply(200, "{}");
        _stub.On("GET", "/workspaces/acme-mirror").Reply(200, "{}");
        var keys = Enumerable.Range(10, 51).Select(i => $"P{i}").ToList();
        foreach (var key in keys[..50])
        {
            _stub.On("GET", $"/workspaces/acme-mirror/projects/{key}").Reply(200, "{}");
        }

        (await BitbucketAsync(null, keys)).ShouldContain("notchecked Bitbucket project: Not checked: P60.");
        _stub.VerifyAllUsed();
    }

    private void Rate(int limit, int remaining) =>
        _stub.On("GET", "/rate_limit").Reply(200, $"{{\"resources\":{{\"core\":{{\"limit\":{limit},\"remaining\":{remaining}}}}}}}");

    private void Attributes(string name, string text) =>
        _stub
            .On("GET", $"/repos/acme/{name}/contents/.gitattributes")
            .Reply(200, $$"""{"encoding":"base64","content":"{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}}\n"}""");

    private GitHubSource GitHub(string? token, bool writes = false) =>
        new(
            _http,
            new GitHubOptions
            {
                ApiUrl = new Uri(_stub.Url),
                Token = token,
                Writes = writes,
            },
            _time,
            _ => { }
        );

    private async Task<List<string>> GitHubAsync(string? token, bool writes = false) =>
        [.. (await GitHub(token, writes).ExamineAsync(["acme"], TestContext.Current.CancellationToken)).Findings.Select(Told)];

    private async Task<List<string>> ContentsAsync(params string[] names) =>
        [.. (await GitHub(null).ExamineContentsAsync([.. names.Select(Repository)], TestContext.Current.CancellationToken)).Select(Told)];

    private async Task<List<string>> BitbucketAsync(string? project = null, IReadOnlyCollection<string>? projectsOfRules = null)
    {
        var examination = await Bitbucket(project).ExamineAsync(projectsOfRules ?? [], TestContext.Current.CancellationToken);
        examination.IsUsable.ShouldBeTrue();
        return [.. examination.Findings.Select(Told)];
    }

    private BitbucketDestination Bitbucket(string? project)
    {
        var options = new BitbucketOptions
        {
            ApiUrl = new Uri(_stub.Url),
            Workspace = "acme-mirror",
            Token = "ATCTT3x",
            ProjectKey = project,
        };
        return new BitbucketDestination(_http, options, _time, _ => { });
    }

    private Repository Repository(string name) =>
        new()
        {
            Id = "1",
            Owner = "acme",
            Name = name,
            Visibility = Visibility.Public,
            DefaultBranch = "main",
            GitUrl = new Uri(_stub.Url),
            HostName = "github.com",
            WebUrl = new Uri(_stub.Url),
        };

    private static string Told(Diagnostic finding) => $"{finding.Level.ToString().ToLowerInvariant()} {finding.Check}: {finding.Message}";
}
