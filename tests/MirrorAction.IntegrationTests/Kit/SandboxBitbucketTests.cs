using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

public sealed class SandboxBitbucketTests : IAsyncLifetime
{
    private static readonly HttpClient s_http = new();

    private readonly TempFolder _temp = new();
    private SandboxBitbucket _host = null!;

    public async ValueTask InitializeAsync() => _host = await SandboxBitbucket.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_repository_is_created_once_and_then_exists()
    {
        var (status, body) = await SendAsync(
            "POST",
            "repositories/acme-mirror/site",
            """{"scm":"git","is_private":true,"description":"Mirror of github.com/acme/site (id 7)"}"""
        );
        status.ShouldBe(200);
        ((string?)body["slug"]).ShouldBe("site");
        body["mainbranch"].ShouldBeNull();

        (status, body) = await SendAsync("POST", "repositories/acme-mirror/site", """{"scm":"git"}""");
        status.ShouldBe(400);
        body["error"]!
            .ToJsonString()
            .ShouldBe(
                """{"message":"Repository with this Slug and Owner already exists.","fields":{"name":["You already have a repository with this name."]}}"""
            );
    }

    [Theory]
    [InlineData("Upper", "Invalid slug.")]
    [InlineData("a%20b", "Invalid slug.")]
    public async Task An_illegal_slug_is_refused(string slug, string text)
    {
        var (status, body) = await SendAsync("POST", $"repositories/acme-mirror/{slug}", "{}");

        status.ShouldBe(400);
        ((string)body["error"]!["message"]!).ShouldStartWith(text);
    }

    [Theory]
    [InlineData("a--b", "a-b")]
    [InlineData("a-", "a")]
    [InlineData("-a", "a")]
    [InlineData(
        "12345678901234567890123456789012345678901234567890123456789012345",
        "12345678901234567890123456789012345678901234567890123456789012"
    )]
    public async Task A_slug_that_the_host_does_not_keep_is_changed_without_a_word(string slug, string kept)
    {
        var (status, body) = await SendAsync("POST", $"repositories/acme-mirror/{slug}", "{}");

        (status, (string?)body["slug"]).ShouldBe((200, kept));
        (await SendAsync("GET", $"repositories/acme-mirror/{slug}")).Status.ShouldBe(404);
        (await SendAsync("GET", $"repositories/acme-mirror/{kept}")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("...")]
    [InlineData("___")]
    [InlineData("---")]
    public async Task A_repository_without_a_letter_or_digit_is_made_and_cannot_be_opened(string slug)
    {
        (
            await SendAsync("POST", $"repositories/acme-mirror/{Uri.EscapeDataString(slug).Replace(".", "%2E", StringComparison.Ordinal)}", "{}")
        ).Status.ShouldBe(200);
        _host.Repositories.ShouldHaveSingleItem();
        _host.Find("acme-mirror", slug).ShouldBeNull();
    }

    [Fact]
    public async Task The_listing_is_paged_by_next_and_cut_down_by_fields()
    {
        for (var i = 0; i < 12; i++)
            _host.AddRepository("acme-mirror", $"r{i:00}");

        var (_, first) = await SendAsync("GET", "repositories/acme-mirror?pagelen=10&fields=next,values.slug,values.mainbranch.name");
        var (_, second) = await SendAsync("GET", (string)first["next"]!);

        first["values"]!.AsArray().Count.ShouldBe(10);
        first["values"]![0]!.ToJsonString().ShouldBe("""{"slug":"r00","mainbranch":null}""");
        second["values"]!.AsArray().Select(value => (string)value!["slug"]!).ShouldBe(["r10", "r11"]);
        second["next"].ShouldBeNull();
    }

    [Fact]
    public async Task The_first_push_decides_on_the_main_branch_and_put_changes_it()
    {
        var repository = _host.AddRepository("acme-mirror", "site");
        var local = GitRepository.Init(_temp["local"]);
        local.Commit("a", "1\n", "trunk");
        local.Branch("other", "trunk");
        await local.GitAsync("push", "--quiet", Url("site", "x-token-auth", _host.Token), "trunk", "other");

        var (_, body) = await SendAsync("GET", "repositories/acme-mirror/site");
        ((string?)body["mainbranch"]!["name"]).ShouldBe("other");
        (await SendAsync("PUT", "repositories/acme-mirror/site", """{"mainbranch":{"type":"branch","name":"missing"}}""")).Status.ShouldBe(400);
        (await SendAsync("PUT", "repositories/acme-mirror/site", """{"mainbranch":{"type":"branch","name":"trunk"}}""")).Status.ShouldBe(200);
        repository.Git.Head.ShouldBe("trunk");

        var refused = await local.TryGitAsync("push", Url("site", "x-token-auth", _host.Token), ":trunk");
        refused.Error.ShouldContain("refusing to delete the current branch");
        await local.GitAsync("push", "--quiet", Url("site", "x-token-auth", _host.Token), ":other");
        repository.Git.ForEachRef().Keys.ShouldBe(["refs/heads/trunk"]);
    }

    [Fact]
    public async Task A_renamed_repository_moves_to_its_new_slug()
    {
        _host.AddRepository("acme-mirror", "before");

        var (status, body) = await SendAsync("PUT", "repositories/acme-mirror/before", """{"name":"After all"}""");

        status.ShouldBe(200);
        ((string?)body["slug"]).ShouldBe("after-all");
        (await SendAsync("GET", "repositories/acme-mirror/before")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Each_kind_of_credential_has_its_own_way_in()
    {
        _host.AddRepository("acme-mirror", "site");
        _host.Add(BitbucketCredential.ApiToken("bot@example.com", "ATATT3x-sandbox"));
        _host.Add(BitbucketCredential.AppPassword("mirror-bot", "ATBB-sandbox"));
        var basic = new AuthenticationHeaderValue("Basic", new BasicLogin("bot@example.com", "ATATT3x-sandbox").Header[6..]);

        (await SendAsync("GET", "workspaces/acme-mirror", authorization: basic)).Status.ShouldBe(200);
        (await SendAsync("GET", "workspaces/acme-mirror", authorization: new("Bearer", "ATATT3x-sandbox"))).Status.ShouldBe(401);
        (await SendAsync("GET", "workspaces/nowhere", authorization: basic)).Body["error"]!["message"]!
            .ToString()
            .ShouldBe("No workspace with identifier 'nowhere'.");
        (await LsRemoteAsync("x-bitbucket-api-token-auth", "ATATT3x-sandbox")).ExitCode.ShouldBe(0);
        (await LsRemoteAsync("x-token-auth", _host.Token)).ExitCode.ShouldBe(0);
        (await LsRemoteAsync("bot%40example.com", "ATATT3x-sandbox")).ExitCode.ShouldNotBe(0);
        (await LsRemoteAsync("mirror-bot", "ATBB-sandbox")).Error.ShouldContain("410");
    }

    [Fact]
    public async Task A_minted_token_works_as_bearer()
    {
        _host.AddConsumer("key", "secret");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.GitUrl, "site/oauth2/access_token"));
        request.Headers.TryAddWithoutValidation("Authorization", new BasicLogin("key", "secret").Header);
        request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        using var response = await s_http.SendAsync(request);
        var token = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["access_token"]!;

        (await SendAsync("GET", "repositories/acme-mirror", authorization: new("Bearer", token))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_missing_scope_is_named()
    {
        _host.Add(BitbucketCredential.AccessToken(_host.Token).WithScopes("repository:write"));

        var (status, body) = await SendAsync("POST", "repositories/acme-mirror/site", "{}");

        status.ShouldBe(403);
        body["error"]!["detail"]!.ToJsonString().ShouldBe("""{"granted":["repository:write"],"required":["repository:admin"]}""");
    }

    [Fact]
    public async Task A_body_without_length_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.ApiUrl, "repositories/acme-mirror/site"));
        request.Headers.Authorization = new("Bearer", _host.Token);
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent("{}");
        using var response = await s_http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(411);
    }

