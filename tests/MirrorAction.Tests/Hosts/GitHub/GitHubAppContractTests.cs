using System.Security.Cryptography;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitHub;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitHub;

/// <summary>What every source does, done by an App's installation.</summary>
public sealed class GitHubAppContractTests : SourceHostContract
{
    private static readonly string s_key = RSA.Create(2048).ExportRSAPrivateKeyPem();

    // The request is repeated once with a new token.
    protected override EntrySamples Samples => EntrySamples.GitHub;

    protected override int TriesAfterUnauthorized => 2;

    protected override string OddPage => """[{"id":1,"name":"a","surprise":{"deep":[1,{"x":null}]},"owner":null,"size":null,"private":null}]""";

    protected override IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null) =>
        new GitHubSource(
            Http,
            new GitHubOptions
            {
                ApiUrl = new Uri(Stub.Url),
                ServerUrl = new Uri("https://ghes.example/"),
                App = token is null ? null : new GitHubAppKey("42", s_key),
                Deadline = deadline,
            },
            Time,
            Said.Add
        );

    protected override StubRoute ById()
    {
        _ = FirstPage();
        return Stub.On("GET", $"/repositories/{Sought}");
    }

    protected override string EntryOf(long id, string owner, string name) =>
        $$$"""{"id":{{{id}}},"name":"{{{name}}}","owner":{"login":"{{{owner}}}"},"private":true}""";

    protected override StubRoute FirstPage()
    {
        Stub.On("GET", "/users/acme").Always(200, """{"login":"acme","id":1,"type":"Organization"}""");
        Stub.On("GET", "/orgs/acme/installation")
            .Always(
                200,
                """{"id":7,"account":{"login":"acme","type":"Organization"},"repository_selection":"all","permissions":{"contents":"read","metadata":"read"}}"""
            );
        Stub.On("POST", "/app/installations/7/access_tokens").Always(201, $$"""{"token":"{{Token}}","expires_at":"2026-01-01T01:00:00Z"}""");
        return Stub.On("GET", "/orgs/acme/repos?type=all&sort=full_name&direction=asc&per_page=100");
    }

    protected override void ReplyPage(StubRoute route, string? next, params string[] names)
    {
        (string, string)[] link = next is null ? [] : [("Link", $"<{next}>; rel=\"next\"")];
        route.Reply(
            200,
            $"[{string.Join(',', names.Select(name => $$"""{"id":{{name.Sum(letter => letter)}},"name":"{{name}}","owner":{"login":"acme"},"private":true}"""))}]",
            link
        );
    }

    protected override string Refusal(string message) => $$"""{"message":"{{message}}","documentation_url":"https://docs.github.com/rest"}""";
}
