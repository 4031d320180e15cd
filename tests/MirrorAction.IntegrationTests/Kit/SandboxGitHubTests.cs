using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

public sealed class SandboxGitHubTests : IAsyncLifetime
{
    private static readonly HttpClient s_http = new(new HttpClientHandler { AllowAutoRedirect = false });

    private readonly TempFolder _temp = new();
    private SandboxGitHub _host = null!;

    public async ValueTask InitializeAsync() => _host = await SandboxGitHub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task The_listing_is_paged_by_links()
    {
        for (var i = 0; i < 5; i++)
            _host.AddRepository("acme", $"r{i}");

        var names = new List<string>();
        string? next = "orgs/acme/repos?per_page=2";
        while (next is not null)
        {
            using var response = await SendAsync(next, _host.FullToken);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            names.AddRange((await JsonAsync(response)).AsArray().Select(repository => (string)repository!["name"]!));
            response.Headers.Contains("x-ratelimit-remaining").ShouldBeTrue();
            next = response.Headers.TryGetValues("Link", out var links)
                ? links.Single().Split(", ").FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?[1..].Split('>')[0]
                : null;
        }

        names.ShouldBe(["r0", "r1", "r2", "r3", "r4"]);
        _host.RestRequests.Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_private_repository_is_there_for_the_full_token_only()
    {
        _host.AddRepository("acme", "open");
        _host.AddRepository("acme", "vault").Private = true;

        (await NamesAsync("orgs/acme/repos", _host.FullToken)).ShouldBe(["open", "vault"]);
        (await NamesAsync("orgs/acme/repos", _host.PublicToken)).ShouldBe(["open"]);
        (await NamesAsync("users/acme/repos", _host.FullToken)).ShouldBe(["open"]);
        (await StatusAsync("repos/acme/vault", _host.PublicToken)).ShouldBe(404);
        (await StatusAsync("repos/acme/vault", _host.FullToken)).ShouldBe(200);
    }

    [Fact]
    public async Task A_dead_token_and_an_unknown_owner_are_told_apart()
    {
        _host.AddRepository("acme", "site");

        using var dead = await SendAsync("orgs/acme/repos", "ghp_dead");
        dead.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        ((string?)(await JsonAsync(dead))["message"]).ShouldBe("Bad credentials");
        (await StatusAsync("orgs/nobody/repos", _host.FullToken)).ShouldBe(404);
        using var owner = await SendAsync("users/acme", _host.FullToken);
        ((string?)(await JsonAsync(owner))["type"]).ShouldBe("Organization");
    }

    [Fact]
    public async Task A_renamed_repository_is_found_under_its_former_name()
    {
        var repository = _host.AddRepository("acme", "before");
        repository.Git.Commit("a", "1\n");
        _host.Rename(repository, "after");

        using var response = await SendAsync("repos/acme/before", _host.FullToken);
        response.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        using var followed = await SendAsync(response.Headers.Location!.AbsoluteUri, _host.FullToken);
        ((string?)(await JsonAsync(followed))["full_name"]).ShouldBe("acme/after");
        (await RealGit.RunAsync(_temp.Path, "ls-remote", Url("acme/before", _host.FullToken))).ShouldContain("refs/heads/main");
    }

    [Fact]
    public async Task A_used_up_rate_limit_is_refused_until_its_reset()
    {
        _host.RateLimit = 1;

        (await StatusAsync("user", _host.FullToken)).ShouldBe(200);
        using var second = await SendAsync("user", _host.FullToken);

        ((int)second.StatusCode).ShouldBe(403);
        second.Headers.GetValues("x-ratelimit-remaining").ShouldBe(["0"]);
    }

    [Fact]
    public async Task An_unchanged_listing_is_answered_by_304()
    {
        _host.AddRepository("acme", "site");
        using var first = await SendAsync("orgs/acme/repos", _host.FullToken);
        using var request = Request("orgs/acme/repos", _host.FullToken);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await s_http.SendAsync(request);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Git_reads_what_the_token_may_see_and_nothing_else()
    {
        _host.AddRepository("acme", "open").Git.Commit("a", "1\n");
        var vault = _host.AddRepository("acme", "vault");
        vault.Private = true;
        vault.Git.Commit("a", "1\n");
        _host.AddRepository("acme", "off").Disabled = true;

        (await LsRemoteAsync("acme/open", null)).ExitCode.ShouldBe(0);
        (await LsRemoteAsync("acme/vault", _host.FullToken)).ExitCode.ShouldBe(0);
        (await LsRemoteAsync("acme/vault", _host.PublicToken)).Error.ShouldContain("remote: Repository not found.");
        (await LsRemoteAsync("acme/off", _host.FullToken)).Error.ShouldContain(
            "remote: Access to this repository has been disabled by GitHub staff."
        );
        (await LsRemoteAsync("acme/vault", "ghp_dead")).ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task Nothing_can_be_written_and_every_attempt_is_seen()
    {
        var origin = _host.AddRepository("acme", "site");
        origin.Git.Commit("a", "1\n");
        var before = origin.Git.ForEachRef();
        var clone = await GitRepository.CloneAsync(Url("acme/site", _host.FullToken), _temp["clone"]);
        _host.WriteAttempts.ShouldBeEmpty();
        clone.Commit("b", "2\n");

        var push = await clone.TryGitAsync("push", "origin", "main");

        push.Error.ShouldContain("remote: Write access to repository not granted.");
        origin.Git.ForEachRef().ShouldBe(before);
        _host.WriteAttempts.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_host_that_accepts_writes_can_be_restored_to()
    {
        _host.AcceptsWrites = true;
        _host.AddAccount("acme");
        using var create = Request("orgs/acme/repos", _host.FullToken, HttpMethod.Post, """{"name":"back","private":true}""");
        using var created = await s_http.SendAsync(create);
        ((int)created.StatusCode).ShouldBe(201);
        var local = GitRepository.Init(_temp["local"]);
        local.Commit("a", "1\n", "trunk");

        await local.GitAsync("push", "--quiet", Url("acme/back", _host.FullToken), "trunk");
        using var patch = Request("repos/acme/back", _host.FullToken, HttpMethod.Patch, """{"default_branch":"trunk"}""");
        using var patched = await s_http.SendAsync(patch);

        ((string?)(await JsonAsync(patched))["default_branch"]).ShouldBe("trunk");
        using var again = Request("orgs/acme/repos", _host.FullToken, HttpMethod.Post, """{"name":"back"}""");
        ((int)(await s_http.SendAsync(again)).StatusCode).ShouldBe(422);
    }

    private string Url(string fullName, string? token) =>
        $"http://{(token is null ? "" : $"x-access-token:{token}@")}127.0.0.1:{_host.ServerUrl.Port}/{fullName}.git";

    private Task<GitOutcome> LsRemoteAsync(string fullName, string? token) => RealGit.TryAsync(_temp.Path, ["ls-remote", Url(fullName, token)]);

    private HttpRequestMessage Request(string path, string token, HttpMethod? method = null, string? json = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(_host.ApiUrl, path));
        request.Headers.UserAgent.ParseAdd("kit/1");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = json is null ? null : new StringContent(json);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string token)
    {
        using var request = Request(path, token);
        return await s_http.SendAsync(request);
    }

    private async Task<int> StatusAsync(string path, string token)
    {
        using var response = await SendAsync(path, token);
        return (int)response.StatusCode;
    }

    private async Task<string[]> NamesAsync(string path, string token)
    {
        using var response = await SendAsync(path, token);
        return [.. (await JsonAsync(response)).AsArray().Select(repository => (string)repository!["name"]!)];
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
}
