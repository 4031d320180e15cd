using MirrorAction.Hosts;
using MirrorAction.Hosts.GitLab;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitLab;

public sealed class GitLabSourceTests : SourceHostContract
{
    private const string Order = "per_page=100&order_by=id&sort=asc";

    private const string Group = $"/api/v4/groups/acme/projects?include_subgroups=true&with_shared=false&{Order}";

    private const string User = $"/api/v4/users/acme/projects?{Order}";

    protected override EntrySamples Samples => EntrySamples.GitLab("acme");

    protected override int TriesAfterUnauthorized => 1;

    protected override string ListingWord => "/groups/acme/projects";

    protected override string OddPage =>
        """[{"id":1,"path_with_namespace":"acme/a","description":null,"default_branch":null,"_links":{"x":[]},"owner":[]}]""";

    protected override IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null) => Host(token, null, deadline).Source;

    private IRepositoryHost Host(string? token, string? username = null, DateTimeOffset? deadline = null) =>
        GitLabHost.Definition.Open(
            new HostSettings
            {
                WebUrl = new Uri(Stub.Url),
                ApiUrl = new Uri(Stub.Url + "/api/v4"),
                Token = token,
                Username = username,
                Credential = "a token (source-token)",
            },
            new HostConnection(Http, Time, Said.Add, _ => { }) { Deadline = deadline }
        );

    protected override StubRoute ById() => Stub.On("GET", $"/api/v4/projects/{Sought}");

    protected override string EntryOf(long id, string owner, string name) => Project($"{owner}/{name}");

    protected override StubRoute FirstPage()
    {
        // A group that is not there may be a user; in these tests there is none either.
        Stub.On("GET", User).Always(404, Refusal("The words of the server"));
        return Stub.On("GET", Group);
    }

    protected override void ReplyPage(StubRoute route, string? next, params string[] names) =>
        route.Reply(
            200,
            $"[{string.Join(',', names.Select(name => Project($"acme/{name}")))}]",
            next is null ? [] : [("Link", $"<{Stub.Url}/else>; rel=\"first\", <{next}>; rel=\"next\"")]
        );

    protected override string Refusal(string message) => $$"""{"message":"{{message}}"}""";

    private static string Project(string path, string more = "") =>
        $$"""{"id":{{path.Sum(letter => letter)}},"path_with_namespace":"{{path}}"{{more}}}""";

    private async Task<Repository> OnlyOneAsync(string project, string owner = "acme", string? token = Token)
    {
        Stub.On("GET", Group.Replace("acme", Uri.EscapeDataString(owner), StringComparison.Ordinal)).Reply(200, $"[{project}]");
        return (await RepositoriesAsync(Client(token), owner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        const string More = """
            ,"description":"Says\nmuch","visibility":"internal","archived":true,"default_branch":"trunk","forked_from_project":{"id":9},"wiki_access_level":"private","repository_access_level":"disabled"
            """;

        (await OnlyOneAsync(Project("acme/platform/api", More))).ShouldBe(
            new Repository
            {
                Id = "1683",
                Owner = "acme",
                Name = "platform/api",
                Description = "Says much",
                Visibility = Visibility.Internal,
                IsFork = true,
                IsArchived = true,
                IsDisabled = true,
                HasWiki = true,
                TakesWiki = true,
                IsWikiPrivate = true,
                WikiPage = "-/wikis",
                DefaultBranch = "trunk",
                GitUrl = new Uri(Stub.Url + "/acme/platform/api.git"),
                HostName = "gitlab.com",
                WebUrl = new Uri(Stub.Url + "/acme/platform/api"),
            }
        );
    }

    [Theory]
    [InlineData("enabled", "enabled", false, false)]
    [InlineData("enabled", "private", false, true)] // Code for everyone, pages for members only.
    [InlineData("private", "enabled", true, true)] // The project is for everyone, its code is not.
    public async Task What_only_members_may_read_of_a_public_project_is_private(string code, string wiki, bool isPrivate, bool isWikiPrivate)
    {
        var levels = $",\"visibility\":\"public\",\"repository_access_level\":\"{code}\",\"wiki_access_level\":\"{wiki}\"";

        var repository = await OnlyOneAsync(Project("acme/a", levels));

        (repository.IsPrivate, repository.ToWiki().IsPrivate).ShouldBe((isPrivate, isWikiPrivate));
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData(",\"visibility\":null", true, false)]
    [InlineData(",\"visibility\":\"secret\"", true, false)]
    [InlineData(",\"visibility\":\"private\"", true, true)]
    [InlineData(",\"visibility\":\"public\"", false, true)]
    public async Task Visibility_that_is_not_known_counts_as_private(string more, bool isPrivate, bool isKnown)
    {
        var repository = await OnlyOneAsync(Project("acme/a", more));

        (repository.IsPrivate, repository.Visibility != Visibility.Unknown).ShouldBe((isPrivate, isKnown));
        (repository.IsFork, repository.HasWiki).ShouldBe((false, false));
    }

    [Fact]
    public async Task What_is_listed_without_a_token_is_public()
    {
        var repository = await OnlyOneAsync(Project("acme/a"), token: null);

        (repository.IsPrivate, repository.Visibility != Visibility.Unknown).ShouldBe((false, true));
    }

    [Fact]
    public async Task Owner_is_as_the_host_spells_it_and_may_be_nested()
    {
        var repository = await OnlyOneAsync(Project("Acme/Team/tools/site"), owner: "acme/team");

        (repository.Owner, repository.Name).ShouldBe(("Acme/Team", "tools/site"));
        repository.FullName.ShouldBe("Acme/Team/tools/site");
    }

    [Fact]
    public async Task Owner_that_is_no_group_is_a_user_and_is_asked_for_as_one_from_then_on()
    {
        var client = Client();
        Stub.On("GET", Group).Reply(404, Refusal("404 Group Not Found"));
        ReplyPage(Stub.On("GET", User).Reply(200, "[]"), null, "a");

        await client.ListAsync("acme", default);
        (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem().Name.ShouldBe("a");
        Stub.VerifyAllUsed();
        Stub.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Owner_that_is_neither_is_the_refusal_of_the_group()
    {
        FirstPage().Reply(404, Refusal("404 Group Not Found"));

        var e = await ListingFailsAsync();
        e.Message.ShouldContain("404 Group Not Found");
        e.Failure.Hint.ShouldContain("source-owner");
        e.Failure.Hint.ShouldContain("a token (source-token)");
    }

    [Fact]
    public async Task Nested_path_is_no_user()
    {
        Stub.On("GET", Group.Replace("acme", "acme%2Fteam", StringComparison.Ordinal)).Reply(404, Refusal("404 Group Not Found"));

        (await Should.ThrowAsync<HostException>(() => Client().ListAsync("acme/team", default))).Status.ShouldBe(404);
        Stub.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("acme/a", true)]
    [InlineData("ACME/A", true)]
    [InlineData("acme/renamed", false)]
    public async Task Repository_exists_under_its_own_path_only(string answered, bool exists)
    {
        var repository = await OnlyOneAsync(Project("acme/a"));
        Stub.On("GET", "/api/v4/projects/acme%2Fa").Reply(301, "", ("Location", "/api/v4/projects/7"));
        Stub.On("GET", "/api/v4/projects/7").Reply(200, Project(answered));

        (await Client().ExistsAsync(repository, default)).ShouldBe(exists);
    }

    [Fact]
    public async Task Repository_that_is_not_found_does_not_exist_and_one_that_is_refused_is_a_failure()
    {
        var repository = await OnlyOneAsync(Project("acme/a"));
        Stub.On("GET", "/api/v4/projects/acme%2Fa").Reply(404, Refusal("404 Project Not Found")).Reply(502, "").Reply(403, Refusal("no"));

        (await Client().ExistsAsync(repository, default)).ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(() => Client().ExistsAsync(repository, default))).Status.ShouldBe(403);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(null, "oauth2")]
    [InlineData("gitlab+deploy-token-1", "gitlab+deploy-token-1")]
    public async Task Token_is_a_bearer_over_rest_and_a_password_over_git(string? username, string user)
    {
        var repository = await OnlyOneAsync(Project("acme/a"));

        Stub.Requests[0].Header("Authorization").ShouldBe($"Bearer {Token}");
        var credential = await Host(Token, username).Source.GitCredentialsFor(repository).GetAsync(default);
        credential.ShouldBe(HttpCredential.Basic(user, Token));
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("acme/team/x.y_z", true)]
    [InlineData("", false)]
    [InlineData("acme/", false)]
    [InlineData("/acme", false)]
    [InlineData("acme/../x", false)]
    [InlineData("-acme", false)]
    [InlineData("https://gitlab.com/acme", false)]
    public void Owner_is_the_path_of_a_group_or_user(string owner, bool isFine) =>
        (GitLabHost.Definition.OwnerProblem(owner) is null).ShouldBe(isFine);

    [Theory]
    [InlineData("https://gitlab.com", "https://gitlab.com/api/v4", "gitlab.com")]
    [InlineData("https://git.acme.example/gitlab", "https://git.acme.example/gitlab/api/v4", "git.acme.example")]
    public void Addresses_follow_from_that_of_the_web_pages(string web, string api, string name)
    {
        GitLabHost.Definition.ApiUrlOf(new Uri(web)).AbsoluteUri.ShouldBe(api);
        GitLabHost.Definition.NameAt(new Uri(web)).ShouldBe(name);
    }
}
