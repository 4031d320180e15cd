using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitHub;

/// <summary>What every destination does, done by an organisation.</summary>
public sealed class GitHubDestinationTests : DestinationHostContract
{
    // The path of a GitHub Enterprise Server, so that every test also tries a base address with a path.
    private const string Api = "/api/v3";

    private const string Owner = "acme-mirror";

    /// <summary>Without what is switched off behind a creation.</summary>
    protected override IReadOnlyList<StubRequest> Asked => [.. base.Asked.Where(request => request.Target != ActionsPath)];

    private const string ActionsPath = $"{Api}/repos/{Owner}/website/actions/permissions";

    private StubRoute ActionsSwitch => Stub.On("PUT", ActionsPath);

    protected override EntrySamples Samples => EntrySamples.GitHub;

    protected override int TriesAfterUnauthorized => 1;

    protected override string OddPage =>
        """[{"id":1,"name":"a","surprise":{"deep":[1]},"owner":null,"size":null,"private":null,"default_branch":null}]""";

    protected override (int Status, string Body) ExistsAlready =>
        (
            422,
            """
            {"message":"Repository creation failed.","errors":[{"resource":"Repository","code":"custom","field":"name","message":"name already exists on this account"}]}
            """
        );

    protected override IRepositoryDestination Client(DateTimeOffset? deadline = null) => Client(Token, deadline);

    protected override StubRoute FirstPage()
    {
        IsOrganization();
        return Stub.On("GET", $"{Api}/orgs/{Owner}/repos?type=all&sort=full_name&direction=asc&per_page=100");
    }

    protected override StubRoute Creation()
    {
        IsOrganization();
        ActionsSwitch.Always(204, "");
        return Stub.On("POST", $"{Api}/orgs/{Owner}/repos");
    }

    protected override StubRoute Look() => Stub.On("GET", $"{Api}/repos/{Owner}/website");

    protected override void ReplyPage(StubRoute route, string? next, params string[] names)
    {
        (string, string)[] link = next is null ? [] : [("Link", $"<{next}>; rel=\"next\"")];
        route.Reply(200, $"[{string.Join(',', names.Select(Repository))}]", link);
    }

    protected override string Refusal(string message) => $$"""{"message":"{{message}}","documentation_url":"https://docs.github.com/rest"}""";

    protected override string Repository(string slug) =>
        $$$"""
            {"id":{{{slug.Sum(letter =>
                letter
            )}}},"name":"{{{slug}}}","owner":{"login":"{{{Owner}}}"},"private":true,"description":"What it is","default_branch":"trunk","size":3}
            """;

    private GitHubDestination Client(string? token, DateTimeOffset? deadline = null) =>
        new(
            new GitHubSource(
                Http,
                new GitHubOptions
                {
                    ApiUrl = new Uri(Stub.Url + Api),
                    ServerUrl = new Uri("https://ghes.example/"),
                    Token = token,
                    Writes = true,
                    Deadline = deadline,
                },
                Time,
                Said.Add
            ),
            Owner
        );

    private void IsOrganization() => Stub.On("GET", $"{Api}/users/{Owner}").Always(200, $$"""{"login":"{{Owner}}","id":1,"type":"Organization"}""");

    private void IsUser(string tokenOf)
    {
        Stub.On("GET", $"{Api}/orgs/{Owner}/repos?type=all&sort=full_name&direction=asc&per_page=100").Always(404, Refusal("Not Found"));
        Stub.On("GET", $"{Api}/users/{Owner}").Always(200, $$"""{"login":"{{Owner}}","id":1,"type":"User"}""");
        Stub.On("GET", $"{Api}/user").Always(200, $$"""{"login":"{{tokenOf}}","id":1,"type":"User"}""");
    }

    protected override string VisibilityField => "private";

    protected override StubRoute Renaming() => Change();

    protected override StubRoute LookFor(string slug) => Stub.On("GET", $"{Api}/repos/{Owner}/{slug}");

    protected override string IdOf(string slug) => slug.Sum(letter => letter).ToString(System.Globalization.CultureInfo.InvariantCulture);

    protected override StubRoute Change() => Stub.On("PATCH", $"{Api}/repos/{Owner}/website");

    private void ShouldHaveSent(string method, string body) =>
        JsonElement
            .DeepEquals(JsonDocument.Parse(Asked.Single(request => request.Method == method).Body).RootElement, JsonDocument.Parse(body).RootElement)
            .ShouldBeTrue();

