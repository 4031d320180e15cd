using System.Text;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>A default branch whose name is not UTF-8. REST is text, so that no host can be told such a name.</summary>
public sealed class UnspeakableBranchTests : IAsyncLifetime
{
    /// <summary>Latin-1; one character per byte.</summary>
    private const string Name = "caf\u00e9";

    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task It_becomes_the_main_branch_of_a_new_mirror_and_both_sides_are_equal()
    {
        var source = Add();

        await RunWellAsync();

        Mirror.Git.RawHead.ShouldBe(Name);
        ShouldBeEqual(source);
        Changes().ShouldBeEmpty();
        await RunWellAsync();
        ((string)_world.ReportOf("acme/website")["status"]!).ShouldBe("unchanged");
        Warnings().ShouldBeEmpty();
        Changes().ShouldBeEmpty();
        _world.Inputs["mode"] = "verify";
        await RunWellAsync();
    }

    [Fact]
    public async Task Where_the_mirror_has_another_main_branch_no_host_is_asked_for_what_it_can_not_understand()
    {
        var source = _world.GitHub.AddRepository("acme", "website");
        source.Git.Commit("a", "1\n");
        await RunWellAsync();
        source.Git.UpdateRef(Encoding.Latin1.GetBytes($"refs/heads/{Name}"), source.Git.Commit("a", "2\n"));
        source.Git.RawHead = Name;

        // The name as people see it is that of another branch.
        source.Git.Branch("caf\u00e9", "main");

        await RunWellAsync();

        ShouldBeEqual(source);
        Mirror.Git.RawHead.ShouldBe("main");
        Changes().ShouldBeEmpty();
        Warnings().ShouldHaveSingleItem().ShouldContain("not UTF-8");
        _world.Inputs["mode"] = "verify";
        (await _world.RunAsync()).ExitCode.ShouldBe(1); // It is a difference, and told as one.
    }

    [Fact]
    public async Task Mirror_whose_main_branch_has_such_a_name_follows_to_another_and_lets_the_old_one_go()
    {
        var source = Add();
        await RunWellAsync();
        source.Git.Branch("trunk", "other");
        source.DefaultBranch = "trunk";
        source.Git.UpdateRef(Encoding.Latin1.GetBytes($"refs/heads/{Name}"), new string('0', 40));

        await RunWellAsync();

        ShouldBeEqual(source);
        Mirror.MainBranch.ShouldBe("trunk");
    }

    private SandboxBitbucketRepository Mirror => _world.Bitbucket.Find("acme-mirror", "website").ShouldNotBeNull();

    private SandboxGitHubRepository Add()
    {
        var source = _world.GitHub.AddRepository("acme", "website");
        var id = source.Git.Commit("a", "1\n", "aaa");
        source.Git.Branch("other", "aaa");
        source.Git.UpdateRef(Encoding.Latin1.GetBytes($"refs/heads/{Name}"), id);
        source.Git.RawHead = Name;
        return source;
    }

    private void ShouldBeEqual(SandboxGitHubRepository source) =>
        RelayWorld.Mirrored(Mirror.Git).ShouldBe(RelayWorld.Mirrored(source.Git), ignoreOrder: true);

    /// <summary>What the last run asked Bitbucket to change.</summary>
    private IEnumerable<string> Changes() =>
        _world.Bitbucket.RestRequests.Where(request => request.Method == "PUT").Select(request => request.PathAndQuery);

    private IEnumerable<string> Warnings() => _world.ReportOf("acme/website")["warnings"]?.AsArray().Select(warning => (string)warning!) ?? [];

    private async Task RunWellAsync()
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }
}
