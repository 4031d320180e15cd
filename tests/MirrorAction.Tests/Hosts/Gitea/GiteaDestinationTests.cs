using MirrorAction.Hosts;
using MirrorAction.Hosts.Gitea;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Gitea;

/// <summary>What every destination does, done by an organisation.</summary>
public sealed partial class GiteaDestinationTests : DestinationHostContract
{
    private const string Api = "/forge/api/v1";

    private const string Owner = "acme-mirror";

    private const string SwitchedOff = """{"has_issues":false,"has_pull_requests":false,"has_actions":false}""";

    protected override EntrySamples Samples => EntrySamples.GitHub;

    protected override int TriesAfterUnauthorized => 1;

    protected override string OddPage =>
        """[{"id":1,"name":"a","surprise":{"deep":[1]},"owner":null,"size":null,"private":null,"default_branch":null}]""";

    protected override (int Status, string Body) ExistsAlready => (409, Refusal("The repository with the same name already exists."));

    protected override string VisibilityField => "private";

    /// <summary>Neither what finds out about owner and user, nor what is switched off behind a creation.</summary>
    protected override IReadOnlyList<StubRequest> Asked =>
        [.. base.Asked.Where(request => request.Target != $"{Api}/user" && request.Target != $"{Api}/orgs/{Owner}" && request.Body != SwitchedOff)];

    private StubRoute Website => Stub.On("PATCH", $"{Api}/repos/{Owner}/website");

    protected override IRepositoryDestination Client(DateTimeOffset? deadline = null) =>
        GiteaHost
            .Definition.Open(
                new HostSettings
                {
                    WebUrl = new Uri("https://gitea.example"),
                    ApiUrl = new Uri(Stub.Url + Api),
                    Token = Token,
                    Writes = true,
                    Credential = "a token (destination-token)",
                },
                new HostConnection(Http, Time, Said.Add, _ => { }) { Deadline = deadline }
            )
            .DestinationOf(Owner);

    protected override StubRoute FirstPage()
    {
        IsOrganization();
        return Stub.On("GET", $"{Api}/orgs/{Owner}/repos?page=1&limit=50");
    }

    protected override StubRoute Creation()
    {
        IsOrganization();
        Website.Always(200, Repository("website"));
        return Stub.On("POST", $"{Api}/orgs/{Owner}/repos");
    }

    protected override StubRoute Look() => Stub.On("GET", $"{Api}/repos/{Owner}/website");

    protected override StubRoute Renaming() => Change();

    protected override StubRoute LookFor(string slug) => Stub.On("GET", $"{Api}/repos/{Owner}/{slug}");

    protected override string IdOf(string slug) => slug.Sum(letter => letter).ToString(System.Globalization.CultureInfo.InvariantCulture);

    protected override StubRoute Change() => Website;

    protected override void ReplyPage(StubRoute route, string? next, params string[] names)
    {
        (string, string)[] link = next is null ? [] : [("Link", $"<{next}>; rel=\"next\"")];
        route.Reply(200, $"[{string.Join(',', names.Select(Repository))}]", link);
    }

    protected override string Refusal(string message) => $$"""{"message":"{{message}}","url":"https://gitea.example/api/swagger"}""";

    protected override string Repository(string slug) => Entry(slug, "");

    private static string Entry(string slug, string more) =>
        $$$"""{"id":{{{slug.Sum(letter => letter)}}},"name":"{{{slug}}}","owner":{"login":"{{{Owner}}}"},"private":true,"description":"What it is","default_branch":"trunk","size":3{{{more}}}}""";

