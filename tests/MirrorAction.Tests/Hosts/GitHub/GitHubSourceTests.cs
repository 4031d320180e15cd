using MirrorAction.Hosts;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitHub;

public sealed class GitHubSourceTests : SourceHostContract
{
    private const string Order = "sort=full_name&direction=asc&per_page=100";

    // The path of a GitHub Enterprise Server, so that every test also tries a base address with a path.
    private const string Api = "/api/v3";

    protected override EntrySamples Samples => EntrySamples.GitHub;

    protected override int TriesAfterUnauthorized => 1;

    protected override string OddPage =>
        """
            [{"id":1,"name":"a","surprise":{"deep":[1,{"x":null}]},"owner":null,"size":null,"private":null,"topics":["x"]}]
            """;

    protected override IRepositorySource Client(string? token = Token, DateTimeOffset? deadline = null) =>
        new GitHubSource(
            Http,
            new GitHubOptions
            {
                ApiUrl = new Uri(Stub.Url + Api),
                ServerUrl = new Uri("https://ghes.example/"),
                Token = token,
                Deadline = deadline,
            },
            Time,
            Said.Add
        );

    protected override StubRoute ById() => Stub.On("GET", $"{Api}/repositories/{Sought}");

    protected override string EntryOf(long id, string owner, string name) => Repository(name, "", owner);

    protected override StubRoute FirstPage()
    {
        Stub.On("GET", Api + "/users/acme").Always(200, """{"login":"acme","id":1,"type":"Organization"}""");
        return Stub.On("GET", $"{Api}/orgs/acme/repos?type=all&{Order}");
    }

    protected override void ReplyPage(StubRoute route, string? next, params string[] names)
    {
        (string, string)[] link = next is null
            ? []
            : [("Link", $"<{Stub.Url}/prev>; rel=\"prev\", <{next}>; rel=\"next\", <{Stub.Url}/last>; rel=\"last\"")];
        route.Reply(200, $"[{string.Join(',', names.Select(name => Repository(name)))}]", link);
    }

    protected override string Refusal(string message) =>
        $$"""{"message":"{{message}}","documentation_url":"https://docs.github.com/rest","status":"400"}""";

    private static string Repository(string name, string more = "", string owner = "acme") =>
        $$"""{"id":{{name.Sum(letter => letter)}},"name":"{{name}}","full_name":"{{owner}}/{{name}}","owner":{"login":"{{owner}}"},"private":false{{more}}}""";

    private StubRoute User(string? tokenOf = "acme")
    {
        IsNoOrganization();
        Stub.On("GET", Api + "/users/acme").Reply(200, """{"login":"Acme","type":"User"}""");
        var self = Stub.On("GET", Api + "/user");
        return tokenOf is null
            ? self.Reply(403, Refusal("Resource not accessible by integration"))
            : self.Reply(200, $$"""{"login":"{{tokenOf}}","type":"User"}""");
    }

    private void IsNoOrganization() => Stub.On("GET", $"{Api}/orgs/acme/repos?type=all&{Order}").Reply(404, Refusal("Not Found"));

    private static Task<IReadOnlyList<Repository>> ListWith(IRepositorySource client) => RepositoriesAsync(client, "acme");

    [Fact]
    public async Task Workflow_that_was_disabled_for_inactivity_is_found_by_doctor_with_the_call_that_enables_it()
    {
        Stub.On("GET", $"{Api}/repos/acme/mirror/actions/workflows?per_page=100")
            .Reply(
                200,
                """
                {"total_count":3,"workflows":[
                  {"id":1,"path":".github/workflows/mirror.yml","state":"disabled_inactivity"},
                  {"id":2,"path":".github/workflows/verify.yml","state":"active"},
                  {"id":3,"path":null,"state":"disabled_inactivity"}]}
                """
            );

        var finding = (await MirrorAction.Doctor.WorkflowStateCheck.RunAsync(Client(), "acme/mirror", default)).ShouldHaveSingleItem();

        (finding.Level, finding.Check).ShouldBe((DiagnosticLevel.Problem, "Workflow state"));
        finding.Message.ShouldContain("GitHub has disabled mirror.yml of acme/mirror");
        finding.Hint.ShouldNotBeNull().ShouldContain("PUT /repos/acme/mirror/actions/workflows/mirror.yml/enable");
    }

