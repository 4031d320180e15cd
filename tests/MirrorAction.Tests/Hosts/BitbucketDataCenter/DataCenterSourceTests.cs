using System.Text;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

/// <summary>What every source does, done by a project.</summary>
public sealed class DataCenterSourceTests : SourceHostContract
{
    protected override EntrySamples Samples => DataCenterScript.Samples;

    protected override string SecondPage => DataCenterScript.PageOf("acme", DataCenterScript.SecondStart);

    protected override int TriesAfterUnauthorized => 1;

    protected override string OddPage =>
        """{"isLastPage":true,"values":[{"id":1,"slug":"a","surprise":{"x":[]},"description":null,"project":null,"links":null,"origin":null}]}""";

    protected override IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null) =>
        DataCenterScript.Open(Stub, Http, Time, Said.Add, token, deadline).Source;

    protected override StubRoute ById() => Stub.On("GET", $"{DataCenterScript.Base}/rest/api/1.0/projects/acme/repos/former");

    protected override string EntryOf(long id, string owner, string name) =>
        $$$"""{"id":{{{id}}},"slug":"{{{name}}}","public":false,"project":{"key":"{{{owner}}}","public":false}}""";

    protected override StubRoute FirstPage() => Stub.On("GET", DataCenterScript.PageOf("acme", 0));

    protected override void ReplyPage(StubRoute route, string? next, params string[] names) =>
        route.Reply(200, DataCenterScript.Page(next, Stub.Url + SecondPage, names.Select(name => Samples.Entry(name, ""))));

    protected override string Refusal(string message) => DataCenterScript.Refusal(message);

    protected override string WebPathOf(string name) => $"{DataCenterScript.Base}/projects/acme/repos/{name}";

    protected override string GitPathOf(string name) => $"{DataCenterScript.Base}/scm/acme/{name}.git";

    private async Task<Repository> OnlyOneAsync(string more)
    {
        FirstPage().Reply(200, DataCenterScript.Page(Samples.Entry("a", more)));
        return (await RepositoriesAsync(Client(), "acme")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        var repository = await OnlyOneAsync(
            ""","id":77,"public":true,"archived":true,"description":"Our\nsite","project":{"key":"ACME","public":false},"origin":{"id":3}"""
        );

        repository.ShouldBe(
            new Repository
            {
                Id = "77",
                Owner = "ACME",
                Name = "a",
                Description = "Our site",
                Visibility = Visibility.Public,
                IsFork = true,
                IsArchived = true,
                GitUrl = new Uri(Stub.Url + "/git/scm/acme/a.git"),
                HostName = "localhost",
                WebUrl = new Uri(Stub.Url + "/git/projects/ACME/repos/a"),
            }
        );
    }

    [Theory]
    [InlineData(
        """
            ,"public":false,"project":{"key":"ACME","public":true}
            """,
        false,
        true
    )]
    [InlineData(
        """
            ,"public":false
            """,
        true,
        true
    )]
    [InlineData(
        """
            ,"public":null
            """,
        true,
        false
    )]
    [InlineData(
        """
            ,"public":null,"project":{"key":"ACME","public":false}
            """,
        true,
        false
    )]
    public async Task Repository_of_a_public_project_is_public_and_one_that_says_nothing_counts_as_private(string more, bool isPrivate, bool isKnown)
    {
        var repository = await OnlyOneAsync(more);

        (repository.IsPrivate, repository.Visibility != Visibility.Unknown).ShouldBe((isPrivate, isKnown));
    }

    [Theory]
    [InlineData("AVAILABLE", false)]
    [InlineData("INITIALISING", true)]
    [InlineData("OFFLINE", true)]
    [InlineData("something new", true)]
    public async Task Repository_in_another_state_than_available_is_disabled(string state, bool isDisabled) =>
        (await OnlyOneAsync($",\"state\":\"{state}\"")).IsDisabled.ShouldBe(isDisabled);

    [Theory]
    [InlineData("{0}/elsewhere/a.git", "{0}/elsewhere/a.git")]
    [InlineData("http://ada@{1}/git/scm/acme/a.git", "{0}/git/scm/acme/a.git")]
    [InlineData("http://ada:pw@{1}/x/a.git", "{0}/x/a.git")]
    [InlineData("http://evil.example/git/scm/acme/a.git", "{0}/git/scm/acme/a.git")]
    [InlineData("https://{1}/git/scm/acme/b.git", "{0}/git/scm/acme/a.git")]
    [InlineData("{0}/x/a.git?to=evil", "{0}/git/scm/acme/a.git")]
    [InlineData("/git/scm/acme/b.git", "{0}/git/scm/acme/a.git")]
    [InlineData("ssh://git@{1}/acme/b.git", "{0}/git/scm/acme/a.git")]
    [InlineData("no address", "{0}/git/scm/acme/a.git")]
    public async Task Clone_link_of_the_answer_is_taken_from_the_same_host_only(string href, string expected)
    {
        var (url, host) = (Stub.Url, new Uri(Stub.Url).Authority);
        var link = href.Replace("{0}", url, StringComparison.Ordinal).Replace("{1}", host, StringComparison.Ordinal);
        var repository = await OnlyOneAsync(
            $$""","links":{"clone":[null,{"name":"ssh","href":"ssh://git@x/y"},{"name":"http","href":"{{link}}"}]}"""
        );

        repository.GitUrl.AbsoluteUri.ShouldBe(expected.Replace("{0}", url, StringComparison.Ordinal));
    }

    [Fact]
    public async Task User_has_repositories_under_a_tilde()
    {
        Stub.On("GET", DataCenterScript.PageOf("~ada", 0))
            .Reply(200, DataCenterScript.Page(Samples.Entry("notes", ""","project":{"key":"~ADA","type":"PERSONAL"}""")));

        var repository = (await RepositoriesAsync(Client(), "~ada")).ShouldHaveSingleItem();
        repository.FullName.ShouldBe("~ADA/notes");
        repository.GitUrl.AbsolutePath.ShouldBe("/git/scm/~ada/notes.git");
        repository.WebUrl.AbsolutePath.ShouldBe("/git/users/ADA/repos/notes");
    }

    [Theory]
    [InlineData("""{"values":[]}""")]
    [InlineData("""{"isLastPage":null,"values":[]}""")]
    [InlineData("""{"isLastPage":false,"values":[]}""")]
    [InlineData("""{"isLastPage":false,"nextPageStart":null,"values":[]}""")]
    [InlineData("""{"isLastPage":false,"nextPageStart":0,"values":[]}""")]
    [InlineData("""{"isLastPage":false,"nextPageStart":-25,"values":[]}""")]
    [InlineData("""{"isLastPage":"yes","values":[]}""")]
    public async Task Page_that_does_not_say_whether_and_how_it_goes_on_is_a_protocol_failure(string page)
    {
        FirstPage().Reply(200, page);

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Fact]
    public async Task Next_page_starts_where_the_server_says_and_not_behind_what_it_gave()
    {
        // The server's own limit is lower than what was asked for, and two repositories that the user may not see lie between.
        FirstPage().Reply(200, DataCenterScript.Page(Samples.Entry("a", ""), "27"));
        Stub.On("GET", DataCenterScript.PageOf("acme", 27)).Reply(200, DataCenterScript.Page(Samples.Entry("b", "")));

        (await ListAsync()).ShouldBe(["a", "b"]);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData("a", "ACME", true)]
    [InlineData("A", "acme", true)]
    [InlineData("renamed", "ACME", false)]
    [InlineData("a", "OTHER", false)]
    public async Task Repository_exists_under_its_own_name_and_project_only(string slug, string project, bool exists)
    {
        var repository = await OnlyOneAsync("");
        Stub.On("GET", $"{DataCenterScript.Api}/projects/acme/repos/a")
            .Reply(200, $$$"""{"id":1,"slug":"{{{slug}}}","project":{"key":"{{{project}}}"}}""");

        (await Client().ExistsAsync(repository, default)).ShouldBe(exists);
    }

    [Fact]
    public async Task Repository_that_is_not_found_does_not_exist_and_one_that_is_refused_is_a_failure()
    {
        var repository = await OnlyOneAsync("");
        Stub.On("GET", $"{DataCenterScript.Api}/projects/acme/repos/a").Reply(404, Refusal("gone")).Reply(502, "").Reply(403, Refusal("no"));

        (await Client().ExistsAsync(repository, default)).ShouldBeFalse();
        (await Should.ThrowAsync<HostException>(() => Client().ExistsAsync(repository, default))).Status.ShouldBe(403);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData("ada", "ada")]
    [InlineData("ada%40acme.example", "ada@acme.example")]
    [InlineData("anonymous", null)]
    [InlineData("access-token-user/1/acme", null)]
    [InlineData("a%3Ab", null)]
    [InlineData("", null)]
    public async Task Git_logs_in_as_the_user_whom_the_listing_named_and_a_token_without_one_as_x_token_auth(string header, string? user)
    {
        FirstPage().Reply(200, DataCenterScript.Page(Samples.Entry("a", "")), ("X-AUSERNAME", header));
        List<string> hidden = [];
        var client = DataCenterScript.Open(Stub, Http, Time, Said.Add, Token, hide: hidden.Add).Source;
        var repository = (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem();

        (await client.GitCredentialsFor(repository).GetAsync(default)).ShouldBe(HttpCredential.Basic(user ?? "x-token-auth", Token));
        Stub.Requests.Count.ShouldBe(1);
        hidden.ShouldBe([Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user ?? "x-token-auth"}:{Token}"))]);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("ada", false)]
    public async Task Token_without_a_user_goes_by_itself_where_a_server_refuses_it_under_a_name(string header, bool goesOn)
    {
        FirstPage().Reply(200, DataCenterScript.Page(Samples.Entry("a", "")), ("X-AUSERNAME", header));
        var client = DataCenterScript.Open(Stub, Http, Time, Said.Add, Token).Source;
        var repository = (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem();
        var credentials = client.GitCredentialsFor(repository);
        var first = (await credentials.GetAsync(default)).ShouldNotBeNull();

        credentials.Refuse(first).ShouldBe(goesOn);

        var second = (await credentials.GetAsync(default)).ShouldNotBeNull();
        second.ShouldBe(goesOn ? HttpCredential.Bearer(Token) : first);
        credentials.Refuse(second).ShouldBeFalse();
    }

    [Fact]
    public async Task User_whom_the_listing_did_not_name_is_asked_for_once()
    {
        var properties = Stub.On("GET", DataCenterScript.Api + "/application-properties").Reply(200, "{}", ("X-AUSERNAME", "ada"));
        var repository = await OnlyOneAsync("");
        var credentials = Client().GitCredentialsFor(repository);

        (await credentials.GetAsync(default)).ShouldBe(HttpCredential.Basic("ada", Token));
        (await credentials.GetAsync(default)).ShouldBe(HttpCredential.Basic("ada", Token));
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(200, 200, "ada")]
    [InlineData(403, 200, "ada")]
    [InlineData(200, 401, "x-token-auth")]
    [InlineData(404, 404, "x-token-auth")]
    public async Task User_whom_nobody_told_fails_nothing(int properties, int recent, string user)
    {
        Stub.On("GET", DataCenterScript.Api + "/application-properties").Reply(properties, properties == 200 ? "{}" : Refusal("no"));
        Stub.On("GET", DataCenterScript.Api + "/profile/recent/repos?limit=1")
            .Reply(recent, recent == 200 ? "{}" : Refusal("no"), recent == 200 ? [("X-AUSERNAME", "ada")] : []);
        var repository = await OnlyOneAsync("");

        (await Client().GitCredentialsFor(repository).GetAsync(default)).ShouldBe(HttpCredential.Basic(user, Token));
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task User_that_is_given_wins_and_is_not_asked_for()
    {
        FirstPage().Reply(200, DataCenterScript.Page(Samples.Entry("a", "")), ("X-AUSERNAME", "ada"));
        var client = DataCenterScript.Open(Stub, Http, Time, Said.Add, Token, username: "x-token-auth").Source;
        var repository = (await RepositoriesAsync(client, "acme")).ShouldHaveSingleItem();

        (await client.GitCredentialsFor(repository).GetAsync(default)).ShouldBe(HttpCredential.Basic("x-token-auth", Token));
        Stub.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Captcha_is_told_by_a_header_and_not_asked_for_again()
    {
        FirstPage().Always(401, "", ("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=https://git.acme.example/login"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        e.Failure.Hint.ShouldContain("CAPTCHA");
        e.Failure.Hint.ShouldContain(Stub.Url + DataCenterScript.Base);
        Stub.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Refusal_with_401_of_a_token_that_is_alive_is_forbidden()
    {
        FirstPage().Always(401, DataCenterScript.Refusal("Vous n'avez pas le droit", "AuthorisationException"));

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
    }
}
