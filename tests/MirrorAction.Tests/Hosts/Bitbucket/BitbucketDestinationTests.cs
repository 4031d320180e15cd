using System.Text;
using System.Text.Json;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Bitbucket;

public sealed class BitbucketDestinationTests : DestinationHostContract
{
    private const string Fields =
        "next,values.slug,values.full_name,values.uuid,values.is_private,values.size,values.mainbranch.name,values.description,"
        + "values.parent.uuid,values.updated_on";

    private const string Path = "/2.0/repositories/acme-mirror";

    protected override EntrySamples Samples => EntrySamples.Bitbucket;

    protected override int TriesAfterUnauthorized => 2;

    protected override string OddPage =>
        """
            {"pagelen":100,"values":[{"type":"repository","full_name":"acme-mirror/a","links":{"x":[]},"mainbranch":null,"description":null,"owner":{}}],"page":1}
            """;

    protected override (int Status, string Body) ExistsAlready =>
        (
            400,
            """
            {"type":"error","error":{"fields":{"name":["You already have a repository with this name."]},"message":"Repository with this Slug and Owner already exists."}}
            """
        );

    private BitbucketOptions Options =>
        new()
        {
            ApiUrl = new Uri(Stub.Url + "/2.0/"),
            GitUrl = new Uri(Stub.Url),
            Workspace = "acme-mirror",
            Token = Token,
        };

    protected override IRepositoryDestination Client(DateTimeOffset? deadline = null) => Client(Options with { Deadline = deadline });

    protected override StubRoute FirstPage() => Stub.On("GET", $"{Path}?pagelen=100&fields={Fields}");

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
        $$$"""
            {"type":"repository","slug":"{{{slug}}}","full_name":"acme-mirror/{{{slug}}}","uuid":"{1234}","is_private":false,"description":"Mirror","size":77,"mainbranch":{"name":"trunk"}}
            """;