    private void IsOrganization(string user = "robot")
    {
        Stub.On("GET", $"{Api}/user").Always(200, $$"""{"login":"{{user}}"}""");
        Stub.On("GET", $"{Api}/orgs/{Owner}").Always(200, $$"""{"id":3,"name":"{{Owner}}"}""");
        Stub.On("GET", $"{Api}/settings/api").Always(200, """{"max_response_items":50}""");
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
                    Id = "97",
                    Description = "What it is",
                    Visibility = Visibility.Private,
                    DefaultBranch = "trunk",
                    SizeBytes = 3072,
                    GitUrl = new Uri("https://gitea.example/acme-mirror/a.git"),
                    HostName = "gitea.example",
                    WebUrl = new Uri("https://gitea.example/acme-mirror/a"),
                }
            );
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"mirror\":false,\"archived\":false", null)]
    [InlineData(",\"mirror\":true", "pull mirror")]
    [InlineData(",\"archived\":true", "archived")]
    public async Task Repository_that_takes_no_push_says_why(string more, string? why)
    {
        FirstPage().Reply(200, $"[{Entry("a", more)}]");

        var refusal = (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().Refusal;
        (refusal is null).ShouldBe(why is null);
        refusal?.ShouldContain(why!);
    }

    [Fact]
    public async Task Empty_repository_has_no_main_branch_and_one_of_unknown_visibility_is_not_taken_for_private()
    {
        FirstPage().Reply(200, $"[{Entry("a", ",\"empty\":true,\"private\":null")}]");

        var repository = (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem();
        repository.IsEmpty.ShouldBeTrue();
        repository.Visibility.ShouldBe(Visibility.Unknown);
    }

    [Fact]
    public async Task Creation_sends_what_the_mirror_needs_and_switches_off_what_it_has_no_use_for()
    {
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        Stub.Requests.Where(request => request.Method != "GET")
            .Select(request => request.Body)
            .ShouldBe([
                """{"name":"website","description":"Mirror of github.com/acme/Website (id 7)","private":true,"auto_init":false}""",
                SwitchedOff,
            ]);
        Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Version_without_actions_is_asked_without_them()
    {
        Creation().Reply(201, Repository("website"));
        Website.Reply(422, Refusal("[HasActions]: Unknown")).Reply(200, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        Stub.Requests[^1].Body.ShouldBe("""{"has_issues":false,"has_pull_requests":false}""");
        Said.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task What_is_restored_keeps_what_people_work_with()
    {
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted with { IsMirror = false }, default);

        Stub.Requests.ShouldNotContain(request => request.Method == "PATCH");
    }

    [Fact]
    public async Task Refused_switch_is_told_and_is_no_failure()
    {
        Creation().Reply(201, Repository("website"));
        Website.Reply(403, Refusal("no"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Said.ShouldHaveSingleItem().ShouldContain("Actions could not be switched off in acme-mirror/website");
    }

    [Fact]
    public async Task Repository_that_was_there_is_left_as_it_is()
    {
        Creation().Reply(409, ExistsAlready.Body);
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).WasThere.ShouldBeTrue();
        Stub.Requests.ShouldNotContain(request => request.Method == "PATCH");
    }

    [Fact]
    public async Task Own_account_is_created_in_by_another_request()
    {
        IsOrganization(user: "Acme-Mirror");
        Stub.On("POST", $"{Api}/user/repos").Reply(201, Repository("website"));
        Website.Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).FullName.ShouldBe("acme-mirror/website");
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Nothing_is_created_for_another_user()
    {
        IsOrganization();
        Stub.On("GET", $"{Api}/orgs/{Owner}").Reply(404, Refusal("Not found"));
        Stub.On("GET", $"{Api}/users/{Owner}").Reply(200, $$"""{"login":"{{Owner}}"}""");

        var e = await CreationFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("destination-owner");
        Stub.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Renamed_repository_that_answers_under_its_old_name_is_not_the_one()
    {
        Creation().Reply(409, ExistsAlready.Body);
        Look().Reply(200, Repository("renamed"));

        (await CreationFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Creation_that_is_answered_with_nothing_is_a_protocol_failure(string body)
    {
        Creation().Always(201, body);
        Look().Always(404, Refusal("Not found"));

        (await CreationFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Theory]
    [InlineData(403, "Given user is not allowed to create repository in organization acme-mirror.", HostFailureKind.Forbidden, "team")]
    [InlineData(403, "user has reached maximum limit of repositories [limit: 3]", HostFailureKind.Quota, "as many repositories")]
    [InlineData(403, "token does not have at least one of required scope(s): [write:organization]", HostFailureKind.Forbidden, "write:organization")]
    [InlineData(413, "quota exceeded", HostFailureKind.Quota, "quota")]
    [InlineData(422, "name pattern is not allowed [pattern: *.wiki]", HostFailureKind.Protocol, "does not take this name")]
    public async Task Refused_creation_says_what_to_do(int status, string message, HostFailureKind kind, string hint)
    {
        Creation().Reply(status, Refusal(message));

        var e = await CreationFailsAsync();
        e.Failure.Kind.ShouldBe(kind);
        e.Failure.Hint.ShouldContain(hint);
    }

    [Fact]
    public async Task Each_change_sends_nothing_else()
    {
        Website.Always(200, Repository("website"));
        await Client().SetMainBranchAsync("website", "release/1.0", default);
        await Client().SetVisibilityAsync("website", isPrivate: false, default);
        await Client().SetDescriptionAsync("website", "one\ntwo", default);

        Stub.Requests.Select(request => request.Body)
            .ShouldBe(["""{"default_branch":"release/1.0"}""", """{"private":false}""", """{"description":"one two"}"""]);
    }

    [Fact]
    public void Host_and_owner_are_named()
    {
        Client().Host.Kind.ShouldBe("gitea");
        Client().Workspace.ShouldBe(Owner);
        Client().RequestsPerHour.ShouldBeNull();
        Client().SlugFor("My Site").ShouldBe("my-site");
    }
}