    [Theory]
    [InlineData(""","private":true""", true)]
    [InlineData(""","private":false""", false)]
    [InlineData(""","private":false,"visibility":"public" """, false)]
    [InlineData(""","private":false,"visibility":"internal" """, true)]
    [InlineData(""","private":true,"visibility":"restricted" """, true)]
    [InlineData(""","private":false,"visibility":"restricted" """, null)]
    [InlineData("", null)]
    public async Task Repository_counts_as_private_only_when_the_host_says_so_in_a_word_that_is_known(string more, bool? isPrivate)
    {
        FirstPage().Reply(200, $$"""[{"id":1,"name":"a"{{more}}}]""");

        (await Client().ListAsync(default))
            .Repositories.ShouldHaveSingleItem()
            .Visibility.ShouldBe(MirrorAction.Hosts.Repository.VisibilityOf(isPrivate));
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        ReplyPage(FirstPage(), null, "Website");

        (await Client().ListAsync(default))
            .Repositories.ShouldHaveSingleItem()
            .ShouldBe(
                new Repository
                {
                    Name = "Website",
                    Owner = "acme-mirror",
                    Id = "Website".Sum(letter => letter).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Description = "What it is",
                    Visibility = Visibility.Private,
                    DefaultBranch = "trunk",
                    TakesWiki = false,
                    SizeBytes = 3 * 1024,
                    GitUrl = new Uri("https://ghes.example/acme-mirror/Website.git"),
                    HostName = "ghes.example",
                    WebUrl = new Uri("https://ghes.example/acme-mirror/Website"),
                }
            );
    }

    [Fact]
    public async Task Creation_makes_no_first_commit_and_keeps_the_description_fit()
    {
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted with { Description = "two\nlines \u001b[31m" + new string('x', 400) }, default);

