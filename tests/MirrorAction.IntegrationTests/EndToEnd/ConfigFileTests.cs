using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>What a configuration file does to a real run.</summary>
public sealed class ConfigFileTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Example_does_what_it_says(bool isPlan)
    {
        _world.Inputs.Remove("github-owner");
        _world.Inputs.Remove("bitbucket-workspace");
        _world.Environment["GITHUB_REPOSITORY_OWNER"] = "somebody-else";
        _world.Bitbucket.Projects.Add("WEB");
        foreach (var name in new[] { "playground-one", "tmp-two", "website", "docs", "monorepo", "api" })
        {
            Add(name);
        }

        var library = Add("lib-core");
        library.Git.Branch("release/1", "main");
        library.Git.Branch("topic", "main");
        library.Git.Tag("v1", "main");
        library.Git.Tag("nightly", "main");
        Write(File.ReadAllText(Checkout.PathOf("mirror.example.yml")));

        var outcome = await _world.RunAsync(isPlan ? ["plan"] : []);

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        _world.Report["repositories"]!
            .AsArray()
            .Select(r => ((string?)r!["source"], (string?)r["destination"]))
            .ShouldBe(
                [
                    ("acme/website", "acme-mirror/acme-website"),
                    ("acme/docs", "acme-mirror/docs"),
                    ("acme/monorepo", "acme-mirror/monorepo"),
                    ("acme/api", "acme-mirror/api"),
                    ("acme/lib-core", "acme-mirror/lib-core"),
                ],
                ignoreOrder: true
            );
        _world.ReportOf("acme/lib-core")["changes"]!
            .AsArray()
            .Select(change => (string?)change!["ref"])
            .ShouldBe(["refs/heads/release/1", "refs/tags/v1"], ignoreOrder: true);
        (_world.Report["warnings"]?.AsArray().Count ?? 0).ShouldBe(0);
        if (isPlan)
        {
            _world.Bitbucket.Repositories.ShouldBeEmpty();
            return;
        }

        Mirror("acme-website").Project.ShouldBe("WEB");
        Mirror("api").Project.ShouldBe("ACME");
        _world.Bitbucket.Repositories.Where(r => !r.IsPrivate).Select(r => r.Slug).ShouldBe(["docs"]);
        Mirror("lib-core").Git.BranchesAndTags().Keys.ShouldBe(["refs/heads/release/1", "refs/tags/v1"], ignoreOrder: true);
    }

    [Fact]
    public async Task Prune_and_its_limit_are_those_of_the_rule()
    {
        foreach (var name in new[] { "kept", "guarded", "pruned" })
        {
            var repository = Add(name);
            for (var i = 0; i < 9; i++)
            {
                repository.Git.Branch($"topic-{i}", "main");
            }
        }

        await RunWellAsync();
        foreach (var name in new[] { "kept", "guarded", "pruned" })
        {
            for (var i = 0; i < 8; i++)
            {
                _world.GitHub.Find("acme", name)!.Git.DeleteBranch($"topic-{i}");
            }
        }

        Write("prune-limit: 90%\nrules:\n  - match: kept\n    prune: false\n  - match: guarded\n    prune-limit: 7\n");
        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        Branches("kept").ShouldBe(10);
        Branches("guarded").ShouldBe(10);
        Branches("pruned").ShouldBe(2);
        ((string?)_world.ReportOf("acme/guarded")["error"]!["code"]).ShouldBe("prune-guard");
    }

    [Fact]
    public async Task Visibility_of_a_rule_reaches_a_mirror_that_is_there_and_no_other()
    {
        Add("docs");
        Add("api");
        await RunWellAsync();
        Write("rules:\n  - match: docs\n    visibility: public\n");

        await RunWellAsync();

        Mirror("docs").IsPrivate.ShouldBeFalse();
        Mirror("api").IsPrivate.ShouldBeTrue();

        Write("rules:\n  - match: docs\n    visibility: private\n");
        await RunWellAsync();
        Mirror("docs").IsPrivate.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Our own docs")]
    [InlineData("Mirror of our wiki")]
    [InlineData("Mirror of github.com/acme/docs")]
    [InlineData("Mirror of github.com/acme/docs (id 999999)")]
    public async Task Visibility_of_a_rule_does_not_reach_what_is_not_known_as_the_mirror_of_this_source(string description)
    {
        Add("docs");
        _world.Bitbucket.AddRepository("acme-mirror", "docs").Description = description;
        Write("rules:\n  - match: docs\n    visibility: public\n");

        await RunWellAsync();

        Mirror("docs").IsPrivate.ShouldBeTrue();
    }

    [Fact]
    public async Task New_slug_renames_the_mirror()
    {
        var source = Add("website");
        await RunWellAsync();
        var mirror = Mirror("website");
        source.Git.Commit("README.md", "2\n");
        Write("rules:\n  - match: website\n    slug: acme-website\n");

        await RunWellAsync();

        _world.Bitbucket.Repositories.ShouldHaveSingleItem().ShouldBe(mirror);
        Mirror("acme-website").Git.BranchesAndTags().ShouldBe(source.Git.BranchesAndTags());
        ((string?)_world.ReportOf("acme/website")["renamedFrom"]).ShouldBe("acme-mirror/website");
        _world.Report["orphans"]!.AsArray().ShouldBeEmpty();

        await RunWellAsync();
        ((string?)_world.ReportOf("acme/website")["status"]).ShouldBe("unchanged");
    }

    [Fact]
    public async Task Slug_that_another_repository_has_fails_both()
    {
        Add("website");
        Add("api");
        Write("rules:\n  - match: api\n    slug: website\n");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.Report["repositories"]!.AsArray().ShouldAllBe(r => (string?)r!["error"]!["code"] == "name-collision");
        _world.Bitbucket.Repositories.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rules_that_fit_nothing_are_one_warning_in_log_report_and_summary()
    {
        Add("website");
        Write("rules:\n  - match: webiste\n    skip: true\n  - match: /^gone/\n    skip: true\n");

        await RunWellAsync();

        const string Warning =
            "Some names fit no repository: .github/mirror.yml:2:5 'webiste' (did you mean 'website'?); .github/mirror.yml:4:5 '/^gone/'.";
        _world.Report["warnings"]!.AsArray().Select(w => (string?)w).ShouldBe([Warning]);
        (await _world.RunAsync()).Output.Split('\n').Count(line => line == $"::warning::{Warning}").ShouldBe(1);
        _world.Summary.ShouldContain("### Please look at these");
        _world.Summary.ShouldContain("webiste");
    }

    [Fact]
    public async Task Wrong_file_ends_the_step_before_any_host_is_asked()
    {
        Add("website");
        Write("prun: false\nrules:\n  - skip: true\n");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(2, outcome.Text);
        outcome.Output.ShouldContain(
            "::error file=.github/mirror.yml,line=1,col=1::.github/mirror.yml:1:1: 'prun' is not a setting of this version; did you mean 'prune'?"
        );
        outcome.Output.ShouldContain("::error file=.github/mirror.yml,line=3,col=5::.github/mirror.yml:3:5: match: required");
        _world.GitHub.Requests.ShouldBeEmpty();
        _world.Bitbucket.Requests.ShouldBeEmpty();
    }

    private void Write(string yaml) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_world.Workspace, ".github")).FullName, "mirror.yml"), yaml);

    private SandboxGitHubRepository Add(string name)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.Git.Commit("README.md", $"{name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private int Branches(string slug) => Mirror(slug).Git.ForEachRef("refs/heads/").Count;

    private async Task RunWellAsync()
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }
}
