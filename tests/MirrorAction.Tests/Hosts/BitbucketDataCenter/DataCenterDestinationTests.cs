using System.Text.Json;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

public sealed class DataCenterDestinationTests : DestinationHostContract
{
    private const string Repos = DataCenterScript.Api + "/projects/acme-mirror/repos";

    protected override EntrySamples Samples => DataCenterScript.Samples;

    protected override string SecondPage => DataCenterScript.PageOf("acme-mirror", DataCenterScript.SecondStart);

    protected override int TriesAfterUnauthorized => 1;

    protected override string OddPage =>
        """{"isLastPage":true,"values":[{"id":1,"slug":"a","surprise":{"x":[]},"description":null,"project":null,"links":null,"origin":null}]}""";

    protected override (int Status, string Body) ExistsAlready =>
        (
            409,
            """
            {"errors":[{"context":"name","message":"This repository URL is already taken by 'website' in 'Acme mirror'","exceptionName":null}]}
            """
        );

    protected override string VisibilityField => "public";

    protected override string VisibilityAnswer(string isPrivate) =>
        $$"""{"id":1,"slug":"website","public":{{isPrivate switch
        {
            "true" => "false",
            "false" => "true",
            _ => "null",
        }}}}""";

    protected override IRepositoryDestination Client(DateTimeOffset? deadline = null) =>
        DataCenterScript.Open(Stub, Http, Time, Said.Add, Token, deadline, writes: true).DestinationOf("acme-mirror");

    protected override StubRoute FirstPage() => Stub.On("GET", DataCenterScript.PageOf("acme-mirror", 0));

    protected override StubRoute Creation() => Stub.On("POST", Repos);

    protected override StubRoute Look() => Stub.On("GET", $"{Repos}/website");

    protected override StubRoute Renaming() => Change();

    protected override StubRoute LookFor(string slug) => Stub.On("GET", $"{Repos}/{slug}");

    protected override string IdOf(string slug) => DataCenterScript.Id(slug).ToString(System.Globalization.CultureInfo.InvariantCulture);

    protected override StubRoute Change() => Stub.On("PUT", $"{Repos}/website");

    protected override void ReplyPage(StubRoute route, string? next, params string[] names) =>
        route.Reply(200, DataCenterScript.Page(next, Stub.Url + SecondPage, names.Select(Repository)));

    protected override string Refusal(string message) => DataCenterScript.Refusal(message);

    protected override string Repository(string slug) =>
        $$$"""
            {"id":{{{DataCenterScript.Id(
                slug
            )}}},"slug":"{{{slug}}}","name":"{{{slug}}}","state":"AVAILABLE","public":false,"description":"Mirror","project":{"key":"ACME-MIRROR","public":false}}
            """;

    protected override string WebPathOf(string slug) => $"{DataCenterScript.Base}/projects/acme-mirror/repos/{slug}";

