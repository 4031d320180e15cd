using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Recovery;

/// <summary>The page for the bad morning, tried word for word.</summary>
public sealed class RecoveryPageTests : IAsyncLifetime
{
    private static readonly IReadOnlyList<RecoveryBlock> s_blocks = RecoveryBlock.ReadPage();

    private RecoveryWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await RecoveryWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Every_command_of_the_page_does_what_the_page_says()
    {
        var website = _world.GitHub.AddRepository("acme", "Website");
        website.Description = "What acme shows the world";
        website.Git.Commit("README.md", "One");
        website.Git.Branch("rel/1.0");
        website.Git.TagAnnotated("v1.0");
        var lost = website.Git.Commit("README.md", "Two, which somebody will push away");
        foreach (var name in (string[])["lib-core", "mirror-action"])
            _world.GitHub.AddRepository("acme", name).Git.Commit("README.md", name);
        _world.GitHub.Find("acme", "lib-core")!.Private = true;
        await _world.MirrorAsync();

        await FollowAsync("Before it happens");
        _world.Called.ShouldContain("dotnet publish mirror-action/src/MirrorAction");
        Directory.GetFiles(_world["backup/acme/Website"], "full-*.bundle").ShouldHaveSingleItem();
        website.Git.ResetHard("main", "main~1");
        website.Git.Commit("README.md", "Forced");
        await _world.MirrorAsync();
        await AgainAsync("Before it happens", "mirror-action backup --github-owner acme"); // A week later.
        Directory.GetFiles(_world["backup/acme/Website"], "incr-*.bundle").ShouldHaveSingleItem();
        var before = _world.GitHub.Repositories.ToDictionary(repository => repository.Name, repository => repository.Git.BranchesAndTags());

        foreach (var repository in _world.GitHub.Repositories)
            _world.GitHub.Remove(repository);
        await FollowAsync("1. Keep what is there");
        await FollowAsync("2. Look");
        await FollowAsync("3. Work on from Bitbucket");
        _world.Bitbucket.Find("acme-mirror", "website")!.Git.Resolve("refs/heads/rescued").ShouldBe(lost);

        _world.GitHub.AddAccount("acme-new");
        _world.GitHub.AcceptsWrites = true;
        await FollowAsync("4. Bring it back to GitHub");
        foreach (var (name, refs) in before)
        {
            var restored = _world.GitHub.Find("acme-new", name).ShouldNotBeNull();
            restored.Private.ShouldBeTrue();
            restored.Git.BranchesAndTags().Where(pair => pair.Key != "refs/heads/rescued").ShouldBe(refs, ignoreOrder: true);
            restored.Git.Fsck();
        }

        _world.GitHub.Find("acme-new", "Website")!.Description.ShouldBe("What acme shows the world");
        await FollowAsync("5. One repository");
        await FollowAsync("6. One branch, after a bad push");
        _world.GitHub.Find("acme-new", "Website")!.Git.Resolve("refs/heads/main").ShouldBe(lost);

        // Another try, as if Bitbucket were gone as well.
        foreach (var repository in _world.GitHub.Repositories)
            _world.GitHub.Remove(repository);
        _world.Bitbucket.ClearRequests();
        await FollowAsync("7. From bundles alone");
        _world.Bitbucket.Requests.ShouldBeEmpty();
        foreach (var (name, refs) in before)
            _world.GitHub.Find("acme-new", name).ShouldNotBeNull().Git.BranchesAndTags().ShouldBe(refs, ignoreOrder: true);
        _world.GitHub.Find("acme-new", "Website")!.Description.ShouldBe("What acme shows the world");
        await FollowAsync("8. Afterwards");
    }

    [Fact]
    public void No_command_of_the_page_is_left_out_by_its_test()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs", "RECOVERY.md"));
        var test = File.ReadAllText(Checkout.PathOf("tests", "MirrorAction.IntegrationTests", "Recovery", "RecoveryPageTests.cs"));

        Regex.Count(page, "^```", RegexOptions.Multiline).ShouldBe(2 * s_blocks.Count, "The page has a block that is not one of commands (sh).");
        foreach (var heading in s_blocks.Select(block => block.Heading).Distinct())
            test.ShouldContain($"FollowAsync(\"{heading}\")");
    }

    private async Task FollowAsync(string heading)
    {
        var blocks = s_blocks.Where(block => block.Heading == heading).ToList();
        blocks.ShouldNotBeEmpty();
        foreach (var block in blocks)
            await RunAsync(block);
    }

    private Task AgainAsync(string heading, string beginning) =>
        RunAsync(s_blocks.Single(block => block.Heading == heading && block.Commands.StartsWith(beginning, StringComparison.Ordinal)));

    private async Task RunAsync(RecoveryBlock block)
    {
        var outcome = await _world.RunAsync(block);
        outcome.ExitCode.ShouldBe(block.ExitCode, $"{block.Heading}\n{block.Commands}\n{outcome.Text}");
        foreach (var secret in (string[])[_world.GitHub.FullToken, _world.Bitbucket.Token])
            outcome.Text.ShouldNotContain(secret);
    }
}
