using MirrorAction.Hosts;
using MirrorAction.Hosts.Gitea;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Gitea;

/// <summary>The host over the stand-in: what is listed, created and refused, with a real git on the other end.</summary>
public sealed class GiteaStandInTests : IAsyncLifetime
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly TempFolder _folder = new("gitea-clone-");
    private readonly List<string> _said = [];
    private SandboxGitea _gitea = null!;
    private SandboxGiteaAccount _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _gitea = await SandboxGitea.StartAsync();
        _acme = _gitea.AddOrganization("Acme");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _folder.Dispose();
        await _gitea.DisposeAsync();
    }

    [Fact]
    public async Task Organization_is_listed_over_several_pages_in_its_own_spelling()
    {
        _gitea.LongestPage = 2;
        foreach (var name in (string[])["one", "Two", "three", "four", "five"])
        {
            _gitea.AddRepository("acme", name);
        }

        var listing = await Open().Source.ListAsync("acme", default);
        listing.Repositories.Select(repository => repository.FullName).ShouldBe(["Acme/one", "Acme/Two", "Acme/three", "Acme/four", "Acme/five"]);
        listing.Repositories.ShouldAllBe(repository => repository.GitUrl.AbsoluteUri.StartsWith(_gitea.WebUrl.AbsoluteUri));
        listing.Repositories.ShouldAllBe(repository => repository.HostName == "codeberg.org");
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hidden_repository_is_told_and_ends_nothing()
    {
        _gitea.AddRepository("acme", "one");
        _gitea.AddRepository("acme", "two").Hidden = true;

        (await Open().Source.ListAsync("acme", default)).Repositories.ShouldHaveSingleItem().Name.ShouldBe("one");
        _said.ShouldHaveSingleItem().ShouldContain("counts 2 repositories of Acme and lists 1");
    }

    [Fact]
    public async Task Own_account_is_listed_with_what_is_private_and_without_the_organizations()
    {
        _gitea.AddRepository("acme", "one");
        _gitea.AddRepository(SandboxGitea.Bot, "mine").Private = true;

        var listing = await Open().Source.ListAsync(SandboxGitea.Bot, default);
        var repository = listing.Repositories.ShouldHaveSingleItem();
        (repository.FullName, repository.IsPrivate).ShouldBe(("mirror-bot/mine", true));
    }

    [Fact]
    public async Task Organization_that_is_not_shown_makes_its_repositories_private()
    {
        _acme.Visibility = "limited";
        _gitea.AddRepository("acme", "one");

        (await Open().Source.ListAsync("acme", default)).Repositories.ShouldHaveSingleItem().IsPrivate.ShouldBeTrue();
    }

    [Fact]
    public async Task Renamed_repository_exists_no_more_under_its_old_name()
    {
        var one = _gitea.AddRepository("acme", "one");
        var source = Open().Source;
        var listed = (await source.ListAsync("acme", default)).Repositories.ShouldHaveSingleItem();
        (await source.ExistsAsync(listed, default)).ShouldBeTrue();

        _gitea.Rename(one, "two");
        (await source.ExistsAsync(listed, default)).ShouldBeFalse();
        (await source.ListAsync("acme", default)).Repositories.ShouldHaveSingleItem().Id.ShouldBe(listed.Id);
    }

    [Fact]
    public async Task Created_repository_is_private_and_bare_of_all_that_a_mirror_does_not_use()
    {
        var destination = Open().DestinationOf("acme");
        var made = await destination.CreateAsync(new("one", "Mirror of x (id 1)", IsPrivate: true), default);
        var again = await destination.CreateAsync(new("one", "Mirror of x (id 1)", IsPrivate: true), default);

        (made.Name, made.WasThere, again.WasThere, made.IsEmpty).ShouldBe(("one", false, true, true));
        var repository = _gitea.Repositories.ShouldHaveSingleItem();
        (repository.Private, repository.Description).ShouldBe((true, "Mirror of x (id 1)"));
        (repository.HasIssues, repository.HasPullRequests, repository.HasActions, repository.HasWiki).ShouldBe((false, false, false, true));
        (await destination.ListAsync(default)).Repositories.ShouldHaveSingleItem().ShouldBe(again with { WasThere = false });
    }

    [Fact]
    public async Task Old_version_without_actions_is_created_in_all_the_same()
    {
        _gitea.IsOld = true;
        await Open().DestinationOf(SandboxGitea.Bot).CreateAsync(new("one", "", IsPrivate: true), default);

        _gitea.Repositories.ShouldHaveSingleItem().HasIssues.ShouldBeFalse();
        _said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("site.wiki")]
    [InlineData("..")]
    [InlineData("-")]
    [InlineData("a..b")]
    [InlineData("platform/api.git")]
    [InlineData("Ünder_score")]
    public async Task Name_of_a_mirror_is_one_that_the_host_takes(string name)
    {
        var destination = Open().DestinationOf("acme");
        var slug = destination.SlugFor(name);

        (await destination.CreateAsync(new(slug, "", IsPrivate: true), default)).Name.ShouldBe(slug);
    }

    [Fact]
    public async Task Name_that_the_host_refuses_is_a_failure_that_says_so()
    {
        var e = await Should.ThrowAsync<HostException>(() => Open().DestinationOf("acme").CreateAsync(new("a.wiki", "", IsPrivate: true), default));

        e.Message.ShouldContain("name pattern is not allowed");
        e.Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Fact]
    public async Task Owner_with_as_many_repositories_as_it_may_have_is_told_as_a_quota()
    {
        _gitea.MostRepositories = 0;
        var e = await Should.ThrowAsync<HostException>(() => Open().DestinationOf("acme").CreateAsync(new("a", "", IsPrivate: true), default));

        e.Failure.Kind.ShouldBe(HostFailureKind.Quota);
    }

    [Fact]
    public async Task Main_branch_visibility_and_description_are_changed()
    {
        var repository = _gitea.AddRepository("acme", "one");
        repository.Git.Commit("a", "b");
        repository.Git.Branch("trunk", "main");
        var destination = Open().DestinationOf("acme");

        await destination.SetMainBranchAsync("one", "trunk", default);
        (await destination.SetVisibilityAsync("one", isPrivate: true, default)).ShouldBe(Visibility.Private);
        await destination.SetDescriptionAsync("one", "Mirror", default);

        (repository.DefaultBranch, repository.Private, repository.Description).ShouldBe(("trunk", true, "Mirror"));
        (await destination.ListAsync(default)).Repositories.ShouldHaveSingleItem().DefaultBranch.ShouldBe("trunk");
    }

    [Fact]
    public async Task Git_clones_and_pushes_with_the_credentials_of_the_host()
    {
        var (clone, _) = await CloneAsync();
        clone.Commit("c", "d");

        (await PushAsync(clone, "main")).ExitCode.ShouldBe(0);
        _gitea.Repositories[0].Git.Resolve("refs/heads/main").ShouldBe(clone.Resolve("refs/heads/main"));
        _gitea.GitRequests.Last().Login.ShouldBe(new BasicLogin(SandboxGitea.Bot, _gitea.Token));
        clone.ForEachRef().Keys.ShouldNotContain(name => name.StartsWith("refs/pull/"));
    }

    [Theory]
    [InlineData("mirror", "main", HostFailureKind.Forbidden, "pull mirror")]
    [InlineData("archived", "main", HostFailureKind.Forbidden, "archived")]
    [InlineData("protected", "main", HostFailureKind.RefRejected, "branch protection")]
    [InlineData("default", ":main", HostFailureKind.RefRejected, "default branch")]
    [InlineData("quota", "main", HostFailureKind.Quota, "quota")]
    [InlineData("reader", "main", HostFailureKind.Forbidden, "write:repository")]
    [InlineData("gone", "main", HostFailureKind.NotFound, "does not reach it")]
    public async Task Refused_push_is_explained_by_what_the_host_says(string why, string refspec, HostFailureKind kind, string hint)
    {
        var (clone, destination) = await CloneAsync();
        clone.Commit("c", "d");
        var repository = _gitea.Repositories[0];
        repository.Mirror = why == "mirror";
        repository.Archived = why == "archived";
        _gitea.IsForgejo = why == "quota";
        _acme.Quota = why == "quota" ? 1 : null;
        _acme.Members[SandboxGitea.Bot] = why != "reader";
        if (why == "protected")
        {
            repository.ProtectedBranches.Add("main");
        }
        else if (why == "gone")
        {
            _gitea.Remove(repository);
        }

        _gitea.ClearRequests();
        var text = (await PushAsync(clone, refspec)).Error;
        text.ShouldNotBeEmpty();

        // git shows no body of a refusal over HTTP; the product reads it.
        var status = _gitea.GitRequests.Last().Status;
        var failure = status == 200 ? destination.Explain(null, text) : destination.Explain(status, await BodyAsync(destination));
        (failure?.Kind, failure?.Hint.Contains(hint)).ShouldBe((kind, true), text);
    }

    private async Task<string> BodyAsync(IRepositoryDestination destination)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, destination.Describe("one").GitUrl + "/info/refs?service=git-receive-pack");
        request.Headers.TryAddWithoutValidation("Authorization", new BasicLogin(SandboxGitea.Bot, _gitea.Token).Header);
        using var response = await _http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<(GitRepository Clone, IRepositoryDestination Destination)> CloneAsync()
    {
        var repository = _gitea.AddRepository("acme", "one");
        repository.AddPull(1, repository.Git.Commit("a", "b"));
        repository.Private = true;
        var destination = Open().DestinationOf("acme");
        var credential = (await destination.GitCredentials.GetAsync(default)).ShouldNotBeNull();
        var url = new UriBuilder(destination.Describe("one").GitUrl) { UserName = credential.UserName, Password = credential.Secret };
        return (await GitRepository.CloneAsync(url.Uri.AbsoluteUri, Path.Combine(_folder.Path, "clone"), "--bare"), destination);
    }

    private static Task<GitOutcome> PushAsync(GitRepository clone, string refspec) => clone.TryGitAsync("push", "origin", refspec);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wiki_gets_its_first_page_so_that_it_takes_a_push(bool isForgejo)
    {
        _gitea.IsForgejo = isForgejo;
        var repository = _gitea.AddRepository("acme", "site");
        repository.HasWiki = false;
        var destination = Open().DestinationOf("Acme");
        var wikis = destination.OwnWikis.ShouldNotBeNull();
        (await wikis.IsReadyAsync((await destination.ListAsync(default)).Repositories[0], default)).ShouldBeFalse();

        (await wikis.PrepareAsync("site", "master", default)).ShouldBeTrue();
        (await wikis.PrepareAsync("site", "master", default)).ShouldBeFalse(); // A page that is there is not made again, and may be somebody's.

        // Only Forgejo can be told on which branch.
        repository.Git.FindWiki()!.BranchesAndTags().Keys.ShouldBe([isForgejo ? "refs/heads/master" : "refs/heads/main"]);
        (await wikis.IsReadyAsync((await destination.ListAsync(default)).Repositories[0], default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Wiki_without_pages_is_none_whatever_git_says()
    {
        _gitea.AddRepository("acme", "site");
        _gitea.AddRepository("acme", "docs").Git.AddWiki("main").Commit("Home.md", "welcome\n");
        var source = Open().Source;
        var listed = (await source.ListAsync("acme", default)).Repositories;

        (await source.HasPagesAsync(listed.Single(r => r.Name == "site").ToWiki(), default)).ShouldBeFalse();
        (await source.HasPagesAsync(listed.Single(r => r.Name == "docs").ToWiki(), default)).ShouldBeTrue();
    }

    private IRepositoryHost Open() =>
        GiteaHost.Definition.Open(
            new HostSettings
            {
                WebUrl = new Uri(_gitea.WebUrl.AbsoluteUri.TrimEnd('/')),
                ApiUrl = GiteaHost.Definition.ApiUrlOf(_gitea.WebUrl),
                Token = _gitea.Token,
                Writes = true,
            },
            new HostConnection(_http, TimeProvider.System, _said.Add, _ => { })
        );
}
