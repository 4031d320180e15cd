using System.Text;
using Microsoft.AspNetCore.Http;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Bitbucket;

/// <summary>What every destination does, done by an OAuth consumer; and what is its own.</summary>
public sealed class BitbucketConsumerTests : DestinationHostContract
{
    private const string Path = "/2.0/repositories/acme-mirror";

    private readonly List<string> _hidden = [];

    // Once with a new token at once, and once more after a pause, as outages have answered live credentials so.
    protected override EntrySamples Samples => EntrySamples.Bitbucket;

    protected override int TriesAfterUnauthorized => 3;

    protected override string OddPage => """{"values":[{"full_name":"acme-mirror/a","links":{"x":[]},"mainbranch":null,"owner":{}}]}""";

    protected override (int Status, string Body) ExistsAlready => (400, Refusal("Repository with this Slug and Owner already exists."));

    protected override IRepositoryDestination Client(DateTimeOffset? deadline = null)
    {
        Minting().Always(200, $$"""{"access_token":"{{Token}}","expires_in":7200,"token_type":"bearer","scopes":"repository:write"}""");
        var options = new BitbucketOptions
        {
            ApiUrl = new Uri(Stub.Url + "/2.0/"),
            GitUrl = new Uri(Stub.Url),
            Workspace = "acme-mirror",
            Consumer = new BitbucketConsumer("key", "consumer-secret"),
            Deadline = deadline,
        };
        return new BitbucketDestination(Http, options, Time, Said.Add, _hidden.Add);
    }

    protected override StubRoute FirstPage() => Stub.On("GET", Path);

    protected override StubRoute Creation() => Stub.On("POST", $"{Path}/website");

    protected override StubRoute Look() => Stub.On("GET", $"{Path}/website");

    protected override StubRoute Renaming() => Stub.On("PUT", $"{Path}/%7B1234%7D");

    protected override StubRoute RenamingOf(Repository mirror) => Stub.On("PUT", $"{Path}/{Uri.EscapeDataString($"{{{mirror.Id}}}")}");

    protected override StubRoute LookFor(string slug) => Stub.On("GET", $"{Path}/{slug}");

    protected override string IdOf(string slug) => "1234";

    protected override StubRoute Change() => Stub.On("PUT", $"{Path}/website");

    protected override string VisibilityField => "is_private";

    protected override void ReplyPage(StubRoute route, string? next, params string[] names) =>
        route.Reply(200, $$"""{"values":[{{string.Join(',', names.Select(Repository))}}]{{(next is null ? "" : $",\"next\":\"{next}\"")}}}""");

    protected override string Refusal(string message) => $$$"""{"type":"error","error":{"message":"{{{message}}}"}}""";

    protected override string Repository(string slug) =>
        $$"""{"slug":"{{slug}}","full_name":"acme-mirror/{{slug}}","uuid":"{1234}","is_private":false}""";

    private StubRoute Minting() => Stub.On("POST", "/site/oauth2/access_token");

    [Fact]
    public async Task Token_is_asked_for_with_key_and_secret_and_used_as_bearer_and_by_git()
    {
        ReplyPage(FirstPage(), null, "a");
        var client = Client();
        await client.ListAsync(default);

        var minting = Stub.Requests[0];
        minting.Target.ShouldBe("/site/oauth2/access_token");
        minting.Body.ShouldBe("grant_type=client_credentials");
        minting.Header("Content-Type").ShouldBe("application/x-www-form-urlencoded");
        minting.Header("Authorization").ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("key:consumer-secret")));
        Stub.Requests[1].Header("Authorization").ShouldBe("Bearer " + Token);
        (await client.GitCredentials.GetAsync(default)).ShouldBe(HttpCredential.Basic("x-token-auth", Token));
        _hidden.ShouldBe([Token]);
        client.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Expires_in_of_the_answer_decides_how_long_it_is_used()
    {
        FirstPage().Always(200, """{"values":[]}""");
        var client = Client();
        await client.ListAsync(default);
        Time.Advance(TimeSpan.FromSeconds(5759));
        await client.ListAsync(default);
        Stub.Requests.Count(request => request.Method == "POST").ShouldBe(1);

        Time.Advance(TimeSpan.FromSeconds(1));
        await client.ListAsync(default);
        Stub.Requests.Count(request => request.Method == "POST").ShouldBe(2);
    }

    [Theory]
    [InlineData(400, """{"error":"unauthorized_client","error_description":"Invalid OAuth client credentials"}""")]
    [InlineData(400, """{"error":"invalid_grant","error_description":"No callback uri defined for the OAuth client."}""")]
    [InlineData(401, "")]
    public async Task Consumer_that_gets_no_token_is_told_which_setting_to_look_at(int status, string body)
    {
        var route = Minting();
        for (var i = 0; i < 5; i++)
        {
            route.Reply(status, body);
        }

        var e = await Should.ThrowAsync<HostException>(() => Client().ListAsync(default));
        e.Failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        e.Failure.Hint.ShouldSatisfyAllConditions(
            hint => hint.ShouldContain("bitbucket-oauth-secret"),
            hint => hint.ShouldContain("private consumer"),
            hint => hint.ShouldContain("callback URL"),
            hint => hint.ShouldContain("Repositories: admin"),
            hint => hint.ShouldContain("Apps and features > OAuth consumers")
        );
        e.ToString().ShouldNotContain("consumer-secret");
        Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Token_server_in_trouble_is_asked_five_times_and_not_five_times_five()
    {
        for (var i = 0; i < 20; i++)
        {
            Minting().Reply(503, "{}");
        }

        var e = await Should.ThrowAsync<HostException>(() => Client().ListAsync(default));
        e.IsTransient.ShouldBeTrue();
        Stub.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Secret_that_the_token_server_repeats_is_not_shown()
    {
        Minting()
            .Reply(async context =>
            {
                context.Response.StatusCode = 403;
                await context.Response.WriteAsync("consumer-secret " + context.Request.Headers.Authorization);
            });

        var e = await Should.ThrowAsync<HostException>(() => Client().ListAsync(default));
        e.Message.ShouldEndWith("*** Basic ***.");
    }

    [Fact]
    public async Task Missing_permission_of_the_consumer_is_told_with_its_place()
    {
        Creation()
            .Reply(
                403,
                """{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"granted":["repository:write"],"required":["repository:admin"]}}}"""
            );

        var e = await CreationFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("The OAuth consumer lacks a permission");
        e.Failure.Hint.ShouldEndWith("This call needs: repository:admin.");
    }
}
