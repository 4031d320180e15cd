using System.Text.Json;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitLab;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitLab;

/// <summary>What every destination does, done by a user's own place, and what GitLab does of its own.</summary>
public sealed partial class GitLabDestinationTests : DestinationHostContract
{
    private const string Order = "per_page=100&order_by=id&sort=asc";

    private const string Projects = "/api/v4/projects";

    private const string Website = $"{Projects}/acme-mirror%2Fwebsite";

    private const string Namespace = "/api/v4/namespaces/acme-mirror";

    private const string Protected = $"{Website}/protected_branches?per_page=100";

    protected override EntrySamples Samples => EntrySamples.GitLab("acme-mirror");

    protected override int TriesAfterUnauthorized => 1;

    protected override string ListingWord => "/users/acme-mirror/projects";

    protected override string OddPage =>
        """[{"id":1,"path_with_namespace":"acme-mirror/a","description":null,"empty_repo":true,"default_branch":"main","x":[{}]}]""";

    protected override (int Status, string Body) ExistsAlready =>
        (
            400,
            """{"message":{"name":["has already been taken"],"path":["has already been taken"],"project_namespace.name":["has already been taken"]}}"""
        );

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Stub.On("GET", Namespace).Always(200, """{"id":5,"kind":"user","full_path":"acme-mirror"}""");
    }

    protected override IRepositoryDestination Client(DateTimeOffset? deadline = null) =>
        GitLabHost
            .Definition.Open(
                new HostSettings
                {
                    WebUrl = new Uri(Stub.Url),
                    ApiUrl = new Uri(Stub.Url + "/api/v4"),
                    Token = Token,
                    Writes = true,
                    Credential = "a token (destination-token)",
                },
                new HostConnection(Http, Time, Said.Add, _ => { }) { Deadline = deadline }
            )
            .DestinationOf("acme-mirror");

    protected override StubRoute FirstPage() => Stub.On("GET", $"/api/v4/users/acme-mirror/projects?{Order}");

    protected override StubRoute Creation() => Stub.On("POST", Projects);

    protected override StubRoute Look() => Stub.On("GET", Website);

    protected override StubRoute Renaming() => Stub.On("PUT", "/api/v4/projects/77");

    protected override StubRoute RenamingOf(Repository mirror) => Stub.On("PUT", $"/api/v4/projects/{mirror.Id}");

    protected override StubRoute LookFor(string slug) => Stub.On("GET", $"/api/v4/projects/acme-mirror%2F{slug}");

    protected override string IdOf(string slug) => "77";

    protected override string RenamingFields => """ "name":"renamed", "path":"renamed" """;

    protected override StubRoute Change() => Stub.On("PUT", Website);

    protected override string VisibilityAnswer(string isPrivate) =>
        isPrivate switch
        {
            "true" => """{"visibility":"private"}""",
            "false" => """{"visibility":"public"}""",
            _ => """{"visibility":null}""",
        };

    protected override void ReplyPage(StubRoute route, string? next, params string[] names) =>
        route.Reply(200, $"[{string.Join(',', names.Select(Repository))}]", next is null ? [] : [("Link", $"<{next}>; rel=\"next\"")]);

    protected override string Refusal(string message) => $$"""{"message":"{{message}}"}""";

    protected override string Repository(string slug) =>
        $$"""{"id":77,"path":"{{slug}}","path_with_namespace":"acme-mirror/{{slug}}","visibility":"public","description":"Mirror","default_branch":"trunk","empty_repo":false}""";

    /// <summary>The place is a group.</summary>
    private void InGroup(string group)
    {
        Stub.On("GET", Namespace).Reply(200, """{"id":6,"kind":"group","full_path":"acme-mirror"}""");
        Stub.On("GET", "/api/v4/groups/acme-mirror?with_projects=false").Reply(200, group);
    }

    private StubRoute GroupChange() => Stub.On("PUT", "/api/v4/groups/acme-mirror");

    private const string Unprotected =
        """{"default_branch_protection_defaults":{"allow_force_push":true,"allowed_to_push":[{"access_level":30}],"allowed_to_merge":[{"access_level":30}]}}""";

    private const string FullyProtected =
        """{"default_branch_protection_defaults":{"allow_force_push":false,"allowed_to_push":[{"access_level":40}],"allowed_to_merge":[{"access_level":40}]}}""";

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
                    Id = "77",
                    Description = "Mirror",
                    Visibility = Visibility.Public,
                    DefaultBranch = "trunk",
                    WikiPage = "-/wikis",
                    GitUrl = new Uri(Stub.Url + "/acme-mirror/a.git"),
                    HostName = "gitlab.com",
                    WebUrl = new Uri(Stub.Url + "/acme-mirror/a"),
                }
            );
    }

    [Fact]
    public async Task Empty_repository_has_no_main_branch_and_no_description()
    {
        FirstPage().Reply(200, OddPage);

        var repository = (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem();
        repository.IsEmpty.ShouldBeTrue();
        repository.Description.ShouldBeEmpty();
        repository.Visibility.ShouldBe(Visibility.Unknown); // Nobody may take it for private.
    }

    [Fact]
    public async Task Group_is_listed_without_the_groups_below_it_and_its_kind_is_asked_for_once()
    {
        InGroup(Unprotected);
        var page = Stub.On("GET", $"/api/v4/groups/acme-mirror/projects?include_subgroups=false&with_shared=false&{Order}");
        ReplyPage(page, null, "a");
        ReplyPage(page, null, "a");
        var client = Client();

        await client.ListAsync(default);
        (await client.ListAsync(default)).Repositories.ShouldHaveSingleItem();
        Stub.Requests.Count(request => request.Target == Namespace).ShouldBe(1);
    }

    [Fact]
    public async Task Creation_sends_what_the_mirror_needs()
    {
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        const string body =
            """{"name":"website","path":"website","namespace_id":5,"visibility":"private","description":"Mirror of github.com/acme/Website (id 7)","initialize_with_readme":false,"builds_access_level":"disabled"}""";
        JsonElement.DeepEquals(JsonDocument.Parse(Asked[0].Body).RootElement, JsonDocument.Parse(body).RootElement).ShouldBeTrue(Asked[0].Body);
    }

    [Fact]
    public async Task Refusal_that_does_not_say_taken_is_none_though_a_project_is_there()
    {
        Creation().Reply(400, """{"message":{"visibility_level":["public is not allowed in a private group."]}}""");
        Look().Reply(200, Repository("website"));

        var e = await CreationFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("destination-visibility");
        Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Name_of_a_project_that_waits_for_its_deletion_is_told_with_its_cure()
    {
        Creation().Reply(ExistsAlready.Status, ExistsAlready.Body);
        Look().Reply(404, Refusal("404 Project Not Found"));

        (await CreationFailsAsync()).Failure.Hint.ShouldContain("Delete immediately");
    }

    [Fact]
    public async Task Taken_name_whose_former_project_was_moved_away_is_not_taken_for_it()
    {
        Creation().Reply(ExistsAlready.Status, ExistsAlready.Body);
        Look().Reply(301, "", ("Location", "/api/v4/projects/77"));
        Stub.On("GET", "/api/v4/projects/77").Reply(200, Repository("moved"));

        (await CreationFailsAsync()).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("86400", """{"message":"Retry later"}""")]
    [InlineData(null, """{"message":{"error":"This endpoint has been requested too many times. Try again later."}}""")]
    public async Task Limit_of_a_day_is_a_failure_at_once_and_holds_no_other_request_back(string? wait, string body)
    {
        Creation().Reply(429, body, wait is null ? [] : [("Retry-After", wait)]);
        Change().Reply(200, Repository("website"));
        var client = Client();

        var e = await Should.ThrowAsync<HostException>(() => client.CreateAsync(Wanted, default));
        e.Failure.Kind.ShouldBe(HostFailureKind.RateLimited);
        e.Failure.Hint.ShouldContain("200 projects a day");
        e.IsTransient.ShouldBeFalse();

        await client.SetDescriptionAsync("website", "x", default);
        (await Should.ThrowAsync<HostException>(() => client.CreateAsync(Wanted, default))).Failure.Kind.ShouldBe(HostFailureKind.RateLimited);
        Time.Skipped.ShouldBeEmpty();
        Asked.Select(request => request.Method).ShouldBe(["POST", "PUT"]);
        client.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task Group_that_would_protect_new_projects_is_told_not_to_once_and_says_so()
    {
        InGroup(FullyProtected);
        GroupChange().Reply(200, Unprotected);
        Creation().Always(201, Repository("website"));
        var client = Client();
        await client.CreateAsync(Wanted, default);
        await client.CreateAsync(Wanted, default);

        var change = Asked.Where(request => request.Method == "PUT").ShouldHaveSingleItem();
        JsonElement.DeepEquals(JsonDocument.Parse(change.Body).RootElement, JsonDocument.Parse(Unprotected).RootElement).ShouldBeTrue(change.Body);
        Said.ShouldHaveSingleItem().ShouldContain("acme-mirror");
    }

    [Fact]
    public async Task Group_that_protects_nothing_is_left_alone()
    {
        InGroup(Unprotected);
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        Asked.ShouldNotContain(request => request.Method == "PUT");
        Said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"default_branch_protection":0}""", false)]
    [InlineData("""{"default_branch_protection":2}""", true)]
    [InlineData("{}", true)]
    [InlineData("""{"default_branch_protection_defaults":{"allow_force_push":true,"allowed_to_push":[{"access_level":30}]}}""", true)]
    [InlineData(
        """{"default_branch_protection_defaults":{"allow_force_push":true,"allowed_to_push":[{"access_level":40}],"allowed_to_merge":[{"access_level":30}]}}""",
        true
    )]
    public async Task Only_what_lets_developers_force_is_no_protection(string group, bool protects)
    {
        InGroup(group);
        GroupChange().Always(200, Unprotected);
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        Asked.Any(request => request.Method == "PUT").ShouldBe(protects);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Group_that_may_not_be_changed_stops_nothing_and_says_nothing(int status)
    {
        InGroup(FullyProtected);
        GroupChange().Reply(status, Refusal("403 Forbidden"));
        Creation().Reply(201, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Said.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Protection_that_came_with_the_first_push_is_removed_and_patterns_stay()
    {
        Stub.On("GET", Protected).Reply(200, """[{"name":"release/1.0"},{"name":"release/*"},{"name":null},null]""");
        Stub.On("DELETE", $"{Website}/protected_branches/release%2F1.0").Reply(204);
        await Client().FirstPushedAsync("website", default);

        Stub.VerifyAllUsed();
        Time.Skipped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Protection_that_comes_a_moment_later_is_waited_for()
    {
        Stub.On("GET", Protected).Reply(200, "[]").Reply(200, "[]").Reply(200, """[{"name":"main"}]""");
        Stub.On("DELETE", $"{Website}/protected_branches/main").Reply(204);
        await Client().FirstPushedAsync("website", default);

        Stub.VerifyAllUsed();
        Time.Skipped.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
    }

    [Fact]
    public async Task Where_the_group_protects_nothing_one_look_is_enough()
    {
        InGroup(Unprotected);
        Creation().Reply(201, Repository("website"));
        Stub.On("GET", Protected).Reply(200, "[]");
        var client = Client();
        await client.CreateAsync(Wanted, default);
        await client.FirstPushedAsync("website", default);

        Time.Skipped.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Rule_of_the_group_can_not_be_removed_which_is_not_told_but_missing_rights_are()
    {
        Stub.On("GET", Protected).Always(200, """[{"name":"main"}]""");
        Stub.On("DELETE", $"{Website}/protected_branches/main").Reply(404, Refusal("404 Not found")).Reply(403, Refusal("403 Forbidden"));

        await Client().FirstPushedAsync("website", default);

        Said.ShouldHaveSingleItem().ShouldContain("Protected branches > Unprotect");
    }

    [Fact]
    public async Task Changes_name_one_thing_each()
    {
        Change().Reply(503).Reply(200, Repository("website")).Reply(200, Repository("website")).Reply(200, Repository("website"));
        var client = Client();
        await client.SetMainBranchAsync("website", "release/1.0", default);
        await client.SetDescriptionAsync("website", "Mirror of\nsomething", default);
        await client.SetVisibilityAsync("website", isPrivate: false, default);

        Asked
            .Skip(1)
            .Select(request => request.Body)
            .ShouldBe(["""{"default_branch":"release/1.0"}""", """{"description":"Mirror of something"}""", """{"visibility":"public"}"""]);
    }

    [Fact]
    public async Task Namespace_that_is_not_seen_names_the_input()
    {
        Stub.On("GET", Namespace).Reply(404, Refusal("404 Namespace Not Found"));

        var e = await Should.ThrowAsync<HostException>(() => Client().ListAsync(default));
        e.Failure.Kind.ShouldBe(HostFailureKind.NotFound);
        e.Failure.Hint.ShouldContain("destination-owner");
    }

    [Theory]
    [InlineData("https://gitlab.com", 5L << 30)]
    [InlineData("https://git.acme.example", null)]
    public void Only_gitlab_com_is_known_to_limit_a_push(string web, long? limit) =>
        GitLabHost
            .Definition.Open(
                new HostSettings { WebUrl = new Uri(web), ApiUrl = new Uri(web + "/api/v4") },
                new HostConnection(Http, Time, Said.Add, _ => { })
            )
            .DestinationOf("acme")
            .MaxPushBytes.ShouldBe(limit);
}