        ShouldHaveSent("POST", $$"""{"name":"website","private":true,"description":"two lines {{new string('x', 339)}}…","auto_init":false}""");
    }

    [Fact]
    public async Task Repository_that_was_there_is_told_from_one_that_was_created()
    {
        Creation().Reply(ExistsAlready.Status, ExistsAlready.Body).Reply(201, Repository("website"));
        Look().Reply(200, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).WasThere.ShouldBeTrue();
        (await Client().CreateAsync(Wanted, default)).WasThere.ShouldBeFalse();
    }

    [Fact]
    public async Task Former_name_of_another_repository_is_not_taken_for_the_new_one()
    {
        Creation().Reply(502, "").Reply(201, Repository("website"));
        Look().Reply(301, "", ("Location", $"{Stub.Url}{Api}/repositories/7"));
        Stub.On("GET", $"{Api}/repositories/7").Reply(200, Repository("renamed"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Asked.Count(request => request.Method == "POST").ShouldBe(2);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Server_tells_why_in_its_list_of_errors_too()
    {
        Creation()
            .Reply(
                422,
                """{"message":"Repository creation failed.","errors":[{"field":"private","message":"Visibility can't be private. Please upgrade your plan."},"and more",{"code":"x"}]}"""
            );
        Look().Reply(404, Refusal("Not Found"));

        var e = await CreationFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Quota);
        e.Message.ShouldContain("Repository creation failed. Visibility can't be private. Please upgrade your plan. and more");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Workflows_do_not_run_in_a_mirror_and_run_in_what_is_restored(bool isMirror)
    {
        Creation().Reply(201, Repository("website"));
        await Client().CreateAsync(Wanted with { IsMirror = isMirror }, default);

        Stub.Requests.Where(request => request.Target == ActionsPath)
            .Select(request => (request.Method, request.Body))
            .ShouldBe(isMirror ? [("PUT", """{"enabled":false}""")] : []);
        Said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Repository_that_was_there_keeps_its_actions()
    {
        Creation().Reply(ExistsAlready.Status, ExistsAlready.Body);
        Look().Reply(200, Repository("website"));
        await Client().CreateAsync(Wanted, default);

        Stub.Requests.ShouldNotContain(request => request.Target == ActionsPath);
    }

    [Theory]
    [InlineData(403, "Resource not accessible by personal access token", 1, 1)]
    [InlineData(409, "The organization decides", 2, 2)]
    [InlineData(404, "Not Found", 2, 0)]
    public async Task Actions_that_stay_on_are_told_and_are_no_failure(int status, string said, int asked, int told)
    {
        Creation().Reply(201, Repository("website")).Reply(201, Repository("website"));
        ActionsSwitch.Reply(status, Refusal(said)).Reply(status, Refusal(said));
        var client = Client();

        (await client.CreateAsync(Wanted, default)).Name.ShouldBe("website");
        (await client.CreateAsync(Wanted, default)).Name.ShouldBe("website");

        Stub.Requests.Count(request => request.Target == ActionsPath).ShouldBe(asked);
        Said.Count(text => text.Contains("Actions could not be switched off in acme-mirror/website", StringComparison.Ordinal)).ShouldBe(told);
    }

    [Fact]
    public async Task User_creates_in_the_own_account()
    {
        IsUser(tokenOf: "Acme-Mirror");
        ActionsSwitch.Reply(204, "");
        Stub.On("POST", $"{Api}/user/repos").Reply(201, Repository("website"));

        (await Client().CreateAsync(Wanted, default)).FullName.ShouldBe("acme-mirror/website");
    }

    [Fact]
    public async Task Token_of_another_user_creates_nothing()
    {
        IsUser(tokenOf: "somebody");

        var e = await CreationFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("Only a token of acme-mirror itself");
        (await Should.ThrowAsync<HostException>(() => Client().CheckCreationAsync(default))).Message.ShouldBe(e.Message);
        (await Client().ExamineAsync([], default)).IsUsable.ShouldBeFalse();
        Stub.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Listing_is_read_where_nothing_can_be_created()
    {
        IsUser(tokenOf: "somebody");
        Stub.On("GET", $"{Api}/users/{Owner}/repos?type=owner&sort=full_name&direction=asc&per_page=100").Reply(200, $"[{Repository("website")}]");

        (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().Name.ShouldBe("website");
    }

    [Fact]
    public async Task Secondary_limit_on_creations_is_waited_for()
    {
        Creation()
            .Reply(403, Refusal("You have exceeded a secondary rate limit. Please wait a few minutes before you try again."))
            .Reply(201, Repository("website"));
        Look().Reply(404, Refusal("Not Found"));

        (await Client().CreateAsync(Wanted, default)).Name.ShouldBe("website");
        Time.Skipped.ShouldBe([TimeSpan.FromMinutes(1)]);
    }

    [Fact]
    public async Task Main_branch_is_set()
    {
        Change().Reply(200, Repository("website"));
        await Client().SetMainBranchAsync("website", "release/1.0", default);
        ShouldHaveSent("PATCH", """{"default_branch":"release/1.0"}""");
    }

    [Fact]
    public async Task Description_is_set_and_may_be_emptied()
    {
        Change().Reply(200, Repository("website"));
        await Client().SetDescriptionAsync("website", "", default);
        ShouldHaveSent("PATCH", """{"description":""}""");
    }

    [Fact]
    public async Task Visibility_is_set()
    {
        Change().Reply(503, Refusal("later")).Reply(200, Repository("website"));
        await Client().SetVisibilityAsync("website", isPrivate: false, default);
        Asked.Count.ShouldBe(2);
        Asked.ShouldAllBe(request => request.Body == """{"private":false}""");
    }

    [Theory]
    [InlineData("Website", "Website")]
    [InlineData(".github", ".github")]
    [InlineData("a b/c\u00e9\U0001F600", "a-b-c--")]
    [InlineData("..", "-5ec1f7e7")]
    [InlineData("", "-e3b0c442")]
    [InlineData("a.wiki", "a.wiki-c5f2d916")]
    [InlineData("A.GIT", "A.GIT-bd028478")]
    public void Name_stays_as_far_as_GitHub_allows(string name, string slug) => Client().SlugFor(name).ShouldBe(slug);

    [Fact]
    public void Long_name_is_cut_to_what_GitHub_allows() =>
        Client().SlugFor(new string('x', 120)).ShouldBe($"{new string('x', 91)}-{HashOf(new string('x', 120))}");

    private static string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];

    [Fact]
    public async Task Git_login_is_the_token() =>
        (await Client().GitCredentials.GetAsync(default)).ShouldBe(HttpCredential.Basic("x-access-token", Token));

    [Theory]
    [InlineData(null, "x-access-token")]
    [InlineData("robot", "robot")]
    public async Task User_of_git_may_be_given(string? username, string user)
    {
        var settings = new GitHubSettings
        {
            WebUrl = new("https://github.com"),
            ApiUrl = new("https://api.github.com"),
            Token = Token,
            Username = username,
        };
        var host = GitHubHost.Definition.Open(settings, new(Http, Time, Said.Add, _ => { }));

        (await host.DestinationOf(Owner).GitCredentials.GetAsync(default)).ShouldBe(HttpCredential.Basic(user, Token));
    }

    [Fact]
    public void GitHub_has_no_budget_of_its_own() => Client().RequestsPerHour.ShouldBeNull();
}
