using System.Diagnostics;
using System.Text.RegularExpressions;
using MirrorAction.Mirroring.Backup;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>What <c>docs/BACKUP.md</c> tells to type is typed.</summary>
public sealed class BackupPageTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new("page-");
    private BackupWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await BackupWorld.StartAsync();
        _world.Options = _world.Options with { FullEvery = 3 };
        for (var i = 1; i <= 5; i++)
        {
            _world.Source.Commit("README.md", $"{i}\n");
            _world.Source.Branch($"only-{i}", "main");
            if (i > 1)
                _world.Source.DeleteBranch($"only-{i - 1}");
            await _world.BackUpAsync();
        }

        _world.Manifest.Chains.Select(chain => chain.Files.Count).ShouldBe([3, 2]);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Commands_for_the_last_state_bring_it_back()
    {
        Run(Block("last"));

        Restored.ForEachRef().ShouldBe(_world.Source.BranchesAndTags(), ignoreOrder: true);
        Run(Block("file"));
        File.ReadAllText(_folder["README.md"]).ShouldBe("5\n");
    }

    [Fact]
    public void Commands_for_the_last_state_work_for_a_chain_of_one()
    {
        foreach (var file in _world.Listed.Where(file => BundleName.TryParse(file, out var kind, out _) && kind == BundleKind.Incremental))
            File.Delete(_world[file]);

        Run(Block("last"));

        Restored.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/heads/only-4"], ignoreOrder: true);
    }

    [Fact]
    public void Commands_for_an_earlier_state_bring_that_back()
    {
        Run(
            Block("earlier")
                .Replace("full-20261101T020000Z.bundle", _world.Listed[0], StringComparison.Ordinal)
                .Replace("incr-20261102T020000Z.bundle", _world.Listed[1], StringComparison.Ordinal)
        );

        Restored.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/heads/only-2"], ignoreOrder: true);
        Restored.Git("show", "main:README.md").ShouldBe("2");
    }

    private GitRepository Restored => GitRepository.Open(_folder["website.git"]);

    private static string Block(string name) =>
        Regex
            .Match(
                File.ReadAllText(Checkout.PathOf("docs", "BACKUP.md")),
                $"<!-- tried: {name} -->\n```sh\n(.*?)```",
                RegexOptions.Singleline,
                TimeSpan.FromSeconds(10)
            )
            .Groups[1]
            .Value
            is { Length: > 0 } block
            ? block
            : throw new InvalidOperationException($"docs/BACKUP.md has no block '{name}'.");

    /// <summary>Types it, but for the folder of the backups.</summary>
    private void Run(string script)
    {
        script.ShouldMatch("website");
        var start = new ProcessStartInfo("sh", ["-euc", script.Replace("/srv/backups/acme/website", _world.Path, StringComparison.Ordinal)])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors);
    }
}
