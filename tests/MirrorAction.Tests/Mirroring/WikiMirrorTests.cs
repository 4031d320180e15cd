using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Wikis between stand-ins, by the engine without the program round it.</summary>
public sealed class WikiMirrorTests : IAsyncDisposable
{
    private readonly HttpClient _http = RestTransport.CreateClient();
    private readonly GitHttp _git = new(new GitHttpOptions());
    private readonly List<SandboxHost> _hosts = [];
    private SandboxGitHub? _github;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _git.Dispose();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await (_github?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData("main")] // The branch that Gitea shows: its first page gives way.
    [InlineData("master")] // It stays beside the pages, because nobody can delete it.
    public async Task Gitea_gets_a_first_page_and_then_the_pages(string branch)
    {
        var (source, destination) = (await StartAsync("gitlab", "acme"), await StartAsync("gitea", "acme-mirror"));
        var website = source.Add("website");
        website.Commit("a", "code\n");
        var wiki = website.AddWiki(branch);
        wiki.Commit("Home.md", "welcome\n", branch);

        (await RunAsync(source, destination)).ShouldAllBe(r => r.Verified);
        var mirror = destination["website"].Git.FindWiki().ShouldNotBeNull();
        mirror.Git("rev-parse", branch).ShouldBe(wiki.Git("rev-parse", branch));
        mirror.HasRef("refs/heads/main").ShouldBeTrue();

        wiki.Commit("More.md", "more\n", branch);
        (await RunAsync(source, destination)).ShouldAllBe(r => r.Verified);
        mirror.Git("rev-parse", branch).ShouldBe(wiki.Git("rev-parse", branch));
    }

    [Fact]
    public async Task GitHub_wants_the_first_page_made_by_hand_and_then_takes_the_pages()
    {
        var (source, destination) = (await StartAsync("gitlab", "acme"), await StartAsync("github", "acme-mirror"));
        var website = source.Add("website");
        website.Commit("a", "code\n");
        var wiki = website.AddWiki();
        wiki.Commit("Home.md", "welcome\n", "master");

        var planned = await RunAsync(source, destination, isPlan: true);
        var first = await RunAsync(source, destination);

        foreach (var report in (RepositoryReport[])[planned[1], first[1]])
        {
            (report.Source, report.Status).ShouldBe(("acme/website.wiki", RepositoryStatus.Failed));
            report.Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.DestinationNotFound);
            report.Error.Hint.ShouldNotBeNull().ShouldContain("/acme-mirror/website/wiki, choose 'Create the first page'");
        }

