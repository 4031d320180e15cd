using MirrorAction.Hosts;
using MirrorAction.Hosts.GitLab;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.GitLab;

/// <summary>The host over a GitLab that behaves like one, with git itself as the pusher.</summary>
public sealed class GitLabSandboxTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly SkippingTime _time = new();
    private readonly List<string> _said = [];
    private readonly TempFolder _folder = new();
    private SandboxGitLab _gitlab = null!;

    public async ValueTask InitializeAsync()
    {
        _gitlab = await SandboxGitLab.StartAsync();
        _gitlab.AddGroup("acme/team");
        _time.SkipWaits(wait => wait != RestClient.IdleTimeout);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _folder.Dispose();
        await _gitlab.DisposeAsync();
    }

    private IRepositoryHost Host(string? token, bool writes = true) =>
        GitLabHost.Definition.Open(
            new HostSettings
            {
                WebUrl = new Uri(_gitlab.Url.AbsoluteUri.TrimEnd('/')),
                ApiUrl = new Uri(_gitlab.ApiUrl.AbsoluteUri.TrimEnd('/')),
                Token = token,
                Writes = writes,
                Credential = "a token (a test)",
            },
            new HostConnection(_http, _time, _said.Add, _ => { })
        );

    private IRepositoryDestination Destination(string? token = null, string owner = "acme/team") => Host(token ?? _gitlab.Token).DestinationOf(owner);

    [Fact]
    public async Task Wiki_is_switched_on_and_takes_a_first_push()
    {
        var project = _gitlab.AddProject("acme/team", "site");
        project.WikiAccessLevel = "disabled";
        var listed = (await Destination().ListAsync(default)).Repositories.ShouldHaveSingleItem();
        var wikis = Destination().OwnWikis.ShouldNotBeNull();
        (await wikis.IsReadyAsync(listed, default)).ShouldBeFalse();
        listed.ToWiki().WebUrl.AbsoluteUri.ShouldEndWith("/acme/team/site/-/wikis");

        await wikis.PrepareAsync("site", "main", default);

        (await wikis.IsReadyAsync((await Destination().ListAsync(default)).Repositories[0], default)).ShouldBeTrue();
        (project.WikiAccessLevel, project.Git.FindWiki()).ShouldBe(("enabled", null));
    }

    private GitRepository NewHistory()
    {
        var work = GitRepository.Init(_folder["work.git"]);
        work.Commit("a.txt", "one");
        work.Commit("a.txt", "two");
        return work;
    }

    private static async Task<GitOutcome> PushAsync(GitRepository from, IRepositoryDestination to, Uri url, params string[] refs)
    {
        var login = (await to.GitCredentials.GetAsync(default)).ShouldNotBeNull();
        var header = new BasicLogin(login.UserName, login.Secret).Header;
        return await from.TryGitAsync(["-c", $"http.extraHeader=Authorization: {header}", "push", url.AbsoluteUri, .. refs]);
    }

    [Fact]
    public async Task Protection_of_the_first_push_would_refuse_the_second_and_is_removed()
    {
        var destination = Destination(_gitlab.Add(new SandboxGitLabToken("glpat-maintainer", ["api"], 40)).Secret);
        var work = NewHistory();
        var mirror = await destination.CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: true), default);
        (await PushAsync(work, destination, mirror.GitUrl, "refs/heads/main:refs/heads/main")).ExitCode.ShouldBe(0);
        _gitlab.Projects.ShouldHaveSingleItem().ProtectedBranches.ShouldBe(["main"]);

        work.Git("update-ref", "refs/heads/main", "refs/heads/main~1");
        var refused = await PushAsync(work, destination, mirror.GitUrl, "+refs/heads/main:refs/heads/main");
        refused.ExitCode.ShouldNotBe(0);
        destination.Explain(null, refused.Error).ShouldNotBeNull().Kind.ShouldBe(HostFailureKind.RefRejected);

        await destination.FirstPushedAsync("site", default);
        (await PushAsync(work, destination, mirror.GitUrl, "+refs/heads/main:refs/heads/main")).ExitCode.ShouldBe(0);
        _gitlab.PushedToCreate.ShouldBeEmpty();
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Owner_of_the_group_makes_it_protect_nothing()
    {
        var destination = Destination();
        var work = NewHistory();
        var mirror = await destination.CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: true), default);
        (await PushAsync(work, destination, mirror.GitUrl, "refs/heads/main:refs/heads/main")).ExitCode.ShouldBe(0);

        _gitlab.Projects.ShouldHaveSingleItem().ProtectedBranches.ShouldBeEmpty();
        _gitlab.FindNamespace("acme/team")!.Protects.ShouldBeFalse();
        _gitlab.FindNamespace("acme")!.Protects.ShouldBeTrue();
        _said.ShouldHaveSingleItem().ShouldContain("acme/team");
        work.Git("update-ref", "refs/heads/main", "refs/heads/main~1");
        (await PushAsync(work, destination, mirror.GitUrl, "+refs/heads/main:refs/heads/main")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Main_branch_is_chosen_before_the_former_one_goes()
    {
        var destination = Destination();
        var work = NewHistory();
        work.Branch("trunk", "refs/heads/main");
        var mirror = await destination.CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: true), default);
        await PushAsync(work, destination, mirror.GitUrl, "refs/heads/*:refs/heads/*");

        (await PushAsync(work, destination, mirror.GitUrl, ":refs/heads/main")).Error.ShouldContain(GitLabTexts.DeleteDefault);
        await destination.SetMainBranchAsync("site", "trunk", default);
        (await PushAsync(work, destination, mirror.GitUrl, ":refs/heads/main")).ExitCode.ShouldBe(0);
        (await destination.ListAsync(default)).Repositories.ShouldHaveSingleItem().DefaultBranch.ShouldBe("trunk");
    }

    [Fact]
    public async Task Branch_that_is_called_like_a_commit_is_refused_with_its_reason()
    {
        var destination = Destination();
        var work = NewHistory();
        var mirror = await destination.CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: true), default);
        var refused = await PushAsync(work, destination, mirror.GitUrl, $"refs/heads/main:refs/heads/{new string('a', 40)}");

        destination.Explain(null, refused.Error).ShouldNotBeNull().Hint.ShouldContain("hexadecimal");
    }

    [Fact]
    public async Task Group_is_read_with_the_groups_below_it_page_by_page()
    {
        _gitlab.AddProject("acme", "site").Visibility = "public";
        _gitlab.AddProject("acme/team", "api").Archived = true;
        _gitlab.AddGroup("acme/team/tools");
        _gitlab.AddProject("acme/team/tools", "cli").IsFork = true;
        _gitlab.AddGroup("other");
        _gitlab.AddProject("other", "site");
        _gitlab.LongestPage = 1;
        var token = _gitlab.Add(new SandboxGitLabToken("glpat-reader", ["read_api", "read_repository"], 20)).Secret;

        var listed = await Host(token, writes: false).Source.ListAsync("ACME", default);
        listed.Unusable.ShouldBeEmpty();
        listed.Repositories.Select(repository => repository.FullName).ShouldBe(["acme/site", "acme/team/api", "acme/team/tools/cli"]);
        listed.Repositories.Select(repository => repository.IsPrivate).ShouldBe([false, true, true]);
        listed.Repositories.Select(repository => repository.IsArchived).ShouldBe([false, true, false]);
        listed.Repositories.Select(repository => repository.IsFork).ShouldBe([false, false, true]);

        var open = await Should.ThrowAsync<HostException>(() => Host(null, writes: false).Source.ListAsync("acme", default));
        open.Status.ShouldBe(404); // A private group is not seen without a token.
    }

    [Fact]
    public async Task Mirrors_are_the_projects_of_the_group_itself()
    {
        _gitlab.AddProject("acme", "site");
        _gitlab.AddProject("acme/team", "api");

        (await Destination(owner: "acme").ListAsync(default)).Repositories.Select(mirror => mirror.Name).ShouldBe(["site"]);
    }

    [Fact]
    public async Task User_is_a_place_for_mirrors_and_a_source()
    {
        _gitlab.AddUser("ada");
        var destination = Destination(owner: "ada");
        await destination.CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: false), default);

        (await destination.ListAsync(default)).Repositories.ShouldHaveSingleItem().IsPrivate.ShouldBe(false);
        (await Host(null, writes: false).Source.ListAsync("ada", default)).Repositories.ShouldHaveSingleItem().IsPrivate.ShouldBeFalse();
    }

    [Theory]
    [InlineData(".github")]
    [InlineData("Blob")]
    [InlineData("site.wiki")]
    [InlineData("a--b__c")]
    [InlineData("platform/api")]
    public async Task Every_name_can_be_created(string name)
    {
        var destination = Destination();
        var slug = destination.SlugFor(name);

        (await destination.CreateAsync(new NewRepository(slug, "Mirror of x", IsPrivate: true), default)).Name.ShouldBe(slug);
        (await destination.CreateAsync(new NewRepository(slug, "Mirror of x", IsPrivate: true), default)).WasThere.ShouldBeTrue();
    }

    [Fact]
    public async Task Project_that_waits_for_its_deletion_is_a_failure_with_its_cure()
    {
        _gitlab.AddProject("acme/team", "site").IsDeleted = true;

        var e = await Should.ThrowAsync<HostException>(() =>
            Destination().CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: true), default)
        );
        e.Failure.Hint.ShouldContain("Delete immediately");
    }

    [Fact]
    public async Task Mirror_is_no_more_visible_than_its_group()
    {
        var e = await Should.ThrowAsync<HostException>(() =>
            Destination().CreateAsync(new NewRepository("site", "Mirror of x", IsPrivate: false), default)
        );

        e.Failure.Hint.ShouldContain("destination-visibility");
        _gitlab.Projects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Creations_of_a_day_end_and_all_else_goes_on()
    {
        _gitlab.CreationsLeft = 1;
        var destination = Destination();
        await destination.CreateAsync(new NewRepository("one", "Mirror of x", IsPrivate: true), default);

        var e = await Should.ThrowAsync<HostException>(() =>
            destination.CreateAsync(new NewRepository("two", "Mirror of y", IsPrivate: true), default)
        );
        e.Failure.Kind.ShouldBe(HostFailureKind.RateLimited);
        await destination.SetDescriptionAsync("one", "Mirror of z", default);
        _gitlab.Projects.ShouldHaveSingleItem().Description.ShouldBe("Mirror of z");
        _time.Skipped.ShouldBeEmpty();
    }

    [Fact]
    public async Task Push_to_where_nothing_is_would_create_a_project()
    {
        var destination = Destination();
        var work = NewHistory();
        (await PushAsync(work, destination, destination.Describe("typo").GitUrl, "refs/heads/main:refs/heads/main")).ExitCode.ShouldBe(0);

        _gitlab.PushedToCreate.ShouldBe(["acme/team/typo"]);
    }

    [Fact]
    public async Task Renamed_repository_does_not_exist_under_its_former_path()
    {
        var project = _gitlab.AddProject("acme/team", "site");
        var source = Host(_gitlab.Token, writes: false).Source;
        var listed = (await source.ListAsync("acme/team", default)).Repositories.ShouldHaveSingleItem();
        (await source.ExistsAsync(listed, default)).ShouldBeTrue();

        _gitlab.Rename(project, "page");
        (await source.ExistsAsync(listed, default)).ShouldBeFalse();
    }
}
