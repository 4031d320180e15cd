using MirrorAction.Hosts;
using MirrorAction.Hosts.Gitea;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Gitea;

/// <summary>What every source does, done by an organisation.</summary>
public sealed partial class GiteaSourceTests : SourceHostContract
{
    // A server below a path, so that every test also tries a base address with a path.
    private const string Api = "/forge/api/v1";

    private const string Page = "page=1&limit=50";

    protected override EntrySamples Samples => EntrySamples.GitHub;

    protected override int TriesAfterUnauthorized => 1;

    protected override string OddPage => """[{"id":1,"name":"a","surprise":{"deep":[1,{"x":null}]},"owner":null,"size":null,"private":null}]""";

    protected override IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null) => Client(token, null, deadline);

    protected override StubRoute ById() => Stub.On("GET", $"{Api}/repositories/{Sought}");

    protected override string EntryOf(long id, string owner, string name) => Repository(name, "", owner);

    protected override StubRoute FirstPage()
    {
        IsOrganization();
        return Stub.On("GET", $"{Api}/orgs/acme/repos?{Page}");
    }

    protected override void ReplyPage(StubRoute route, string? next, params string[] names)
    {
        (string, string)[] link = next is null ? [] : [("Link", $"<{next}>; rel=\"next\",<{Stub.Url}/last>; rel=\"last\"")];
        route.Reply(200, $"[{string.Join(',', names.Select(name => Repository(name)))}]", link);
    }

    protected override string Refusal(string message) => $$"""{"message":"{{message}}","url":"https://gitea.example/api/swagger"}""";

    private static string Repository(string name, string more = "", string owner = "acme", string visibility = "public") =>
        $$"""{"id":{{name.Sum(letter => letter)}},"name":"{{name}}","owner":{"login":"{{owner}}","visibility":"{{visibility}}"},"private":false{{more}}}""";

    private IRepositorySource Client(string? token, string? username, DateTimeOffset? deadline = null) =>
        GiteaHost
            .Definition.Open(
                new HostSettings
                {
                    WebUrl = new Uri("https://gitea.example"),
                    ApiUrl = new Uri(Stub.Url + Api),
                    Token = token,
                    Username = username,
                },
                new HostConnection(Http, Time, Said.Add, _ => { }) { Deadline = deadline }
            )
            .Source;

    private void IsOrganization(string user = "robot")
    {
        Stub.On("GET", $"{Api}/user").Always(200, $$"""{"login":"{{user}}"}""");
        Stub.On("GET", $"{Api}/orgs/acme").Always(200, """{"id":3,"name":"acme","username":"acme"}""");
        Stub.On("GET", $"{Api}/settings/api").Always(200, """{"max_response_items":50,"default_paging_num":30}""");
    }

    private async Task<Repository> OnlyOneAsync(string repository)
    {
        FirstPage().Reply(200, $"[{repository}]");
        return (await RepositoriesAsync(Client(), "acme")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Token_is_sent_under_its_own_scheme()
    {
        ReplyPage(FirstPage(), null, "a");
        await ListAsync();

        Stub.Requests.ShouldAllBe(request => request.Header("Authorization") == "token " + Token && request.Header("Accept") == "application/json");
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        var repository = await OnlyOneAsync(
            Repository(
                "a",
                ""","id":9007199254740993,"fork":true,"archived":true,"has_wiki":true,"default_branch":"trunk","size":42,"description":"Mirror\nof x" """
            )
        );

        repository.ShouldBe(
            new Repository
            {
                Id = "9007199254740993",
                Owner = "acme",
                Name = "a",
                Description = "Mirror of x",
                Visibility = Visibility.Public,
                IsFork = true,
                IsArchived = true,
                Refusal = repository.Refusal,
                HasWiki = true,
                DefaultBranch = "trunk",
                SizeBytes = 42 * 1024,
                GitUrl = new Uri("https://gitea.example/acme/a.git"),
                HostName = "gitea.example",
                WebUrl = new Uri("https://gitea.example/acme/a"),
            }
        );
    }

    [Theory]
    [InlineData("", "public", false, true)]
    [InlineData(",\"internal\":false", "public", false, true)]
    [InlineData(",\"private\":true", "public", true, true)]
    [InlineData(",\"internal\":true", "public", true, true)]
    [InlineData("", "limited", true, true)]
    [InlineData("", "private", true, true)]
    [InlineData("", "by-moonlight", true, false)]
    [InlineData(",\"private\":null", "public", true, false)]
    public async Task Only_what_everyone_may_see_is_public(string more, string visibility, bool isPrivate, bool isKnown)
    {
        var repository = await OnlyOneAsync(Repository("a", more, visibility: visibility));

        (repository.IsPrivate, repository.Visibility != Visibility.Unknown).ShouldBe((isPrivate, isKnown));
    }

    [Theory]
    [InlineData(",\"has_wiki\":true", true)]
    [InlineData(",\"has_wiki\":true,\"has_wiki_contents\":true", true)]
    [InlineData(",\"has_wiki\":true,\"has_wiki_contents\":false", false)]
    [InlineData(",\"has_wiki\":true,\"external_wiki\":{\"external_wiki_url\":\"https://wiki.example\"}", false)]
    [InlineData(",\"has_wiki\":false", false)]
    [InlineData("", false)]
    public async Task Wiki_that_is_elsewhere_or_has_no_pages_is_none(string more, bool hasWiki) =>
        (await OnlyOneAsync(Repository("a", more))).HasWiki.ShouldBe(hasWiki);

    [Theory]
    [InlineData(200, """{"max_response_items":20}""", 20)]
    [InlineData(200, """{"max_response_items":5000}""", 100)]
    [InlineData(200, """{"max_response_items":0}""", 1)]
    [InlineData(200, "{}", 50)]
    [InlineData(403, """{"message":"Only signed in user is allowed to call APIs."}""", 50)]
    [InlineData(404, """{"message":"Not found"}""", 50)]
    public async Task Page_is_as_long_as_the_host_allows(int status, string answer, int limit)
    {
        IsOrganization();
        Stub.On("GET", $"{Api}/settings/api").Reply(status, answer);
        ReplyPage(Stub.On("GET", $"{Api}/orgs/acme/repos?page=1&limit={limit}"), null, "a");

        (await ListAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Own_account_is_listed_with_its_private_repositories_and_without_those_of_others()
    {
        IsOrganization(user: "Acme");
        Stub.On("GET", $"{Api}/user/repos?{Page}")
            .Reply(200, $"[{Repository("a", owner: "Acme")},{Repository("b", owner: "somebody")},{{\"id\":9,\"owner\":{{\"login\":\"somebody\"}}}}]");

        var listing = await Client().ListAsync("acme", default);
        listing.Repositories.ShouldHaveSingleItem().FullName.ShouldBe("Acme/a");
        listing.Unusable.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Other_user_is_listed_as_one()
    {
        IsOrganization();
        Stub.On("GET", $"{Api}/orgs/acme").Reply(404, Refusal("The target couldn't be found."));
        Stub.On("GET", $"{Api}/users/acme").Reply(200, """{"login":"ACME"}""");
        ReplyPage(Stub.On("GET", $"{Api}/users/ACME/repos?{Page}"), null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Owner_that_is_not_there_is_not_found()
    {
        IsOrganization();
        Stub.On("GET", $"{Api}/orgs/acme").Reply(404, Refusal("The target couldn't be found."));
        Stub.On("GET", $"{Api}/users/acme").Reply(404, Refusal("user redirect does not exist"));
        Stub.On("GET", $"{Api}/orgs/acme/repos?page=1&limit=1").Reply(404, Refusal("none"));
        Stub.On("GET", $"{Api}/users/acme/repos?page=1&limit=1").Reply(404, Refusal("none"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.NotFound);
        e.Failure.Hint.ShouldContain("source-owner");
    }

    [Fact]
    public async Task Token_that_may_not_read_its_user_reads_organizations()
    {
        ReplyPage(FirstPage(), null, "a");
        Stub.On("GET", $"{Api}/user").Reply(403, Refusal("token does not have at least one of required scope(s): [read:user]"));

        var client = Client();
        var repository = (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem();
        (await client.GitCredentialsFor(repository).GetAsync(default)).ShouldBe(HttpCredential.Basic("git", Token));
    }

    [Fact]
    public async Task Token_that_is_dead_is_told_at_once()
    {
        Stub.On("GET", $"{Api}/user").Reply(401, Refusal("invalid username, password or token"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        e.Failure.Hint.ShouldContain("source-url");
    }

    [Fact]
    public async Task Git_user_is_asked_for_once_or_given()
    {
        ReplyPage(FirstPage(), null, "a", "b");
        var client = Client();
        foreach (var repository in await RepositoriesAsync(client, "acme"))
        {
            (await client.GitCredentialsFor(repository).GetAsync(default)).ShouldBe(HttpCredential.Basic("robot", Token));
        }

        Stub.Requests.Count(request => request.Target == $"{Api}/user").ShouldBe(1);

        ReplyPage(FirstPage(), null, "a");
        var named = Client(Token, "somebody");
        var one = (await RepositoriesAsync(named, "acme")).ShouldHaveSingleItem();
        (await named.GitCredentialsFor(one).GetAsync(default)).ShouldBe(HttpCredential.Basic("somebody", Token));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A", true)]
    [InlineData("renamed", false)]
    public async Task Repository_exists_under_its_own_name_only(string answered, bool exists)
    {
        var repository = await OnlyOneAsync(Repository("a"));
        Stub.On("GET", $"{Api}/repos/acme/a").Reply(200, Repository(answered));

        (await Client().ExistsAsync(repository, default)).ShouldBe(exists);
    }

    [Fact]
    public async Task Repository_that_is_not_found_does_not_exist_and_one_that_is_refused_is_a_failure()
    {
        var repository = await OnlyOneAsync(Repository("a"));
        Stub.On("GET", $"{Api}/repos/acme/a").Reply(404, Refusal("Not found")).Reply(502, "").Reply(403, Refusal("no"));

        (await Client().ExistsAsync(repository, default)).ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(() => Client().ExistsAsync(repository, default))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Without_a_token_it_says_that_private_repositories_are_missing()
    {
        ReplyPage(FirstPage(), null, "a");
        await RepositoriesAsync(Client(token: null), "acme");

        Said.ShouldHaveSingleItem().ShouldContain("source-token");
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("Acme.Inc_2-x", true)]
    [InlineData("", false)]
    [InlineData("-acme", false)]
    [InlineData("acme/site", false)]
    [InlineData("acme corp", false)]
    [InlineData("0123456789abcdef0123456789abcdef01234567", false)]
    [InlineData("a-name-of-more-than-forty-characters-is-none", false)]
    public void Owner_is_a_name_and_no_token(string owner, bool isFine) => (GiteaHost.Definition.OwnerProblem(owner) is null).ShouldBe(isFine);

    [Theory]
    [InlineData("https://codeberg.org", "https://codeberg.org/api/v1")]
    [InlineData("https://acme.example/forge", "https://acme.example/forge/api/v1")]
    public void Interface_is_below_the_web_pages(string web, string api) => GiteaHost.Definition.ApiUrlOf(new Uri(web)).ShouldBe(new Uri(api));
}