        first[0].Status.ShouldBe(RepositoryStatus.Mirrored);
        destination["website"].Git.AddWiki().Commit("Home.md", "by hand\n", "master");
        (await RunAsync(source, destination)).ShouldAllBe(r => r.Verified);
        destination["website"].Git.FindWiki()!.Git("rev-parse", "master").ShouldBe(wiki.Git("rev-parse", "master"));
    }

    [Theory]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task Wiki_comes_back_with_its_repository_where_nobody_has_to_make_a_page(string kind)
    {
        var (source, destination) = (await StartAsync(kind, "acme"), await StartAsync("bitbucket", "acme-mirror"));
        var website = source.Add("website");
        website.Commit("a", "code\n");
        var wiki = website.AddWiki();
        wiki.Commit("Home.md", "welcome\n", "master");
        await RunAsync(source, destination);
        var rebuilt = await StartAsync(kind, "acme-new");

        var restored = await RestoreAsync(destination, rebuilt);

        restored.ShouldAllBe(r => r.Verified);
        restored
            .Select(r => (r.Source, r.Destination))
            .ShouldBe([("acme-mirror/website", "acme-new/website"), ("acme-mirror/website.wiki", "acme-new/website.wiki")]);
        rebuilt["website"].Git.FindWiki()!.Git("rev-parse", "master").ShouldBe(wiki.Git("rev-parse", "master"));
        (await RestoreAsync(destination, rebuilt)).ShouldAllBe(r => r.Status == RepositoryStatus.Unchanged);
    }

    [Theory]
    [InlineData("gitlab")] // Its own wiki.
    [InlineData("bitbucket")] // A repository beside it.
    public async Task Wiki_comes_back_from_the_chain_that_follows_its_repository(string kind)
    {
        _github = await SandboxGitHub.StartAsync();
        var repository = _github.AddRepository("acme", "before");
        repository.Git.Commit("a", "code\n");
        var wiki = repository.Git.AddWiki();
        wiki.Commit("Home.md", "welcome\n", "master");
        wiki.Commit(".gitattributes", "*.bin filter=lfs\n", "master");
        var oid = new string('a', 64);
        wiki.Commit("a.bin", $"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 12\n", "master"); // No host has it for a wiki.
        using var folder = new TempFolder("wiki-backup-");
        await BackUpAsync(_github, folder.Path);
        _github.Rename(repository, "after");
        wiki = repository.Git.FindWiki()!;
        wiki.Commit("More.md", "more\n", "master");

        var backups = await BackUpAsync(_github, folder.Path);

        backups
            .Select(r => (r.Source, r.RenamedFrom, r.Created))
            .ShouldBe([("acme/after", "acme/before", false), ("acme/after.wiki", "acme/before.wiki", false)]);
        backups.ShouldAllBe(r => r.Warnings.Count == 0 && r.Lfs == null);
        Directory.Exists(folder["acme/before.wiki"]).ShouldBeFalse();
        var rebuilt = await StartAsync(kind, "acme-new");
        var without = await RestoreAsync(folder.Path, rebuilt, wikis: false);
        without.Repositories.ShouldHaveSingleItem().Source.ShouldBe("acme/after");
        without.Warnings.ShouldHaveSingleItem().ShouldStartWith("1 wiki");

        var restored = await RestoreAsync(folder.Path, rebuilt, wikis: true);

        restored.Warnings.ShouldBeEmpty();
        restored
            .Repositories.Select(r => (r.Source, r.Status))
            .ShouldBe([("acme/after", RepositoryStatus.Unchanged), ("acme/after.wiki", RepositoryStatus.Mirrored)]);
        var place = kind == "gitlab" ? rebuilt["after"].Git.FindWiki() : rebuilt["after.wiki"].Git;
        place.ShouldNotBeNull().Git("rev-parse", "master").ShouldBe(wiki.Git("rev-parse", "master"));
    }

    [Theory]
    [InlineData(401, ErrorCode.SourceUnauthorized)]
    [InlineData(403, ErrorCode.SourceForbidden)]
    [InlineData(503, ErrorCode.Network)]
    public async Task Refusal_and_outage_are_no_missing_wiki(int status, ErrorCode code)
    {
        _github = await SandboxGitHub.StartAsync();
        var repository = _github.AddRepository("acme", "website");
        repository.Git.Commit("a", "code\n");
        repository.Git.AddWiki().Commit("Home.md", "welcome\n", "master");
        var destination = await StartAsync("bitbucket", "acme-mirror");
        await RunAsync(_github, destination);
        var refs = destination["website.wiki"].Git.ForEachRef();
        _github.Faults.Next(int.MaxValue, status, "no", "text/plain", request => request.Path.Value!.Contains(".wiki.git", StringComparison.Ordinal));

        var reports = await RunAsync(_github, destination);

        (reports[0].Status, reports[1].Status).ShouldBe((RepositoryStatus.Unchanged, RepositoryStatus.Failed));
        reports[1].Error.ShouldNotBeNull().Code.ShouldBe(code);
        destination["website.wiki"].Git.ForEachRef().ShouldBe(refs);
    }

    [Fact]
    public async Task Mirror_stays_private_while_its_wiki_keeps_old_values()
    {
        _github = await SandboxGitHub.StartAsync();
        var repository = _github.AddRepository("acme", "website");
        repository.Git.Commit("a", "code\n");
        var wiki = repository.Git.AddWiki();
        wiki.Commit("Secret.md", "secret\n", "master");
        var destination = await StartAsync("gitea", "acme-mirror");
        await RunAsync(_github, destination);
        wiki.UpdateRef("refs/heads/master", wiki.Git("commit-tree", "master^{tree}", "-m", "without the secret"));
        await RunAsync(_github, destination);

        var reports = await RunAsync(_github, destination, followsVisibility: true);

        destination["website"].IsPrivate.ShouldBeTrue();
        reports[0].Warnings.ShouldHaveSingleItem().ShouldContain("its wiki keeps old values");
    }

    [Fact]
    public async Task Mirror_stays_private_while_its_wiki_holds_what_the_source_no_longer_shows()
    {
        _github = await SandboxGitHub.StartAsync();
        var repository = _github.AddRepository("acme", "website");
        repository.Git.Commit("a", "code\n");
        var wiki = repository.Git.AddWiki();
        wiki.Commit("Secret.md", "secret\n", "master");
        var destination = await StartAsync("gitea", "acme-mirror");
        await RunAsync(_github, destination);
        wiki.UpdateRef("refs/heads/master", wiki.Git("commit-tree", "master^{tree}", "-m", "without the secret"));

        var reports = await RunAsync(_github, destination, followsVisibility: true);

        destination["website"].IsPrivate.ShouldBeTrue();
        reports[0].Warnings.ShouldHaveSingleItem().ShouldContain("the source's wiki does not show");
    }

    [Fact]
    public async Task Mirror_is_made_public_with_a_wiki_that_is_equal()
    {
        _github = await SandboxGitHub.StartAsync();
        var repository = _github.AddRepository("acme", "website");
        repository.Git.Commit("a", "code\n");
        repository.Git.AddWiki().Commit("Home.md", "welcome\n", "main");
        var destination = await StartAsync("gitlab", "acme-mirror");
        await RunAsync(_github, destination);

        var reports = await RunAsync(_github, destination, followsVisibility: true);

        // It asked for that; the group of the stand-in is private.
        reports[0].Warnings.ShouldHaveSingleItem().ShouldContain("public is not allowed in a private group");
    }

    private async Task<SandboxHost> StartAsync(string kind, string owner)
    {
        var host = await SandboxHost.StartAsync(kind, owner);
        _hosts.Add(host);
        return host;
    }

    private Task<IReadOnlyList<RepositoryReport>> RunAsync(SandboxHost source, SandboxHost destination, bool isPlan = false) =>
        RunAsync(Open(source.Kind, source.Url, source.Token).Source, destination, new MirrorOptions { Owners = [source.Owner], IsPlan = isPlan });

    private Task<IReadOnlyList<RepositoryReport>> RunAsync(SandboxGitHub source, SandboxHost destination, bool followsVisibility = false) =>
        RunAsync(
            Open("github", source.ServerUrl, source.FullToken).Source,
            destination,
            new MirrorOptions { Owners = ["acme"], FollowSourceVisibility = followsVisibility }
        );

    /// <summary>Mirrors, and returns the reports of the repositories before those of the wikis.</summary>
    private async Task<IReadOnlyList<RepositoryReport>> RunAsync(IRepositorySource source, SandboxHost to, MirrorOptions options)
    {
        var destination = Open(to.Kind, to.Url, to.Token).DestinationOf(to.Owner);
        options = options with
        {
            Wikis = true,
            CreateInterval = TimeSpan.Zero,
            Refs = new RefOptions { MaxAttempts = 1 },
        };
        var context = new RunContext(source, destination, _git, options, new SilentObserver(null!), TimeProvider.System, "test");
        var report = await new OrganizationMirror(context).RunAsync(TestContext.Current.CancellationToken);
        report.Error.ShouldBeNull();
        return report.Repositories;
    }

    private async Task<IReadOnlyList<RepositoryReport>> BackUpAsync(SandboxGitHub source, string folder)
    {
        var context = new BackupContext(
            Open("github", source.ServerUrl, source.FullToken).Source,
            _git,
            new MirrorOptions { Owners = ["acme"], Wikis = true },
            new BackupOptions(folder),
            new SilentObserver(null!),
            TimeProvider.System,
            "test"
        );
        var report = await new BackupRun(context).RunAsync(TestContext.Current.CancellationToken);
        report.Error.ShouldBeNull();
        return report.Repositories;
    }

    private async Task<IReadOnlyList<RepositoryReport>> RestoreAsync(SandboxHost mirrors, SandboxHost to) =>
        (await RestoreAsync(Open(mirrors.Kind, mirrors.Url, mirrors.Token).Source, mirrors.Owner, to, wikis: true)).Repositories;

    private Task<RunReport> RestoreAsync(string folder, SandboxHost to, bool wikis) => RestoreAsync(new BackupSource(folder), folder, to, wikis);

    private async Task<RunReport> RestoreAsync(IRepositorySource source, string owner, SandboxHost to, bool wikis)
    {
        var options = new MirrorOptions
        {
            Owners = [owner],
            Wikis = wikis,
            CreateInterval = TimeSpan.Zero,
            Refs = new RefOptions { MaxAttempts = 1 },
        };
        var context = new RunContext(
            source,
            Open(to.Kind, to.Url, to.Token).DestinationOf(to.Owner),
            _git,
            options,
            new SilentObserver(null!),
            TimeProvider.System,
            "test"
        );
        return await new WorkspaceRestore(context, new RestoreOptions(to.Owner), null).RunAsync(TestContext.Current.CancellationToken);
    }

    private IRepositoryHost Open(string kind, Uri url, string token)
    {
        var definition = KnownHosts.All.Single(host => host.Kind == kind);
        var web = new Uri(url.AbsoluteUri.TrimEnd('/'));
        return definition.Open(
            new HostSettings
            {
                WebUrl = web,
                ApiUrl = definition.ApiUrlOf(web),
                Token = token,
                Writes = true,
                Credential = "a token (a test)",
            },
            new HostConnection(_http, TimeProvider.System, _ => { }, _ => { })
        );
    }
}
