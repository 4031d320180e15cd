using System.Text;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.Mirroring.Backup;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>The commands <c>backup</c> and <c>backup --check</c>, as a runner or a shell runs them.</summary>
public sealed class BackupProcessTests
{
    private const string SourceToken = "ghp_Distinct1veSourceT0kenOfThisTest0000";

    [Fact]
    public async Task Organisation_is_backed_up_checked_and_brought_back()
    {
        await using var world = await StartAsync();

        var first = await world.RunAsync("backup", "--backup-dir", "bundles");

        first.ExitCode.ShouldBe(0, first.Text);
        ((string?)world.Report["mode"], (string?)world.Report["destination"]!["host"]).ShouldBe(("backup", "folder"));
        ((int)world.Report["totals"]!["created"]!).ShouldBe(3);
        foreach (var repository in world.GitHub.Repositories)
        {
            var folder = Path.Combine(world.Workspace, "bundles", "acme", repository.Name);
            var file = RepositoryFolder.ReadManifest(folder)!.Files.Single().File;
            ((string?)world.ReportOf(repository.FullName)["destination"]).ShouldBe($"{repository.FullName}/{file}");
            RealGit.Run(folder, "clone", "--quiet", "--mirror", file, "restored.git");
            GitRepository.Open(Path.Combine(folder, "restored.git")).ForEachRef().ShouldBe(repository.Git.BranchesAndTags());
        }

        world.GitHub.WriteAttempts.ShouldBeEmpty();
        world.Bitbucket.Requests.ShouldBeEmpty();

        var second = await world.RunAsync("backup", "--backup-dir", "bundles");
        second.ExitCode.ShouldBe(0, second.Text);
        ((int)world.Report["totals"]!["unchanged"]!).ShouldBe(3);
    }

    [Fact]
    public async Task Check_needs_neither_network_nor_credentials()
    {
        await using var world = await StartAsync();
        (await world.RunAsync("backup", "--backup-dir", "bundles")).ExitCode.ShouldBe(0);
        world.Inputs.Clear();

        var whole = await world.RunAsync("backup", "--check", "true", "--backup-dir", "bundles");

        whole.ExitCode.ShouldBe(0, whole.Text);
        world.GitHub.Requests.ShouldBeEmpty();
        ((int)world.Report["totals"]!["unchanged"]!).ShouldBe(3);

        var folder = Path.Combine(world.Workspace, "bundles", "acme", "website");
        var file = RepositoryFolder.ReadManifest(folder)!.Files.Single().File;
        File.Delete(Path.Combine(folder, file));
        var damaged = await world.RunAsync("backup", "--check", "true", "--backup-dir", "bundles");
        damaged.ExitCode.ShouldBe(1, damaged.Text);
        damaged.Text.ShouldContain($"{file}: it is missing");
        ((string?)world.ReportOf("acme/website")["error"]!["code"]).ShouldBe("damaged-backup");

        var nothing = await world.RunAsync("backup", "--check", "true", "--backup-dir", "elsewhere");
        nothing.ExitCode.ShouldBe(3, nothing.Text);
        nothing.Text.ShouldContain("nothing could be checked");
    }

    [Fact]
    public async Task Workspace_of_Bitbucket_is_backed_up_without_GitHub()
    {
        await using var world = await StartAsync();
        (await world.RunAsync("mirror")).ExitCode.ShouldBe(0);
        foreach (var input in world.Inputs.Keys.Where(name => name.StartsWith("github-", StringComparison.Ordinal)).ToList())
            world.Inputs.Remove(input);

        var outcome = await world.RunAsync("backup", "--from", "bitbucket", "--backup-dir", "bundles");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.GitHub.Requests.ShouldBeEmpty();
        foreach (var mirror in world.Bitbucket.Repositories)
        {
            var folder = Path.Combine(world.Workspace, "bundles", "acme-mirror", mirror.Slug);
            var manifest = RepositoryFolder.ReadManifest(folder)!;
            (manifest.Host, manifest.Repository).ShouldBe(("bitbucket", $"acme-mirror/{mirror.Slug}"));
            RealGit.Run(folder, "clone", "--quiet", "--mirror", manifest.Files.Single().File, "restored.git");
            GitRepository.Open(Path.Combine(folder, "restored.git")).ForEachRef().ShouldBe(mirror.Git.BranchesAndTags());
        }
    }

    [Fact]
    public async Task No_secret_is_in_any_file_or_line()
    {
        await using var world = await StartAsync();
        world.GitHub.AddToken(new SandboxGitHubToken(SourceToken, "mirror-bot", SeesPrivate: true));
        world.Inputs["github-token"] = SourceToken;
        world.Inputs["log-level"] = "debug";

        var outcome = await world.RunAsync("backup", "--backup-dir", "bundles");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        SecretForms.Find(outcome.Text, SourceToken).ShouldBeNull();
        foreach (var file in Directory.EnumerateFiles(world.Workspace, "*", SearchOption.AllDirectories))
            SecretForms
                .Find(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)), SourceToken)
                .ShouldBeNull(file);
    }

    [Fact]
    public async Task Termination_ends_it_at_once_and_leaves_nothing_half_written()
    {
        await using var world = await StartAsync();
        world.GitHub.Find("acme", "website")!.Git.FillWithNoise(4 << 20);
        var writing = new TaskCompletionSource();
        world.GitHub.Intercept = PackInterception.AtStep(
            40,
            async () =>
            {
                writing.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
            }
        );
        using var process = world.Start("backup", "--backup-dir", "bundles");
        await writing.Task.WaitAsync(TestContext.Current.CancellationToken);

        process.Signal("TERM");
        var outcome = await process.WaitAsync();

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        Directory.EnumerateFiles(Path.Combine(world.Workspace, "bundles"), "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(world.Workspace, "bundles", "acme", "website"), "*.bundle").ShouldBeEmpty();
    }

    private static async Task<ActionWorld> StartAsync()
    {
        var world = await ActionWorld.StartAsync();
        foreach (var name in (string[])["website", "api", ".github"])
        {
            var git = world.GitHub.AddRepository("acme", name).Git;
            git.Commit("a", $"{name}\n");
            git.TagAnnotated("v1", "main");
        }

        return world;
    }
}
