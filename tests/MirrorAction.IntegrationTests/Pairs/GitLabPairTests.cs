using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Pairs;

/// <summary>What only GitLab has: projects in groups below the owner, from the mirror to the backup and the restore.</summary>
public sealed class GitLabPairTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new("gitlab-pair-");
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal) { ["create-interval"] = "0ms" };
    private SandboxGitLab _from = null!;
    private SandboxHost _to = null!;

    private JsonArray Reports =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "mirror-report", "report.json")))!["repositories"]!.AsArray();

    public async ValueTask InitializeAsync()
    {
        (_from, _to) = (await SandboxGitLab.StartAsync(), await SandboxHost.StartAsync("bitbucket", "acme-mirror"));
        foreach (var group in (string[])["acme", "acme/platform", "acme/platform/core"])
        {
            _from.AddGroup(group);
        }

        _from.AddProject("acme", "website").Git.Commit("a", "website\n");
        _from.AddProject("acme/platform", "api").Git.Commit("a", "api\n");
        _from.AddProject("acme/platform/core", "api").Git.Commit("a", "core\n");
        Take("source", "gitlab", _from.Url, "acme", _from.Token);
        foreach (var (name, value) in _to.InputsAs("destination"))
        {
            _inputs[name] = value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _from.DisposeAsync();
        await _to.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Projects_of_subgroups_are_mirrored_kept_and_brought_back_under_one_name_each()
    {
        await RunWellAsync("mirror");
        _to.Repositories.Select(copy => copy.Name).Order(StringComparer.Ordinal).ShouldBe(["platform-api", "platform-core-api", "website"]);
        _to["platform-core-api"].Description.ShouldMatch(@"^Mirror of gitlab\.com/acme/platform/core/api \(id \d+\)$");
        _to["platform-api"].Git.BranchesAndTags().ShouldBe(_from.Find("acme/platform/api")!.Git.BranchesAndTags());

        await RunWellAsync("verify");
        await RunWellAsync("restore", "--drill");
        await RunWellAsync("backup", "--backup-dir", "bundles");
        Directory.GetFiles(Path.Combine(_folder.Path, "bundles", "acme", "platform", "core", "api"), "*.bundle").ShouldHaveSingleItem();
        await RunWellAsync("backup", "--check", "--deep", "--backup-dir", "bundles");
        Reports.Count.ShouldBe(3);

        await using var rebuilt = await SandboxGitLab.StartAsync();
        rebuilt.AddGroup("acme-new");
        Take("source", "gitlab", rebuilt.Url, "acme-new", rebuilt.Token);
        await RunWellAsync("restore");
        rebuilt
            .Projects.Select(project => project.FullPath)
            .ShouldBe(["acme-new/platform-api", "acme-new/platform-core-api", "acme-new/website"], ignoreOrder: true);
    }

    [Fact]
    public async Task Selection_goes_by_the_last_part_of_the_path_or_by_all_of_it()
    {
        await RunWellAsync("mirror", "--repositories", "platform/*", "--exclude", "platform/core/*");
        _to.Repositories.Select(copy => copy.Name).ShouldBe(["platform-api"]);

        await RunWellAsync("mirror", "--repositories", "api");
        _to.Repositories.Select(copy => copy.Name).Order(StringComparer.Ordinal).ShouldBe(["platform-api", "platform-core-api"]);
    }

    [Fact]
    public async Task Two_paths_that_become_one_name_both_fail_and_nothing_is_pushed()
    {
        _from.AddProject("acme", "platform-api").Git.Commit("a", "another\n");

        (await RunAsync("mirror")).ExitCode.ShouldBe(1);

        Reports
            .Where(report => (string?)report!["error"]?["code"] == "name-collision")
            .Select(report => (string?)report!["source"])
            .Order(StringComparer.Ordinal)
            .ShouldBe(["acme/platform-api", "acme/platform/api"]);
        _to.Repositories.Select(copy => copy.Name).ShouldNotContain("platform-api");
    }

    [Fact]
    public async Task Project_that_moves_to_another_group_keeps_its_mirror_by_its_id()
    {
        await RunWellAsync("mirror", "--repositories", "website");
        var project = _from.Find("acme/website")!;
        _from.Rename(project, "site");

        var outcome = await RunAsync("mirror", "--repositories", "site");

        outcome.Text.ShouldContain("acme-mirror/website -> acme-mirror/site: renamed, as its source acme/website is called acme/site now");
        _to.Repositories.Select(copy => copy.Name).ShouldContain("site");
    }

    private void Take(string role, string kind, Uri url, string owner, string token)
    {
        _inputs[role] = kind;
        _inputs[$"{role}-url"] = url.AbsoluteUri.TrimEnd('/');
        _inputs[$"{role}-owner"] = owner;
        _inputs[$"{role}-token"] = token;
    }

    private async Task<ActionOutcome> RunAsync(params string[] arguments)
    {
        var environment = _inputs.ToDictionary(input => SandboxInputs.VariableOf(input.Key), input => input.Value);
        environment["GITHUB_WORKSPACE"] = _folder.Path;
        using var process = ActionProcess.Start(arguments, environment, _folder.Path);
        return await process.WaitAsync();
    }

    private async Task RunWellAsync(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        outcome.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}:\n{outcome.Text}");
    }
}