    [Fact]
    public async Task A_push_over_quota_is_refused_word_for_word()
    {
        var repository = _host.AddRepository("acme-mirror", "site");
        _host.PushRefusal = BitbucketTexts.WorkspaceOverQuota;
        var local = GitRepository.Init(_temp["local"]);
        local.Commit("a", "1\n");

        var push = await local.TryGitAsync("push", Url("site", "x-token-auth", _host.Token), "main");

        push.Error.Replace("        \n", "\n", StringComparison.Ordinal).ShouldContain($"remote: {BitbucketTexts.WorkspaceOverQuota}");
        push.Error.ShouldContain("pre-receive hook declined");
        repository.Git.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restricted_branch_refuses_the_whole_push()
    {
        var repository = _host.AddRepository("acme-mirror", "site");
        repository.RestrictedBranches.Add("main");
        var local = GitRepository.Init(_temp["local"]);
        local.Commit("a", "1\n");
        local.Branch("free");

        var push = await local.TryGitAsync("push", Url("site", "x-token-auth", _host.Token), "main", "free");

        push.Error.ShouldContain("remote: Permission denied to update branch main.");
        repository.Git.ForEachRef().ShouldBeEmpty();
        await local.GitAsync("push", "--quiet", Url("site", "x-token-auth", _host.Token), "free");
        repository.Git.ForEachRef().Keys.ShouldBe(["refs/heads/free"]);
    }

    [Fact]
    public async Task Faults_and_limits_come_before_the_answer()
    {
        _host.Faults.Next(2, 502);
        (await StatusAsync()).ShouldBe(502);
        (await StatusAsync()).ShouldBe(502);
        (await StatusAsync()).ShouldBe(200);
        _host.RequestsLeft = 0;
        (await SendAsync("GET", "repositories/acme-mirror")).Status.ShouldBe(429);
        _host.RestRequests.Select(request => request.Status).ShouldBe([502, 502, 200, 429]);
        _host.GitRequests.ShouldBeEmpty();
    }

    private string Url(string slug, string user, string secret) => $"http://{user}:{secret}@127.0.0.1:{_host.GitUrl.Port}/acme-mirror/{slug}.git";

    private Task<GitOutcome> LsRemoteAsync(string user, string secret) => RealGit.TryAsync(_temp.Path, ["ls-remote", Url("site", user, secret)]);

    private async Task<int> StatusAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_host.ApiUrl, "repositories/acme-mirror"));
        request.Headers.Authorization = new("Bearer", _host.Token);
        using var response = await s_http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task<(int Status, JsonNode Body)> SendAsync(
        string method,
        string path,
        string? json = null,
        AuthenticationHeaderValue? authorization = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_host.ApiUrl, path));
        request.Headers.Authorization = authorization ?? new("Bearer", _host.Token);
        request.Content = json is null ? null : new StringContent(json);
        using var response = await s_http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
