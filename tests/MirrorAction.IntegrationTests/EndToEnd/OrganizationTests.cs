using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>The action against a whole organisation, with every special case in it.</summary>
public sealed class OrganizationTests
{
    [Fact]
    public async Task Organisation_is_mirrored_followed_and_left_alone()
    {
        await using var world = await ActionWorld.StartAsync();
        var organization = SampleOrganization.Seed(world.GitHub);

        var first = await world.RunAsync();
        first.ExitCode.ShouldBe(0, first.Text);
        MirrorComparison.Compare(world.GitHub, SampleOrganization.Owner, world.Bitbucket, "acme-mirror").ShouldBeEmpty();

        var second = await world.RunAsync();
        second.ExitCode.ShouldBe(0, second.Text);
        ((int)world.Report["totals"]!["mirrored"]!).ShouldBe(0, second.Text);
        world.Bitbucket.Requests.ShouldNotContain(r => r.Method != "GET");

        organization.ApplyChanges();
        var third = await world.RunAsync();
        third.ExitCode.ShouldBe(0, third.Text);
        MirrorComparison.Compare(world.GitHub, SampleOrganization.Owner, world.Bitbucket, "acme-mirror").ShouldBeEmpty();
        world.GitHub.WriteAttempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Sixty_unchanged_repositories_cost_two_git_requests_each_and_two_listings()
    {
        await using var world = await ActionWorld.StartAsync();
        for (var i = 0; i < 60; i++)
        {
            world.GitHub.AddRepository("acme", $"lib-{i:00}").Git.Commit("README.md", $"{i}\n");
        }

        var first = await world.RunAsync();
        first.ExitCode.ShouldBe(0, first.Text);

        var second = await world.RunAsync();

        second.ExitCode.ShouldBe(0, second.Text);
        ((int)world.Report["totals"]!["unchanged"]!).ShouldBe(60);
        world.GitHub.GitRequests.Count().ShouldBe(60);
        world.Bitbucket.GitRequests.Count().ShouldBe(60);
        world.GitHub.RestRequests.Count(r => r.Path.EndsWith("/repos", StringComparison.Ordinal)).ShouldBe(1);
        world.Bitbucket.RestRequests.Count().ShouldBe(1);
    }
}
