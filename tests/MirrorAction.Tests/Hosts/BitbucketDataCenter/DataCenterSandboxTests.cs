using MirrorAction.Hosts;
using MirrorAction.Hosts.BitbucketDataCenter;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.BitbucketDataCenter;

/// <summary>The host over a server that behaves like the real one, below a context path.</summary>
public sealed class DataCenterSandboxTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly TempFolder _temp = new();
    private SandboxDataCenter _server = null!;

    public async ValueTask InitializeAsync() => _server = await SandboxDataCenter.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _temp.Dispose();
    }

    private IRepositoryHost Open(string? token = null, bool writes = true, string? username = null) =>
        DataCenterHost.Definition.Open(
            new HostSettings
            {
                WebUrl = _server.WebUrl,
                ApiUrl = DataCenterHost.Definition.ApiUrlOf(_server.WebUrl),
                Token = token ?? _server.Token,
                Username = username,
                Writes = writes,
            },
            new HostConnection(_http, TimeProvider.System, _ => { }, _ => { })
        );

    private GitRepository Work()
    {
        var work = GitRepository.Init(Path.Combine(_temp.Path, "work"));
        work.Commit("a.txt", "a");
        return work;
    }

    /// <summary>A push, or what else is told, by the credential that the host gives for git.</summary>
    private static async Task<GitOutcome> GitAsync(GitRepository work, ICredentialProvider credentials, params string[] arguments)
    {
        var credential = (await credentials.GetAsync(default)).ShouldNotBeNull();
        return RealGit.Try(work.Path, ["-c", $"http.extraHeader=Authorization: {credential.Header}", .. arguments]);
    }

    [Fact]
    public void Addresses_of_the_server_follow_from_its_web_address()
    {
        DataCenterHost.Definition.ApiUrlOf(_server.WebUrl).ShouldBe(_server.ApiUrl);
        DataCenterHost.Definition.ApiUrlOf(new Uri("https://git.example.com")).AbsoluteUri.ShouldBe("https://git.example.com/rest/api/1.0");
        DataCenterHost
            .Definition.ApiUrlOf(new Uri("https://git.example.com/bitbucket"))
            .AbsoluteUri.ShouldBe("https://git.example.com/bitbucket/rest/api/1.0");
    }

    [Fact]
    public async Task Listing_goes_over_the_pages_of_the_server_and_past_what_nobody_may_see()
    {
        for (var i = 0; i < 9; i++)
            _server.AddRepository("ACME", $"r{i}").IsHidden = i is 1 or 2 or 5;
        _server.AddRepository("OTHER", "elsewhere");
        _server.LongestPage = 2;

        var listing = await Open().Source.ListAsync("acme", default);

        listing.Repositories.Select(repository => repository.FullName).ShouldBe(["ACME/r0", "ACME/r3", "ACME/r4", "ACME/r6", "ACME/r7", "ACME/r8"]);
        listing.Unusable.ShouldBeEmpty();
        _server
            .RestRequests.Select(request => request.PathAndQuery.Split('?')[1])
            .ShouldBe(["start=0&limit=1000", "start=4&limit=1000", "start=7&limit=1000"]);
    }

    [Fact]
    public async Task User_is_an_owner_too()
    {
        _server.AddRepository("~ada", "notes");

        var repository = (await Open().Source.ListAsync("~ada", default)).Repositories.ShouldHaveSingleItem();
        repository.GitUrl.ShouldBe(new Uri(_server.WebUrl.AbsoluteUri + "/scm/~ada/notes.git"));
    }

    [Fact]
    public async Task Archived_forked_and_broken_repositories_are_told_as_such()
    {
        var archived = _server.AddRepository("ACME", "a");
        archived.IsArchived = true;
        _server.AddRepository("ACME", "b").IsFork = true;
        _server.AddRepository("ACME", "c").State = "INITIALISATION_FAILED";

        var all = (await Open().Source.ListAsync("ACME", default)).Repositories;
        all.Select(r => (r.IsArchived, r.IsFork, r.IsDisabled)).ShouldBe([(true, false, false), (false, true, false), (false, false, true)]);
    }

    [Fact]
    public async Task Mirror_is_created_pushed_to_and_listed()
    {
        _server.AddProject("ACME");
        var destination = Open().DestinationOf("acme");

        var made = await destination.CreateAsync(new NewRepository("website", "Mirror of github.com/acme/Website (id 7)", IsPrivate: true), default);
        var pushed = await GitAsync(Work(), destination.GitCredentials, "push", made.GitUrl.AbsoluteUri, "HEAD:refs/heads/trunk");
        await destination.SetMainBranchAsync(made.Name, "trunk", default);

        pushed.ExitCode.ShouldBe(0, pushed.Error);
        _server.Find("ACME", "website").ShouldNotBeNull().MainBranch.ShouldBe("trunk");
        var listed = (await destination.ListAsync(default)).Repositories.ShouldHaveSingleItem();
        (listed.Id, listed.Description, listed.IsPrivate).ShouldBe((made.Id, "Mirror of github.com/acme/Website (id 7)", true));
        _server.GitRequests.ShouldAllBe(request => request.Login == new BasicLogin("mirror-bot", _server.Token));
        _server.Requests.ShouldAllBe(request => !request.PathAndQuery.Contains(_server.Token));
    }

    [Fact]
    public async Task Repository_that_exists_is_found_and_the_slug_of_the_server_counts()
    {
        _server.AddRepository("ACME", "website");
        var destination = Open().DestinationOf("ACME");

        var there = await destination.CreateAsync(new NewRepository("website", "Mirror", IsPrivate: true), default);
        var other = await destination.CreateAsync(new NewRepository("Two Words", "Mirror", IsPrivate: true), default);

        (there.WasThere, there.Name).ShouldBe((true, "website"));
        (other.WasThere, other.Name).ShouldBe((false, "two-words"));
    }

    [Theory]
    [InlineData("7.6")]
    [InlineData("9.4")]
    public async Task Main_branch_is_set_on_old_and_new_servers(string version)
    {
        _server.Version = Version.Parse(version);
        var repository = _server.AddRepository("ACME", "website");
        repository.Git.Commit("a.txt", "a", branch: "main");
        var destination = Open().DestinationOf("ACME");

        await destination.SetMainBranchAsync("website", "main", default);
        await destination.SetMainBranchAsync("website", "main", default);

        repository.MainBranch.ShouldBe("main");
        _server.RestRequests.Count(request => request.Method == "PUT" && request.Status == 204).ShouldBe(1);
    }

    [Fact]
    public async Task Description_and_visibility_are_changed_and_the_name_stays()
    {
        var repository = _server.AddRepository("ACME", "website");
        var destination = Open().DestinationOf("ACME");

        await destination.SetDescriptionAsync("website", "Mirror of x", default);
        (await destination.SetVisibilityAsync("website", isPrivate: false, default)).ShouldBe(Visibility.Public);
        (await destination.SetVisibilityAsync("website", isPrivate: true, default)).ShouldBe(Visibility.Private);

        (repository.Name, repository.Description, repository.IsPublic).ShouldBe(("website", "Mirror of x", false));
    }

    [Fact]
    public async Task Token_of_a_project_goes_to_git_under_the_user_that_stands_for_none()
    {
        var repository = _server.AddRepository("ACME", "website");
        repository.Git.Commit("a.txt", "a");
        _server.Add(new DataCenterToken("project-token", null, DataCenterPermission.Write) { Project = "ACME" });
        var source = Open("project-token").Source;
        var listed = (await source.ListAsync("ACME", default)).Repositories.ShouldHaveSingleItem();

        var seen = await GitAsync(repository.Git, source.GitCredentialsFor(listed), "ls-remote", listed.GitUrl.AbsoluteUri);

        seen.ExitCode.ShouldBe(0, seen.Error);
        _server.GitRequests.ShouldAllBe(request => request.Headers["Authorization"] == new BasicLogin("x-token-auth", "project-token").Header);
    }

    [Fact]
    public async Task Token_that_is_not_known_is_told_as_dead_and_one_that_may_not_as_forbidden()
    {
        _server.AddRepository("ACME", "website");
        _server.Add(new DataCenterToken("reader", "ada", DataCenterPermission.Read));

        var dead = await Should.ThrowAsync<HostException>(() => Open("dead").Source.ListAsync("ACME", default));
        var reading = Open("reader").DestinationOf("ACME");
        var refused = await Should.ThrowAsync<HostException>(() => reading.CreateAsync(new NewRepository("b", "", IsPrivate: true), default));
        var missing = await Should.ThrowAsync<HostException>(() => Open().Source.ListAsync("NOWHERE", default));

        (dead.Failure.Kind, refused.Failure.Kind, missing.Failure.Kind).ShouldBe(
            (HostFailureKind.Unauthorized, HostFailureKind.Forbidden, HostFailureKind.NotFound)
        );
        refused.Status.ShouldBe(401);
    }

    [Fact]
    public async Task Refusals_of_pushes_are_explained()
    {
        var repository = _server.AddRepository("ACME", "website");
        var work = Work();
        var destination = Open().DestinationOf("ACME");
        var url = destination.Describe("website").GitUrl.AbsoluteUri;
        async Task<HostFailure?> PushAsync(string refspec) =>
            await GitAsync(work, destination.GitCredentials, "push", url, refspec) is { ExitCode: not 0 } refused
                ? destination.Explain(null, refused.Error)
                : null;

        (await PushAsync("HEAD:refs/heads/master")).ShouldBeNull();
        repository.RestrictedBranches.Add("main");
        var restricted = await PushAsync("HEAD:refs/heads/main");
        var reserved = await PushAsync("HEAD:refs/pull-requests/1/from");
        var isCurrent = await PushAsync(":refs/heads/master");
        repository.RejectsForcePush = true;
        work.Commit("b.txt", "b", from: null, branch: "orphan");
        var forced = await PushAsync("+refs/heads/orphan:refs/heads/master");
        repository.IsArchived = true;
        var archived = await PushAsync("HEAD:refs/heads/next");

        new[] { restricted, reserved, isCurrent, forced }.ShouldAllBe(failure => failure!.Kind == HostFailureKind.RefRejected);
        restricted!.Hint.ShouldContain("Branch permissions");
        reserved!.Hint.ShouldContain("refs/pull-requests");
        isCurrent!.Hint.ShouldContain("default branch");
        forced!.Hint.ShouldContain("Reject Force Push");
        (archived!.Kind, archived.Hint).ShouldBe((HostFailureKind.Forbidden, DataCenterFailures.ArchivedHint));
    }
}