    private BitbucketDestination Client(BitbucketOptions options) => new(Http, options, Time, Said.Add);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_to_a_creation_need_not_repeat_what_was_asked_for(bool isPrivate)
    {
        Creation().Reply(201, "{}");

        var made = await Client().CreateAsync(Wanted with { IsPrivate = isPrivate }, default);

        (made.Name, made.Visibility).ShouldBe(("website", isPrivate ? Visibility.Private : Visibility.Public));
        Asked.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    public async Task Creation_that_is_answered_with_nothing_is_a_protocol_failure(string body)
    {
        Stub.On("POST", $"{Path}/website").Always(200, body);
        Look().Always(404, Refusal("Not found"));

        (await Should.ThrowAsync<HostException>(() => Client().CreateAsync(Wanted, default))).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        ReplyPage(FirstPage(), null, "a");

        (await Client().ListAsync(default))
            .Repositories.ShouldHaveSingleItem()
            .ShouldBe(
                new Repository
                {
                    Name = "a",
                    Owner = "acme-mirror",
                    Id = "1234",
                    Description = "Mirror",
                    Visibility = Visibility.Public,
                    DefaultBranch = "trunk",
                    SizeBytes = 77,
                    GitUrl = new Uri(Stub.Url + "/acme-mirror/a.git"),
                    HostName = "bitbucket.org",
                    WebUrl = new Uri(Stub.Url + "/acme-mirror/a"),
                }
            );
    }

    [Fact]
    public async Task Empty_repository_has_no_main_branch_and_no_description()
    {
        FirstPage().Reply(200, OddPage);

        var repository = (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem();
        repository.DefaultBranch.ShouldBeNull();
        repository.Description.ShouldBeEmpty();
        repository.Visibility.ShouldBe(Visibility.Unknown); // Nobody may take it for private.
    }

    [Theory]
    [InlineData(null, """{"scm":"git","is_private":true,"description":"Mirror of github.com/acme/Website (id 7)"}""")]
    [InlineData("MIR", """{"scm":"git","is_private":true,"description":"Mirror of github.com/acme/Website (id 7)","project":{"key":"MIR"}}""")]
    public async Task Creation_sends_what_the_mirror_needs_and_no_name(string? project, string body)
    {
        Creation().Reply(200, Repository("website"));
        await Client(Options with { ProjectKey = project }).CreateAsync(Wanted, default);

        JsonElement.DeepEquals(JsonDocument.Parse(Stub.Requests[0].Body).RootElement, JsonDocument.Parse(body).RootElement).ShouldBeTrue();
    }

    [Fact]
    public async Task Refused_creation_names_workspace_and_project()
    {
        Creation().Reply(400, Refusal("Bad request"));
        Look().Reply(404, Refusal("Not found"));

        var e = await Should.ThrowAsync<HostException>(() => Client(Options with { ProjectKey = "MIR" }).CreateAsync(Wanted, default));
        e.Failure.Hint.ShouldContain("workspace acme-mirror, project MIR");
    }

    [Fact]
    public async Task Conflict_counts_as_existing_too()
    {
        Creation().Reply(409, Refusal("Conflict"));
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
    }

    [Fact]
    public async Task Main_branch_is_set_without_naming_the_repository()
    {
        Stub.On("PUT", $"{Path}/website").Reply(503).Reply(200, Repository("website"));
        await Client().SetMainBranchAsync("website", "release/1.0 \"x\"", default);

        JsonDocument
            .Parse(Stub.Requests[^1].Body)
            .RootElement.GetProperty("mainbranch")
            .GetProperty("name")
            .GetString()
            .ShouldBe("release/1.0 \"x\"");
        Stub.Requests[^1].Body.ShouldStartWith("""{"mainbranch":{""");
        Stub.Requests[^1].Body.ShouldContain("\"type\":\"branch\"");
        Stub.Requests[^1].Body.ShouldNotContain("is_private");
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(true, """{"is_private":true}""")]
    [InlineData(false, """{"is_private":false}""")]
    public async Task Visibility_is_all_that_is_changed(bool isPrivate, string body)
    {
        Stub.On("PUT", $"{Path}/website").Reply(200, Repository("website"));
        await Client().SetVisibilityAsync("website", isPrivate, default);

        Stub.Requests.ShouldHaveSingleItem().Body.ShouldBe(body);
    }

    [Fact]
    public async Task Refused_change_is_a_failure()
    {
        Stub.On("PUT", $"{Path}/website")
            .Reply(
                403,
                """{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"granted":["repository"],"required":["repository:admin"]}}}"""
            );

        var e = await Should.ThrowAsync<HostException>(() => Client().SetMainBranchAsync("website", "main", default));
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldEndWith("This call needs: repository:admin.");
    }

    [Fact]
    public async Task Refused_main_branch_is_not_told_as_a_refused_creation()
    {
        Stub.On("PUT", $"{Path}/website")
            .Reply(400, """{"type":"error","error":{"message":"Bad request","fields":{"mainbranch":["Branch 'trunk' does not exist."]}}}""");

        var e = await Should.ThrowAsync<HostException>(() => Client().SetMainBranchAsync("website", "trunk", default));
        e.Message.ShouldContain("Branch 'trunk' does not exist.");
        e.Failure.Hint.ShouldContain("main branch");
        e.Failure.Hint.ShouldNotContain("create");
    }

    [Fact]
    public async Task Outage_that_answers_401_once_is_survived()
    {
        var route = FirstPage().Reply(401, Refusal("Token is invalid, expired, or not supported for this endpoint."));
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData(null, "Bearer", "x-token-auth")]
    [InlineData("robot@acme.example", "Basic", "x-bitbucket-api-token-auth")]
    public async Task Email_makes_the_token_an_api_token(string? email, string scheme, string gitUser)
    {
        ReplyPage(FirstPage(), null);
        var client = Client(Options with { Email = email });
        await client.ListAsync(default);

        var secret = email is null ? Token : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{Token}"));
        Stub.Requests[0].Header("Authorization").ShouldBe($"{scheme} {secret}");
        (await client.GitCredentials.GetAsync(default)).ShouldBe(HttpCredential.Basic(gitUser, Token));
    }

    [Fact]
    public async Task Base64_of_an_api_token_is_not_shown_either()
    {
        FirstPage()
            .Reply(async context =>
            {
                context.Response.StatusCode = 404;
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Refusal(context.Request.Headers.Authorization!)));
            });

        var e = await Should.ThrowAsync<HostException>(() => Client(Options with { Email = "robot@acme.example" }).ListAsync(default));
        e.Message.ShouldEndWith("Basic ***.");
    }

    [Theory]
    [InlineData("ATBBabcdefgh", null, "app password")]
    [InlineData("ATBBabcdefgh", "robot@acme.example", "app password")]
    [InlineData("ATATT3xabcde", null, "set bitbucket-email")]
    [InlineData("ATCTT3xabcde", "robot@acme.example", "leave bitbucket-email empty")]
    [InlineData("ATATT3xabcde", "robot", "not with a username")]
    [InlineData("ATATT3xabcde", "robot@acme.example", "not the Bitbucket username")]
    [InlineData("ATCTT3xabcde", null, "expired or revoked")]
    public async Task Prefix_of_a_token_only_words_a_message(string token, string? email, string said)
    {
        ReplyPage(FirstPage(), null);
        var client = Client(Options with { Token = token, Email = email });
        await client.ListAsync(default);

        Stub.Requests[0].Header("Authorization").ShouldStartWith(email is null ? "Bearer" : "Basic");
        Said.ShouldBeEmpty();
        var hint = client.Explain(401, "").ShouldNotBeNull().Hint;
        hint.ShouldContain(said);
        hint.ShouldContain("create an API token with scopes (Atlassian account settings > Security");
        hint.ShouldContain("admin:repository:bitbucket");
        hint.Length.ShouldBeLessThan(1000, "it would be cut");
    }

