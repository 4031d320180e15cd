using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

/// <summary>What the sandbox hosts tell of files, tokens and projects.</summary>
public sealed class SandboxExaminationTests
{
    [Fact]
    public async Task Files_are_those_of_the_repository()
    {
        await using var host = await SandboxGitHub.StartAsync();
        var git = host.AddRepository("acme", "website").Git;
        host.AddRepository("acme", "empty");
        git.Commit(".gitattributes", "*.bin filter=lfs\n");
        git.Commit("a/b.txt", "12345");
        using var client = Client(host.ApiUrl, "Bearer", host.FullToken);

        var tree = (await JsonAsync(client, "repos/acme/website/git/trees/main?recursive=1"))["tree"]!.AsArray();
        tree.Select(entry => $"{entry!["type"]} {entry["path"]} {entry["size"]}").ShouldBe(["blob .gitattributes 17", "blob a/b.txt 5"]);
        var file = await JsonAsync(client, "repos/acme/website/contents/.gitattributes");
        Encoding.UTF8.GetString(Convert.FromBase64String((string)file["content"]!)).Trim().ShouldBe("*.bin filter=lfs");
        (await client.GetAsync("repos/acme/website/contents/none", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
        (await client.GetAsync("repos/acme/empty/git/trees/main?recursive=1", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(
            HttpStatusCode.Conflict
        );
    }

    [Fact]
    public async Task Headers_tell_of_a_token_what_GitHub_tells()
    {
        await using var host = await SandboxGitHub.StartAsync();
        host.AddToken(new SandboxGitHubToken("github_pat_x", "ada", SeesPrivate: true) { Expiration = "2026-12-21 08:00:00 UTC" });
        using var classic = Client(host.ApiUrl, "Bearer", host.FullToken);
        using var fineGrained = Client(host.ApiUrl, "Bearer", "github_pat_x");

        (await classic.GetAsync("user", TestContext.Current.CancellationToken)).Headers.GetValues("X-OAuth-Scopes").ShouldBe(["repo"]);
        var answer = await fineGrained.GetAsync("user", TestContext.Current.CancellationToken);
        answer.Headers.Contains("X-OAuth-Scopes").ShouldBeFalse();
        answer.Headers.GetValues("github-authentication-token-expiration").ShouldBe(["2026-12-21 08:00:00 UTC"]);
    }

    [Theory]
    [InlineData("ACME", "project", HttpStatusCode.OK)]
    [InlineData("NONE", "project", HttpStatusCode.NotFound)]
    [InlineData("ACME", "repository", HttpStatusCode.Forbidden)]
    public async Task Project_is_told_to_those_who_may_read_projects(string key, string scope, HttpStatusCode status)
    {
        await using var host = await SandboxBitbucket.StartAsync();
        host.Add(BitbucketCredential.AccessToken("ATCTT3x-p").WithScopes(scope));
        using var client = Client(host.ApiUrl, "Bearer", "ATCTT3x-p");

        (await client.GetAsync($"workspaces/acme-mirror/projects/{key}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(status);
    }

    private static HttpClient Client(Uri url, string scheme, string token)
    {
        var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, token);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1");
        return client;
    }

    private static async Task<JsonNode> JsonAsync(HttpClient client, string path) =>
        JsonNode.Parse(await client.GetStringAsync(path, TestContext.Current.CancellationToken))!;
}
