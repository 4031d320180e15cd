using MirrorAction.Hosts.Bitbucket;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>Names that the destination would not keep (rule 3), by the real program against a host that changes them without a word.</summary>
public sealed class SlugTests : IAsyncLifetime
{
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ActionWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Names_that_the_host_would_not_keep_are_changed_and_found_again()
    {
        string[] names = ["my-tool", "my--tool", "my-tool-", "-my-tool", "...", "---", "_"];
        foreach (var name in names)
        {
            Add(name).Git.Commit("name", name);
        }

        await RunWellAsync();
        var slugs = _world.Bitbucket.Repositories.Select(r => r.Slug).ToArray();
        slugs.ShouldBe(names.Select(BitbucketSlug.For), ignoreOrder: true);
        foreach (var name in names)
        {
            ShouldMirror(_world.GitHub.Find("acme", name)!.Git, Mirror(BitbucketSlug.For(name)).Git);
        }

        await RunWellAsync();
        ((int)_world.Report["totals"]!["unchanged"]!).ShouldBe(names.Length);
        _world.Bitbucket.RestRequests.ShouldAllBe(r => r.Method == "GET");
        _world.Inputs["mode"] = "verify";
        await RunWellAsync();
    }

    [Fact]
    public async Task Mirror_under_the_slug_that_the_host_once_made_of_the_name_goes_on()
    {
        var source = Add("my--tool");
        var mirror = _world.Bitbucket.AddRepository("acme-mirror", "my-tool");
        mirror.Description = $"Mirror of github.com/acme/my--tool (id {source.Id})";

        await RunWellAsync();

        _world.Bitbucket.Repositories.ShouldBe([mirror]);
        ((string)_world.ReportOf("acme/my--tool")["destination"]!).ShouldBe("acme-mirror/my-tool");
        ShouldMirror(source.Git, mirror.Git);
    }

    [Fact]
    public async Task Slug_that_the_host_once_made_of_a_name_may_be_another_mirrors()
    {
        var other = Add("my-tool");
        Add("my--tool").Git.Commit("other", "1\n");

        await RunWellAsync();

        ShouldMirror(other.Git, Mirror("my-tool").Git);
        Mirror("my-tool").Description.ShouldContain("/my-tool (");
        _world.Bitbucket.Repositories.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Slug_of_the_answer_is_believed()
    {
        var source = Add("website");
        source.DefaultBranch = "trunk";
        source.Git.Branch("trunk", "main");
        source.Private = false;
        _world.Inputs["destination-visibility"] = "source";

        // The host makes another slug of what it is asked for, as it does where its rules are not ours.
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            if (
                context.Request.Method == "POST"
                && context.Request.Path.Value!.EndsWith("/repositories/acme-mirror/website", StringComparison.Ordinal)
            )
            {
                context.Request.Path = context.Request.Path.Value + "-kept";
            }

            await next();
        };

        await RunWellAsync();

        var mirror = _world.Bitbucket.Repositories.ShouldHaveSingleItem();
        mirror.Slug.ShouldBe("website-kept");
        ShouldMirror(source.Git, mirror.Git);
        mirror.MainBranch.ShouldBe("trunk");
        ((string)_world.ReportOf("acme/website")["destination"]!).ShouldBe("acme-mirror/website-kept");
    }

    private SandboxGitHubRepository Add(string name)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.Git.Commit("README.md", $"{name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private async Task RunWellAsync()
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }

    private static void ShouldMirror(GitRepository source, GitRepository mirror)
    {
        RelayWorld.Mirrored(mirror).ShouldBe(RelayWorld.Mirrored(source), ignoreOrder: true);
        mirror.Fsck();
    }
}
