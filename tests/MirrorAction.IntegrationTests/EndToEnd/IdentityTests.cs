using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>Which repository of the workspace is whose mirror, when names, descriptions and servers change.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Foreign_repository_that_shares_a_tag_loses_nothing_until_it_is_adopted_once()
    {
        var source = Add("website");
        source.Git.Tag("v1", "main");
        source.Git.Commit("README.md", "2\n");
        var foreign = _world.Bitbucket.AddRepository("acme-mirror", "website");
        foreign.Description = "Our fork";
        foreign.Git.Git("fetch", "--quiet", source.Git.Path, "refs/tags/v1:refs/tags/v1");
        foreign.Git.Commit("own", "work\n");
        for (var i = 0; i < 4; i++)
            foreign.Git.Commit("own", $"topic {i}\n", $"topic-{i}");
        var before = foreign.Git.ForEachRef();

        await RunAsync(1);
        ErrorOf("acme/website").ShouldBe("not-a-mirror");
        foreign.Git.ForEachRef().ShouldBe(before);
        (foreign.Description, foreign.MainBranch).ShouldBe(("Our fork", "main"));
        _world.Bitbucket.Requests.ShouldNotContain(r => r.Method != "GET");

        _world.Inputs["adopt"] = "true";
        await RunAsync(0);
        ShouldMirror("website");
        foreign.Description.ShouldBe($"Mirror of github.com/acme/website (id {source.Id}). Our fork");
        foreign
            .Git.ForEachRef("refs/tags/mirror-kept/")
            .Values.ShouldBe(before.Where(r => r.Key.StartsWith("refs/heads/", StringComparison.Ordinal)).Select(r => r.Value), ignoreOrder: true);

        // Once is once: also when the next run has to overwrite something.
        _world.Inputs.Remove("adopt");
        source.Git.ResetHard("main", source.Git.Commit("README.md", "rewritten\n", "elsewhere"));
        await RunAsync(0);
        ShouldMirror("website");
    }

    [Fact]
    public async Task Adopting_run_of_which_one_ref_is_refused_leaves_the_mark_too()
    {
        var source = Add("website");
        source.Git.Branch("topic", "main");
        var foreign = _world.Bitbucket.AddRepository("acme-mirror", "website");
        foreign.Git.Commit("own", "work\n");
        foreign.Git.Branch("topic", "main");
        foreign.RestrictedBranches.Add("topic");
        _world.Inputs["adopt"] = "true";
        await RunAsync(1);
        ErrorOf("acme/website").ShouldBe("ref-rejected");
        foreign.Description.ShouldBe(MarkOf(source));

        _world.Inputs.Remove("adopt");
        foreign.RestrictedBranches.Clear();
        await RunAsync(0);
        ShouldMirror("website");
    }

    [Fact]
    public async Task Mirror_whose_description_was_edited_goes_on_and_gets_its_mark_back()
    {
        var source = Add("website");
        await RunAsync(0);
        Mirror("website").Description = "The website, please do not push here";
        source.Git.Commit("README.md", "2\n");

        await RunAsync(0);

        ShouldMirror("website");
        Mirror("website").Description.ShouldBe($"{MarkOf(source)}. The website, please do not push here");

        await RunAsync(0);
        _world.Bitbucket.Requests.ShouldNotContain(r => r.Method == "PUT");
    }

    [Fact]
    public async Task Mirror_whose_description_was_edited_is_not_overwritten()
    {
        var source = Add("website");
        await RunAsync(0);
        Mirror("website").Description = "Mirror of something";
        var before = Mirror("website").Git.ForEachRef();
        source.Git.ResetHard("main", source.Git.Commit("README.md", "rewritten\n", "elsewhere"));

        await RunAsync(1);

        ErrorOf("acme/website").ShouldBe("not-a-mirror");
        Mirror("website").Git.ForEachRef().ShouldBe(before);
        Mirror("website").Description.ShouldBe("Mirror of something");
    }

    [Fact]
    public async Task Mark_that_cannot_be_written_is_a_warning()
    {
        Add("website");
        await RunAsync(0);
        Mirror("website").Description = "";
        _world.Bitbucket.Faults.Next(1, 403, """{"type":"error","error":{"message":"no admin"}}""", "application/json", r => r.Method == "PUT");

        await RunAsync(0);

        ((string?)_world.ReportOf("acme/website")["warnings"]![0]).ShouldNotBeNull().ShouldContain("no admin");
        _world.Summary.ShouldContain("no admin");
    }

    [Fact]
    public async Task Mirror_of_another_server_is_neither_ours_nor_an_orphan()
    {
        var source = Add("website");
        await RunAsync(0);
        var mark = $"Mirror of ghe.example/acme/website (id {source.Id})";
        Mirror("website").Description = mark;
        _world.Bitbucket.AddRepository("acme-mirror", "gone").Description = "Mirror of ghe.example/acme/gone (id 77)";

        await RunAsync(1);

        ErrorOf("acme/website").ShouldBe("not-a-mirror");
        ((string?)_world.ReportOf("acme/website")["error"]!["message"]).ShouldNotBeNull().ShouldContain("ghe.example/acme/website");
        Mirror("website").Description.ShouldBe(mark);
        _world.Report["orphans"]!.AsArray().ShouldBeEmpty();

        _world.Inputs["adopt"] = "true";
        await RunAsync(0);
        Mirror("website").Description.ShouldBe(MarkOf(source));
    }

    [Fact]
    public async Task Empty_mirror_of_another_server_is_left_to_that_server()
    {
        Add("website");
        var empty = _world.Bitbucket.AddRepository("acme-mirror", "website");
        empty.Description = "Mirror of ghe.example/acme/website (id 77)";

        await RunAsync(1);

        ErrorOf("acme/website").ShouldBe("not-a-mirror");
        empty.Git.ForEachRef().ShouldBeEmpty();
        empty.Description.ShouldBe("Mirror of ghe.example/acme/website (id 77)");
    }

    [Theory]
    [InlineData(true)] // Adopted.
    [InlineData(false)] // The empty mirror of a repository that was deleted and made anew.
    public async Task Run_that_was_allowed_and_broke_off_leaves_the_mark(bool isAdopted)
    {
        var source = Add("website");
        for (var i = 0; i < 3; i++)
            source.Git.Branch($"topic-{i}", "main");
        var mirror = _world.Bitbucket.AddRepository("acme-mirror", "website");
        mirror.Description = "Mirror of github.com/acme/website (id 99)";
        if (isAdopted)
            mirror.Git.Commit("own", "work\n");
        _world.Inputs["adopt"] = isAdopted ? "true" : "false";
        _world.Inputs["max-attempts"] = "1";
        var isBroken = false;
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            if (isBroken)
            {
                context.Abort();
                return;
            }

            // Before the answer: who has read all of it may ask the next thing at once.
            isBroken = context.Request.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal) && context.Request.ContentLength != 4;
            await next();
        };
        await RunAsync(1);
        mirror.Description.ShouldBe(MarkOf(source));

        _world.Bitbucket.Intercept = null;
        _world.Inputs["adopt"] = "false";
        await RunAsync(0);
        ShouldMirror("website");
    }

    [Fact]
    public async Task Renamed_source_goes_on_with_its_mirror_once_that_is_renamed_too()
    {
        var source = Add("old-thing");
        await RunAsync(0);
        _world.GitHub.Rename(source, "new-thing");
        _world.Bitbucket.Rename(Mirror("old-thing"), "new-thing");
        source.Git.Commit("README.md", "2\n");

        await RunAsync(0);

        ShouldMirror("new-thing");
        Mirror("new-thing").Description.ShouldBe(MarkOf(source));
        _world.Report["orphans"]!.AsArray().ShouldBeEmpty();
        _world.Bitbucket.Repositories.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Source_of_which_only_the_letters_changed_keeps_its_mirror()
    {
        var source = Add("website");
        await RunAsync(0);
        _world.GitHub.Rename(source, "WebSite");
        source.Git.ResetHard("main", source.Git.Commit("README.md", "rewritten\n", "elsewhere"));

        await RunAsync(0);

        Mirror("website").Description.ShouldBe(MarkOf(source));
        _world.Report["orphans"]!.AsArray().ShouldBeEmpty();
        _world.Report["warnings"].ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_repository_with_the_slug_of_an_existing_mirror_fails_alone(bool isLonger)
    {
        // The name that a long one was shortened to is a name like any other; and owners have names in common.
        var first = _world.GitHub.AddRepository("acme", isLonger ? SampleOrganization.LongName : "website");
        first.Git.Commit("README.md", "first\n");
        await RunAsync(0);
        var mirror = _world.Bitbucket.Repositories.Single();
        _world.GitHub.AddAccount("acme-labs");
        var newcomer = _world.GitHub.AddRepository("acme-labs", isLonger ? mirror.Slug : "Website");
        newcomer.Git.Commit("README.md", "newcomer\n");
        first.Git.Commit("README.md", "more\n");
        _world.Inputs["github-owner"] = "acme, acme-labs";

        await RunAsync(1);

        ErrorOf(first.FullName).ShouldBeNull();
        ErrorOf(newcomer.FullName).ShouldBe("name-collision");
        ((string?)_world.ReportOf(newcomer.FullName)["error"]!["message"]).ShouldNotBeNull().ShouldContain($"is the mirror of {first.FullName}");
        RelayWorld.Mirrored(mirror.Git).ShouldBe(RelayWorld.Mirrored(first.Git));
        mirror.Description.ShouldBe(MarkOf(first));
    }

    private static string MarkOf(SandboxGitHubRepository source) => $"Mirror of github.com/{source.FullName} (id {source.Id})";

    private SandboxGitHubRepository Add(string name)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.Git.Commit("README.md", $"{name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private string? ErrorOf(string source) => (string?)_world.ReportOf(source)["error"]?["code"];

    private void ShouldMirror(string name)
    {
        RelayWorld.Mirrored(Mirror(name).Git).ShouldBe(RelayWorld.Mirrored(_world.GitHub.Find("acme", name)!.Git), ignoreOrder: true);
        Mirror(name).Git.Fsck();
    }

    private async Task<ActionOutcome> RunAsync(int exitCode)
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        return outcome;
    }
}