    protected override string GitPathOf(string slug) => $"{DataCenterScript.Base}/scm/acme-mirror/{slug}.git";

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
                    Id = $"{DataCenterScript.Id("a")}",
                    Description = "Mirror",
                    Visibility = Visibility.Private,
                    GitUrl = new Uri(Stub.Url + GitPathOf("a")),
                    HostName = "localhost",
                    WebUrl = new Uri(Stub.Url + WebPathOf("a")),
                }
            );
    }

    [Fact]
    public async Task Repository_that_does_not_say_who_may_read_it_is_taken_for_neither()
    {
        FirstPage().Reply(200, OddPage);

        (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().Visibility.ShouldBe(Visibility.Unknown);
    }

    [Theory]
    [InlineData(true, "false")]
    [InlineData(false, "true")]
    public async Task Creation_sends_what_the_mirror_needs(bool isPrivate, string isPublic)
    {
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted with { IsPrivate = isPrivate }, default);

        var body = $$"""
            {"name":"website","scmId":"git","forkable":false,"public":{{isPublic}},"description":"Mirror of github.com/acme/Website (id 7)"}
            """;
        JsonElement.DeepEquals(JsonDocument.Parse(Stub.Requests[0].Body).RootElement, JsonDocument.Parse(body).RootElement).ShouldBeTrue();
    }

    [Fact]
    public async Task Repository_in_a_public_project_is_not_private_whatever_was_asked_for()
    {
        const string Public = """{"id":1,"slug":"website","public":false,"project":{"key":"ACME-MIRROR","public":true}}""";
        Creation().Reply(201, Public);
        Change().Reply(200, Public);

        (await Client().CreateAsync(Wanted, default)).IsPrivate.ShouldBe(false);
        (await Client().SetVisibilityAsync("website", isPrivate: true, default)).ShouldNotBe(Visibility.Private);
    }

    [Fact]
    public async Task Conflict_about_another_name_is_no_success()
    {
        Creation().Reply(409, ExistsAlready.Body);
        Look().Reply(200, Repository("website-of-old"));

        (await CreationFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
    }

    [Fact]
    public async Task Repository_that_was_moved_to_another_project_is_not_the_one_that_exists()
    {
        Creation().Reply(409, ExistsAlready.Body);
        Look().Reply(200, """{"id":1,"slug":"website","public":false,"project":{"key":"OTHER"}}""");

        var e = await CreationFailsAsync();
        e.Failure.Hint.ShouldContain("moved");
    }

    [Fact]
    public async Task Change_never_names_the_repository_which_would_move_it()
    {
        Change().Reply(200, Repository("website")).Reply(201, Repository("website"));
        await Client().SetDescriptionAsync("website", "Mirror of x", default);
        await Client().SetVisibilityAsync("website", isPrivate: true, default);

        Stub.Requests.Select(request => request.Body).ShouldBe(["""{"description":"Mirror of x"}""", """{"public":false}"""]);
    }

    [Fact]
    public async Task Default_branch_is_looked_at_and_then_set()
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(200, """{"id":"refs/heads/master","displayId":"master"}""");
        Stub.On("PUT", $"{Repos}/website/default-branch").Reply(204);

        await Client().SetMainBranchAsync("website", "release/1.0 \"x\"", default);

        JsonDocument.Parse(Stub.Requests[^1].Body).RootElement.GetProperty("id").GetString().ShouldBe("refs/heads/release/1.0 \"x\"");
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Default_branch_that_is_right_is_not_written()
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(200, """{"id":"refs/heads/main"}""");

        await Client().SetMainBranchAsync("website", "main", default);

        Stub.Requests.ShouldHaveSingleItem().Method.ShouldBe("GET");
    }

    [Theory]
    [InlineData(204)]
    [InlineData(404)]
    public async Task Default_branch_of_a_repository_that_had_none_is_set(int status)
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(status, status == 404 ? Refusal("no default branch") : "");
        Stub.On("PUT", $"{Repos}/website/default-branch").Reply(204);

        await Client().SetMainBranchAsync("website", "main", default);

        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Older_server_has_the_default_branch_elsewhere_which_is_found_out_once()
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(404, Refusal("null for uri"));
        Stub.On("PUT", $"{Repos}/website/default-branch").Reply(404, Refusal("null for uri"));
        Stub.On("PUT", $"{Repos}/website/branches/default").Reply(204);
        Stub.On("GET", $"{Repos}/shop/branches/default").Reply(200, """{"id":"refs/heads/main"}""");
        Stub.On("GET", $"{Repos}/api/branches/default").Reply(200, """{"id":"refs/heads/master"}""");
        Stub.On("PUT", $"{Repos}/api/branches/default").Reply(204);
        var client = Client();

        await client.SetMainBranchAsync("website", "main", default);
        await client.SetMainBranchAsync("shop", "main", default);
        await client.SetMainBranchAsync("api", "main", default);

        Stub.Requests.Count.ShouldBe(6);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Branch_that_neither_address_knows_is_told_in_the_words_of_the_first()
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(404, Refusal("none"));
        Stub.On("PUT", $"{Repos}/website/default-branch").Reply(404, Refusal("Branch 'trunk' does not exist."));
        Stub.On("PUT", $"{Repos}/website/branches/default").Reply(404, Refusal("null for uri"));

        var e = await Should.ThrowAsync<HostException>(() => Client().SetMainBranchAsync("website", "trunk", default));
        e.Message.ShouldContain("Branch 'trunk' does not exist.");
    }

    [Theory]
    [InlineData(200, "refs/heads/release/1.0", "release/1.0")]
    [InlineData(204, null, null)]
    public async Task Main_branch_is_asked_for(int status, string? id, string? expected)
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(status, id is null ? "" : $$"""{"id":"{{id}}"}""");

        (await Client().FindMainBranchAsync("website", default)).ShouldBe(expected);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(404, 200, "trunk")]
    [InlineData(405, 200, "trunk")]
    [InlineData(404, 404, null)]
    public async Task Main_branch_is_asked_for_as_of_an_older_server_where_today_s_knows_none(int today, int former, string? expected)
    {
        Stub.On("GET", $"{Repos}/website/default-branch").Reply(today, Refusal("none"));
        Stub.On("GET", $"{Repos}/website/branches/default").Reply(former, former == 200 ? """{"id":"refs/heads/trunk"}""" : Refusal("none"));

        (await Client().FindMainBranchAsync("website", default)).ShouldBe(expected);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData("\"refs/heads/trunk\"", "trunk")]
    [InlineData("\"trunk\"", "trunk")]
    [InlineData("{\"id\":\"x\"}", null)]
    [InlineData("null", null)]
    public async Task Main_branch_that_is_listed_as_text_is_taken(string listed, string? expected)
    {
        FirstPage().Reply(200, DataCenterScript.Page($$"""{"id":1,"slug":"a","public":false,"defaultBranch":{{listed}}}"""));

        (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().DefaultBranch.ShouldBe(expected);
    }

    [Fact]
    public async Task Answers_in_another_language_are_understood_by_their_exceptions()
    {
        Change().Reply(409, DataCenterScript.Refusal("Das Repository ist archiviert", "repository.RepositoryArchivedException"));

        var e = await Should.ThrowAsync<HostException>(() => Client().SetDescriptionAsync("website", "x", default));
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("unarchive");
    }

    [Fact]
    public void Host_and_project_are_named()
    {
        Client().Host.Kind.ShouldBe("bitbucket-data-center");
        Client().Workspace.ShouldBe("acme-mirror");
        Client().SlugFor("My Site").ShouldBe("my-site");
        Client().RequestsPerHour.ShouldBeNull();
    }
}
