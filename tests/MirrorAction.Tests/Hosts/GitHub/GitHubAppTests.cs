using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Hosts;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitHub;

/// <summary>An App against a host that checks what it signs.</summary>
public sealed class GitHubAppTests : IAsyncLifetime
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly List<string> _said = [];
    private readonly List<string> _hidden = [];
    private SandboxGitHub _host = null!;
    private SandboxGitHubApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await SandboxGitHub.StartAsync();
        _host.Time = _time;
        _app = _host.Apps.Add(42, _key);
        _host.AddRepository("acme", "website").Private = true;
        _host.AddRepository("acme", "docs");
        _host.AddRepository("globex", "secret").Private = true;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _key.Dispose();
        await _host.DisposeAsync();
    }

    private GitHubSource Client(string? id = null, RSA? key = null, TimeProvider? clock = null) =>
        new(
            _http,
            new GitHubOptions
            {
                ApiUrl = _host.ApiUrl,
                ServerUrl = _host.ServerUrl,
                App = new GitHubAppKey(id ?? "42", (key ?? _key).ExportPkcs8PrivateKeyPem()),
            },
            clock ?? _time,
            _said.Add,
            _hidden.Add
        );

    private static async Task<IReadOnlyList<Repository>> ListAsync(GitHubSource client, string owner = "acme") =>
        (await client.ListAsync(owner, TestContext.Current.CancellationToken)).Repositories;

    private async Task<HostException> FailsAsync(GitHubSource client)
    {
        var e = await Should.ThrowAsync<HostException>(() => ListAsync(client));
        foreach (var secret in _hidden)
        {
            e.ToString().ShouldNotContain(secret);
        }

        return e;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Private_repositories_are_listed_with_a_token_that_was_minted_for_the_owner(bool byClientId)
    {
        _host.Apps.Install(_app, "acme");
        var client = Client(byClientId ? _app.ClientId : null);

        var repositories = await ListAsync(client);

        repositories.Select(repository => repository.Name).ShouldBe(["docs", "website"]);
        var token = _host.Apps.Minted.ShouldHaveSingleItem().Value;
        (await client.GitCredentialsFor(repositories[0]).GetAsync(TestContext.Current.CancellationToken)).ShouldBe(
            HttpCredential.Basic("x-access-token", token)
        );
        _hidden.Count.ShouldBe(2, "the App's own token and the installation's");
        _hidden.ShouldContain(token);
        _said.ShouldBeEmpty();
        client.Requests.ShouldBe(3);
    }

    [Fact]
    public async Task Each_owner_has_an_installation_and_a_token_of_its_own()
    {
        _host.Apps.Install(_app, "acme");
        _host.Apps.Install(_app, "globex");
        var client = Client();

        var own = (await ListAsync(client))[0];
        var other = (await ListAsync(client, "globex")).ShouldHaveSingleItem();

        (await client.GitCredentialsFor(own).GetAsync(TestContext.Current.CancellationToken)).ShouldNotBe(
            await client.GitCredentialsFor(other).GetAsync(TestContext.Current.CancellationToken)
        );
        _host.Apps.Minted.Select(token => token.Installation!.Owner).ShouldBe(["acme", "globex"]);
    }

    [Fact]
    public async Task Of_a_user_the_installations_own_list_is_read_to_its_last_page()
    {
        _host.AddAccount("joe", organization: false);
        foreach (var name in new[] { "a", "b", "c" })
        {
            _host.AddRepository("joe", name).Private = true;
        }

        _host.LongestPage = 2;
        _host.Apps.Install(_app, "joe");

        (await ListAsync(Client(), "joe")).Select(repository => repository.Name).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Token_is_renewed_before_it_dies_and_once_when_it_is_revoked()
    {
        _host.Apps.Install(_app, "acme");
        var client = Client();
        await ListAsync(client);
        _time.Advance(TimeSpan.FromMinutes(48));
        await ListAsync(client);
        _host.Apps.Minted.Count.ShouldBe(2);

        _host.Revoke(_host.Apps.Minted[^1].Value);
        (await ListAsync(client)).Count.ShouldBe(2);
        _host.Apps.Minted.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Caller_who_is_cancelled_takes_nobody_with_him()
    {
        _host.Apps.Install(_app, "acme");
        var isAsked = new TaskCompletionSource();
        var isFirst = true;
        _host.Intercept = async (context, next) =>
        {
            if (isFirst)
            {
                isFirst = false;
                isAsked.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await next();
        };
        using var stop = new CancellationTokenSource();
        var client = Client();
        var repository = new Repository
        {
            Id = "1",
            Owner = "acme",
            Name = "website",
            Visibility = Visibility.Private,
            GitUrl = new Uri("https://github.com/acme/website.git"),
            HostName = "github.com",
            WebUrl = new Uri("https://github.com/acme/website"),
        };

        var first = client.GitCredentialsFor(repository).GetAsync(stop.Token).AsTask();
        await isAsked.Task;
        var second = client.GitCredentialsFor(repository).GetAsync(TestContext.Current.CancellationToken).AsTask();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await second).ShouldNotBeNull();
    }

    [Fact]
    public async Task Login_that_git_refused_is_replaced()
    {
        _host.Apps.Install(_app, "acme");
        var client = Client();
        var repository = (await ListAsync(client))[0];
        var credentials = client.GitCredentialsFor(repository);
        var login = await credentials.GetAsync(TestContext.Current.CancellationToken);

        credentials.Refuse(login!).ShouldBeTrue();
        (await credentials.GetAsync(TestContext.Current.CancellationToken)).ShouldNotBe(login);
    }

    [Theory]
    [InlineData(true, "https://ghes.example/github-apps/acme-mirror-app/installations/new")]
    [InlineData(false, "https://github.com/apps/acme-mirror-app/installations/new")]
    public async Task App_that_is_not_installed_on_the_owner_is_told_where(bool isEnterpriseServer, string address)
    {
        var options = new GitHubOptions
        {
            ApiUrl = _host.ApiUrl,
            ServerUrl = new Uri(isEnterpriseServer ? "https://ghes.example" : "https://github.com"),
            App = new GitHubAppKey("42", _key.ExportPkcs8PrivateKeyPem()),
        };

        var e = await FailsAsync(new GitHubSource(_http, options, _time, _said.Add, _hidden.Add));

        e.Message.ShouldBe("The GitHub App acme-mirror-app (42) is not installed on acme.");
        e.Failure.Kind.ShouldBe(HostFailureKind.NotFound);
        e.Failure.Hint.ShouldContain(address);
    }

    [Fact]
    public async Task Key_of_another_App_is_told_so()
    {
        _host.Apps.Install(_app, "acme");
        using var other = RSA.Create(2048);

        var e = await FailsAsync(Client(key: other));
        e.Failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        e.Failure.Hint.ShouldContain("generate a new private key");
    }

    [Fact]
    public async Task Id_that_GitHub_does_not_know_is_told_so()
    {
        var e = await FailsAsync(Client(id: "4711"));
        e.Failure.Kind.ShouldBe(HostFailureKind.Unauthorized);
        e.Failure.Hint.ShouldContain("GitHub knows no App with this id");
    }

    [Fact]
    public async Task Suspended_installation_is_told_so()
    {
        _host.Apps.Install(_app, "acme").IsSuspended = true;

        var e = await FailsAsync(Client());
        e.Failure.Kind.ShouldBe(HostFailureKind.Forbidden);
        e.Failure.Hint.ShouldContain("suspended the App's installation");
    }

    [Theory]
    [InlineData(-15)]
    [InlineData(15)]
    public async Task Clock_that_is_wrong_is_told_so(int minutes)
    {
        _host.Apps.Install(_app, "acme");

        var e = await FailsAsync(Client(clock: new FakeTimeProvider(_time.GetUtcNow() + TimeSpan.FromMinutes(minutes))));
        e.Failure.Hint.ShouldContain("clock");
    }

    [Fact]
    public async Task Clock_that_is_a_little_fast_does_no_harm()
    {
        _host.Apps.Install(_app, "acme");

        (await ListAsync(Client(clock: new FakeTimeProvider(_time.GetUtcNow() + TimeSpan.FromSeconds(55))))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Installation_for_selected_repositories_or_without_contents_is_pointed_out()
    {
        _host.Apps.Install(_app, "acme", ["docs"], new Dictionary<string, string> { ["metadata"] = "read" });

        (await ListAsync(Client())).Select(repository => repository.Name).ShouldBe(["docs"]);
        _said.Count.ShouldBe(2);
        _said[0].ShouldContain("selected repositories only");
        _said[1].ShouldContain("lacks the permission Contents: read on acme");
    }

    [Fact]
    public async Task Minted_token_can_do_no_more_than_read()
    {
        _host.Apps.Install(
            _app,
            "acme",
            null,
            new Dictionary<string, string>
            {
                ["contents"] = "write",
                ["metadata"] = "read",
                ["administration"] = "write",
            }
        );
        string? asked = null;
        _host.Intercept = async (context, next) =>
        {
            if (context.Request.Method == "POST")
            {
                Microsoft.AspNetCore.Http.HttpRequestRewindExtensions.EnableBuffering(context.Request);
                asked = await new StreamReader(context.Request.Body).ReadToEndAsync();
                context.Request.Body.Position = 0;
            }

            await next();
        };
        await ListAsync(Client());

        asked.ShouldBe("""{"permissions":{"contents":"read","metadata":"read"}}""");
    }

    [Fact]
    public async Task Vanished_repository_is_looked_for_by_the_installation()
    {
        _host.Apps.Install(_app, "acme");
        var client = Client();
        var repository = (await ListAsync(client))[1];

        (await client.ExistsAsync(repository, TestContext.Current.CancellationToken)).ShouldBeTrue();
        _host.Remove(_host.Find("acme", "website")!);
        (await client.ExistsAsync(repository, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public void Options_do_not_show_the_key() =>
        new GitHubOptions { App = new GitHubAppKey("42", "PRIVATE") }
            .ToString()
            .ShouldNotContain("PRIVATE");
}