    [Theory]
    [InlineData(null, null, "x-token-auth")]
    [InlineData(null, "robot@acme.example", "x-bitbucket-api-token-auth")]
    [InlineData("robot", null, "robot")]
    [InlineData("robot", "robot@acme.example", "robot")]
    [InlineData("robot@acme.example", null, "x-bitbucket-api-token-auth")]
    public async Task User_of_git_may_be_given_and_an_address_is_that_of_an_API_token(string? username, string? email, string user)
    {
        var settings = new BitbucketSettings
        {
            WebUrl = new("https://bitbucket.org"),
            ApiUrl = new("https://api.bitbucket.org/2.0"),
            Token = "secret",
            Username = username,
            Email = email,
        };
        var host = BitbucketHost.Definition.Open(settings, new(Http, Time, Said.Add, _ => { }));

        (await host.DestinationOf("acme").GitCredentials.GetAsync(default)).ShouldBe(HttpCredential.Basic(user, "secret"));
    }

    [Fact]
    public async Task Hourly_budget_is_waited_for_visibly_before_the_host_has_to_refuse()
    {
        Stub.On("PUT", $"{Path}/a").Always(200, Repository("a"));
        var client = Client(Options with { RequestsPerHour = 3 });

        for (var i = 0; i < 7; i++)
        {
            await client.SetVisibilityAsync("a", true, default);
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        Time.Skipped.ShouldBe([TimeSpan.FromMinutes(57), TimeSpan.FromMinutes(57)]);
        Said.ShouldBe([
            "Bitbucket budget of 3 requests an hour: resuming at 01:00 UTC",
            "Bitbucket budget of 3 requests an hour: resuming at 02:00 UTC",
        ]);
        client.Requests.ShouldBe(7);
    }

    [Fact]
    public async Task Client_that_shares_the_limit_sends_no_more_than_its_part()
    {
        Stub.On("PUT", $"{Path}/a").Always(200, Repository("a"));
        var client = Client(Options with { RequestsPerHour = 10, OwnRequestsPerHour = 2 });

        for (var i = 0; i < 3; i++)
        {
            await client.SetVisibilityAsync("a", true, default);
        }

        Time.Skipped.ShouldBe([TimeSpan.FromHours(1)]);
        client.RequestsPerHour.ShouldBe(10);
    }

    [Fact]
    public async Task Budget_that_would_outlast_the_run_is_a_failure()
    {
        Stub.On("PUT", $"{Path}/a").Always(200, Repository("a"));
        var client = Client(Options with { RequestsPerHour = 1, Deadline = Time.GetUtcNow() + TimeSpan.FromMinutes(59) });
        await client.SetVisibilityAsync("a", true, default);

        var e = await Should.ThrowAsync<HostException>(() => client.SetVisibilityAsync("a", true, default));
        e.Failure.Kind.ShouldBe(HostFailureKind.RateLimited);
        e.RetryAt.ShouldBe(Time.GetUtcNow() + TimeSpan.FromHours(1));
        client.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Workspace_given_by_its_id_is_escaped()
    {
        Stub.On("GET", $"/2.0/repositories/%7B12-34%7D?pagelen=100&fields={Fields}").Reply(200, """{"values":[]}""");

        (await Client(Options with { Workspace = "{12-34}" }).ListAsync(default)).Repositories.ShouldBeEmpty();
    }

    [Fact]
    public void Host_and_workspace_are_named()
    {
        Client().Host.Kind.ShouldBe("bitbucket");
        Client().Workspace.ShouldBe("acme-mirror");
        Client().SlugFor("My Site").ShouldBe("my-site");
    }

    [Fact]
    public void Options_do_not_show_the_token()
    {
        Options.ToString().ShouldNotContain(Token);
        (Options with { Email = "robot@acme.example" }).ToString().ShouldNotContain(Token);
        (Options with { Consumer = new BitbucketConsumer("key", Token) }).ToString().ShouldNotContain(Token);
    }
}