    [Fact]
    public async Task State_of_workflows_that_is_not_told_is_no_finding()
    {
        Stub.On("GET", $"{Api}/repos/acme/mirror/actions/workflows?per_page=100").Reply(403, Refusal("Resource not accessible by integration"));

        (await MirrorAction.Doctor.WorkflowStateCheck.RunAsync(Client(), "acme/mirror", default)).ShouldBeEmpty();
        (await MirrorAction.Doctor.WorkflowStateCheck.RunAsync(Client(), null, default)).ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Headers_pin_the_version_of_the_interface()
    {
        ReplyPage(FirstPage(), null, "a");
        await ListAsync();

        Stub.Requests.ShouldAllBe(request =>
            request.Header("Authorization") == "Bearer " + Token
            && request.Header("Accept") == "application/vnd.github+json"
            && request.Header("X-GitHub-Api-Version") == "2022-11-28"
        );
    }

    [Fact]
    public async Task All_fields_are_read()
    {
        FirstPage()
            .Reply(
                200,
                $"[{Repository("a", ",\"id\":9007199254740993,\"fork\":true,\"archived\":true,\"disabled\":true,\"default_branch\":\"trunk\",\"size\":42")}]"
            );

        var repository = (await ListWith(Client())).ShouldHaveSingleItem();
        repository.ShouldBe(
            new Repository
            {
                Id = "9007199254740993",
                Owner = "acme",
                Name = "a",
                Visibility = Visibility.Public,
                IsFork = true,
                IsArchived = true,
                IsDisabled = true,
                DefaultBranch = "trunk",
                TakesWiki = false,
                SizeBytes = 42 * 1024,
                GitUrl = new Uri("https://ghes.example/acme/a.git"),
                HostName = "ghes.example",
                WebUrl = new Uri("https://ghes.example/acme/a"),
            }
        );
    }

    [Theory]
    [InlineData("""{"id":1,"name":"a","private":true}""", true)]
    [InlineData("""{"id":1,"name":"a","private":false}""", false)]
    [InlineData("""{"id":1,"name":"a","private":false,"visibility":"internal"}""", true)]
    [InlineData("""{"id":1,"name":"a","visibility":"public"}""", false)]
    [InlineData("""{"id":1,"name":"a"}""", true)]
    [InlineData("""{"id":1,"name":"a","private":false,"visibility":"public"}""", false)]
    [InlineData("""{"id":1,"name":"a","private":true,"visibility":"public"}""", true)]
    [InlineData("""{"id":1,"name":"a","private":false,"visibility":"secret"}""", true)]
    [InlineData("""{"id":1,"name":"a","visibility":"restricted"}""", true)]
    [InlineData("""{"id":1,"name":"a","visibility":"PUBLIC","private":false}""", true)]
    [InlineData("""{"id":1,"name":"a","visibility":"","private":false}""", true)]
    public async Task Internal_is_private_and_so_is_what_the_host_does_not_say_in_a_word_that_is_known(string json, bool isPrivate)
    {
        FirstPage().Reply(200, $"[{json}]");

        (await ListWith(Client())).ShouldHaveSingleItem().IsPrivate.ShouldBe(isPrivate);
    }

    [Fact]
    public async Task Organisation_is_listed_by_one_request()
    {
        ReplyPage(FirstPage(), null, "a");

        (await ListWith(Client())).ShouldHaveSingleItem();
        Stub.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Organisation_that_shows_nothing_is_not_taken_for_a_user()
    {
        FirstPage().Reply(404, Refusal("Not Found"));

        (await ListingFailsAsync()).Status.ShouldBe(404);
        Stub.Requests.Select(request => request.Target).ShouldNotContain(target => target.Contains("/users/acme/repos", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Owner_who_is_unknown_is_named_with_the_cure()
    {
        IsNoOrganization();
        Stub.On("GET", Api + "/users/acme").Reply(404, Refusal("Not Found"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.NotFound);
        e.Failure.Hint.ShouldContain("github-owner");
    }

    [Fact]
    public async Task Own_repositories_of_the_tokens_user_include_private_ones_and_nobody_elses()
    {
        User();
        Stub.On("GET", $"{Api}/user/repos?affiliation=owner&{Order}")
            .Reply(
                200,
                $"[{Repository("a", owner: "ACME")},{Repository("b", owner: "other")}]",
                ("X-GitHub-SSO", "partial-results; organizations=1,2")
            );

        (await ListWith(Client())).ShouldHaveSingleItem().Name.ShouldBe("a");
        Said.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData("somebody", "belongs to somebody, not to Acme")]
    [InlineData(null, "belongs to no user")]
    public async Task Of_another_user_only_public_repositories_are_listed_and_that_is_said(string? tokenOf, string said)
    {
        User(tokenOf);
        Stub.On("GET", $"{Api}/users/Acme/repos?type=owner&{Order}").Reply(200, $"[{Repository("a")}]");

        (await ListWith(Client())).ShouldHaveSingleItem();
        Said.ShouldHaveSingleItem().ShouldContain(said);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Without_a_token_nobody_asks_whose_it_is()
    {
        IsNoOrganization();
        Stub.On("GET", Api + "/users/acme").Reply(200, """{"login":"Acme","type":"User"}""");
        Stub.On("GET", $"{Api}/users/Acme/repos?type=owner&{Order}").Reply(200, "[]");

        (await ListWith(Client(token: null))).ShouldBeEmpty();
        Said.ShouldHaveSingleItem().ShouldContain("github-token");
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData("ghs_1_abc.def", false, true)]
    [InlineData("ghs_1_abc.def", true, false)]
    [InlineData("ghp_abcdefghi", false, false)]
    public async Task Organisation_without_private_repositories_is_pointed_out_to_an_actions_token(string token, bool hasPrivate, bool isSaid)
    {
        FirstPage().Reply(200, $"[{Repository("a", hasPrivate ? ",\"visibility\":\"private\"" : "")}]");
        await ListWith(Client(token));

        Said.Any(line => line.Contains("GITHUB_TOKEN sees only public ones")).ShouldBe(isSaid);
    }

    [Fact]
    public async Task Partial_results_of_an_organisation_are_a_failure()
    {
        FirstPage().Reply(200, $"[{Repository("a")}]", ("X-GitHub-SSO", "partial-results; organizations=21955855"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("Configure SSO");
    }

    [Fact]
    public async Task Token_that_is_not_authorised_for_single_sign_on_is_told_so()
    {
        FirstPage().Reply(403, Refusal("Forbidden"), ("X-GitHub-SSO", "required; url=https://github.com/orgs/acme/sso?x=y"));

        (await ListingFailsAsync()).Failure.Hint.ShouldContain("Configure SSO");
    }

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    public async Task Used_up_limit_is_waited_for(int status)
    {
        var reset = Time.GetUtcNow().ToUnixTimeSeconds() + 1000;
        var route = FirstPage()
            .Reply(status, Refusal("API rate limit exceeded for user ID 1."), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", $"{reset}"));
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Time.Skipped.ShouldBe([TimeSpan.FromSeconds(1001)]);
        Said.ShouldContain("GitHub rate limit: resuming at 00:16 UTC");
    }

    [Theory]
    [InlineData("You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", null, 60)]
    [InlineData("You have triggered an abuse detection mechanism.", null, 60)]
    [InlineData("Slow down", "33", 33)]
    public async Task Secondary_limit_is_waited_for_though_it_is_a_403(string message, string? retryAfter, int seconds)
    {
        (string, string)[] headers = retryAfter is null ? [] : [("Retry-After", retryAfter)];
        var route = FirstPage().Reply(403, Refusal(message), headers);
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Time.Skipped.ShouldBe([TimeSpan.FromSeconds(seconds)]);
    }

    [Fact]
    public async Task Last_request_of_the_limit_holds_back_the_next()
    {
        var reset = Time.GetUtcNow().ToUnixTimeSeconds() + 600;
        FirstPage()
            .Reply(200, "[]", ("Link", $"<{Stub.Url}{SecondPage}>; rel=\"next\""), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", $"{reset}"));
        ReplyPage(Stub.On("GET", SecondPage), null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Time.Skipped.ShouldBe([TimeSpan.FromSeconds(601)]);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("99999999999999999999")]
    [InlineData("9999999999999999")]
    [InlineData("1")]
    public async Task Nonsense_in_the_limits_reset_is_not_waited_for(string reset)
    {
        FirstPage().Reply(200, "[]", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset));

        (await ListAsync()).ShouldBeEmpty();
        Time.Skipped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Number_of_the_request_is_kept_for_the_support()
    {
        FirstPage().Reply(404, Refusal("Not Found"), ("X-GitHub-Request-Id", "BEEF:1234"));

        (await ListingFailsAsync()).RequestId.ShouldBe("BEEF:1234");
    }

    [Fact]
    public async Task Git_takes_the_token_with_the_user_of_apps()
    {
        ReplyPage(FirstPage(), null, "a");
        var client = Client();
        var repository = (await ListWith(client)).ShouldHaveSingleItem();
        var login = await client.GitCredentialsFor(repository).GetAsync(default);

        login.ShouldBe(HttpCredential.Basic("x-access-token", Token));
        client.GitCredentialsFor(repository).Refuse(login!).ShouldBeFalse("there is no other");
        login!.ToString().ShouldNotContain(Token);
    }

    [Fact]
    public async Task Requests_are_counted()
    {
        var route = FirstPage().Reply(500);
        ReplyPage(route, null, "a");
        var client = (GitHubSource)Client();
        await ListWith(client);

        client.Requests.ShouldBe(2);
        client.Host.Kind.ShouldBe("github");
    }

    [Theory]
    [InlineData("ghp_first\nsecond")]
    [InlineData("ghp first")]
    [InlineData("ghp_größe")]
    public async Task Token_that_cannot_be_sent_is_neither_sent_nor_shown(string token)
    {
        var e = await Should.ThrowAsync<HostException>(() => ListWith(Client(token)));

        e.Failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        e.ToString().ShouldNotContain(token);
        Stub.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task Owner_that_is_no_name_is_refused(string owner) =>
        await Should.ThrowAsync<ArgumentException>(() => RepositoriesAsync(Client(), owner));

    [Fact]
    public void Options_do_not_show_the_token() =>
        new GitHubOptions { Token = Token }
            .ToString()
            .ShouldNotContain(Token);
}
