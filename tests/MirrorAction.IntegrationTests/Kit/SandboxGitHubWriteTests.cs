using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

/// <summary>What the sandbox does, as GitHub does it, when it is written to.</summary>
public sealed class SandboxGitHubWriteTests : IAsyncLifetime
{
    private static readonly HttpClient s_http = new();

    private readonly TempFolder _temp = new();
    private SandboxGitHub _host = null!;
    private GitRepository _local = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await SandboxGitHub.StartAsync();
        _host.AcceptsWrites = true;
        _host.AddAccount("acme");
        _local = GitRepository.Init(_temp["local"]);
        _local.Commit("README.md", "1\n", "trunk");
        _local.Branch("b", "refs/heads/trunk");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _temp.Dispose();
    }

    private async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, string? token, string json)
    {
        using var request = new HttpRequestMessage(method, new Uri(_host.ApiUrl, path)) { Content = new StringContent(json) };
        request.Headers.UserAgent.ParseAdd("kit/1");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await s_http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }

    private Task<(int Status, JsonNode Body)> CreateAsync(string json, string? token, string path = "orgs/acme/repos") =>
        SendAsync(HttpMethod.Post, path, token, json);

    private Task<GitOutcome> PushAsync(string token, params string[] refspecs) =>
        _local.TryGitAsync(["push", $"http://x-access-token:{token}@127.0.0.1:{_host.ServerUrl.Port}/acme/site.git", .. refspecs]);

    [Fact]
    public async Task New_repository_is_public_unless_told_and_empty()
    {
        (await CreateAsync("""{"name":"open"}""", _host.WriteToken)).Status.ShouldBe(201);
        (await CreateAsync("""{"name":"closed","private":true,"description":"x"}""", _host.WriteToken)).Status.ShouldBe(201);

        _host.Find("acme", "open")!.Private.ShouldBeFalse();
        _host.Find("acme", "closed")!.Private.ShouldBeTrue();
        _host.Find("acme", "closed")!.Git.ForEachRef().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"name":"a b"}""", "name is invalid")]
    [InlineData("""{"name":"a","description":"two\nlines"}""", "control characters")]
    [InlineData("""{}""", "name is invalid")]
    public async Task Unfit_names_and_descriptions_are_refused(string json, string message)
    {
        var (status, body) = await CreateAsync(json, _host.WriteToken);

        status.ShouldBe(422);
        ((string?)body["errors"]![0]!["message"]).ShouldNotBeNull().ShouldContain(message);
    }

    [Fact]
    public async Task Whoever_may_not_administer_creates_and_changes_nothing()
    {
        _host.AddRepository("acme", "site");

        (await CreateAsync("""{"name":"a"}""", null)).Status.ShouldBe(401);
        (await CreateAsync("""{"name":"a"}""", _host.PublicToken)).Status.ShouldBe(403);
        (await CreateAsync("""{"name":"a"}""", _host.PublicToken, "user/repos")).Status.ShouldBe(403);
        (await SendAsync(HttpMethod.Patch, "repos/acme/site", _host.PublicToken, """{"private":true}""")).Status.ShouldBe(403);
        (await PushAsync(_host.PublicToken, "trunk")).Error.ShouldContain("Write access to repository not granted.");
        _host.Repositories.ShouldHaveSingleItem().Git.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task First_push_decides_on_the_default_branch()
    {
        var site = _host.AddRepository("acme", "site");
        site.DefaultBranch.ShouldBe("main");

        (await PushAsync(_host.WriteToken, "trunk", "b")).ExitCode.ShouldBe(0);

        site.DefaultBranch.ShouldBe("b");
        (
            await SendAsync(HttpMethod.Patch, "repos/acme/site", _host.WriteToken, """{"default_branch":"trunk","private":true,"description":""}""")
        ).Status.ShouldBe(200);
        (site.DefaultBranch, site.Private, site.Description).ShouldBe(("trunk", true, ""));
        (await SendAsync(HttpMethod.Patch, "repos/acme/site", _host.WriteToken, """{"default_branch":"nowhere"}""")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task Refusals_of_a_push_have_GitHubs_words()
    {
        var site = _host.AddRepository("acme", "site");
        _local.Commit(".github/workflows/ci.yml", "on: push\n", "ci", "refs/heads/trunk");
        _local.FillWithNoise(300_000, "big");
        site.RulesRefuse.Add("refs/heads/ruled");
        _host.MaxFile = 200_000;

        (await PushAsync(_host.FullToken, "ci")).Error.ShouldContain(
            "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml`"
        );
        (await PushAsync(_host.WriteToken, "trunk:ruled")).Error.ShouldContain("GH013: Repository rule violations found for refs/heads/ruled.");
        (await PushAsync(_host.WriteToken, "big", "trunk")).Error.ShouldContain("GH001: Large files detected.");
        site.Git.ForEachRef().ShouldBeEmpty();

        (await PushAsync(_host.WriteToken, "ci", "trunk")).ExitCode.ShouldBe(0);
        _host.MaxFile = null;
        _host.PushLimit = 100_000;
        (await PushAsync(_host.WriteToken, "big")).Error.ShouldContain("pack exceeds maximum allowed size");
    }
}
