using System.Diagnostics;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Worst;
using MirrorAction.Mirroring.Backup;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>The way back from bundles alone, by the real program: neither the originals nor the mirrors are there any more.</summary>
public sealed class FolderRestoreTests
{
    private const int Seed = 20261130;

    [Fact]
    public async Task Organisation_comes_back_from_its_chains_and_nothing_else()
    {
        await using var world = await RestoreWorld.StartAsync();
        var website = world.GitHub.AddRepository("acme", "Website");
        (website.Description, website.Private) = ("Our website", true);
        website.Git.Commit("a", "1\n");
        website.Git.Commit("a", "2\n", "gone", "refs/heads/main");
        website.Git.TagAnnotated("v1", "main");
        var api = world.GitHub.AddRepository("acme", "api");
        api.Git.FillWithNoise(200_000);
        api.Git.Branch("develop", "refs/heads/main");
        api.DefaultBranch = "develop";
        await BackUpAsync(world);
        website.Git.Commit("a", "3\n");
        website.Git.Commit("b", "1\n", "topic", "refs/heads/main");
        website.Git.DeleteBranch("gone");
        await BackUpAsync(world);
        website.Git.ResetHard("topic", "refs/tags/v1^{commit}");
        website.Git.Commit("b", "rewritten\n", "topic");
        api.Git.AddBranches(30, target: "refs/heads/main");
        await BackUpAsync(world);
        Manifest(world, "Website").Files.Count().ShouldBe(3);
        var originals = Lose(world);

        world.Inputs["dry-run"] = "true";
        await world.RestoreAsync();
        world.GitHub.WriteAttempts.ShouldBeEmpty();
        world.Restored.ShouldBeEmpty();
        ((string?)world.Action.ReportOf("acme/Website")["status"]).ShouldBe("planned");
        ((int)world.Action.Report["totals"]!["created"]!).ShouldBe(2);

        world.Inputs["dry-run"] = "false";
        await world.RestoreAsync();
        ShouldBeRestored(world, originals);
        world.Bitbucket.Requests.ShouldBeEmpty();
        var report = world.Action.Report;
        ((string?)report["source"]!["host"], (string?)report["destination"]!["workspace"]).ShouldBe(("folder", RestoreWorld.NewOwner));
        var entry = world.Action.ReportOf("acme/Website");
        ((string?)entry["destination"], (string?)entry["status"], (bool)entry["verified"]!).ShouldBe(("acme-new/Website", "mirrored", true));
        report["warnings"].ShouldBeNull();

        await world.RestoreAsync();
        ((int)world.Action.Report["totals"]!["unchanged"]!).ShouldBe(2);
        world.GitHub.Requests.ShouldNotContain(request => request.IsPush && request.Method == "POST");
        world.GitHub.RestRequests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Killed_at_any_moment_the_next_run_goes_on_also_with_a_newer_bundle()
    {
        await using var world = await RestoreWorld.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var repository = world.GitHub.AddRepository("acme", $"Repo-{i}");
            repository.Description = $"Number {i}";
            repository.Git.FillWithNoise(i == 0 ? 3 << 20 : 50_000, seed: (ulong)i + 1);
            repository.Git.Tag("v1", "refs/heads/main");
        }

        await BackUpAsync(world);
        world.TurnRound();
        var counted = new ProgressEvents(world.Action, 0, () => Task.CompletedTask);
        await world.RestoreAsync();
        var originals = world.GitHub.Repositories.Where(repository => repository.Owner == "acme").ToArray();
        var random = new Random(Seed);
        for (var round = 1; round <= 2; round++)
        {
            foreach (var repository in world.Restored)
                world.GitHub.Remove(repository);
            var moment = random.Next(1, counted.Count * 9 / 10);
            TestContext.Current.SendDiagnosticMessage($"Round {round}: killed at step {moment} of {counted.Count}.");
            await KillAsync(world, moment);
            foreach (var repository in world.Restored)
                repository.Git.Fsck();

            // The source lives on, and another run has backed it up meanwhile. What is finished is somebody's workplace, and stays as it is.
            foreach (var repository in originals.Where(original => !IsFinished(world, original)))
                repository.Git.Commit("more", $"{round}\n");
            await BackUpAsync(world);
            world.TurnRound();
            await world.RestoreAsync();
            foreach (var original in originals)
                world.ShouldBeRestored(original);
        }
    }

    [Fact]
    public async Task Damaged_chain_fails_by_name_with_what_is_left_and_the_others_come_back()
    {
        await using var world = await RestoreWorld.StartAsync();
        foreach (var name in (string[])["Broken", "NoManifest", "Whole"])
            world.GitHub.AddRepository("acme", name).Git.Commit("a", "1\n");
        await BackUpAsync(world);
        foreach (var repository in world.GitHub.Repositories)
            repository.Git.Commit("a", "2\n");
        await BackUpAsync(world);
        var files = Manifest(world, "Broken").Files.Select(entry => entry.File).ToArray();
        var last = Path.Combine(Folder(world, "Broken"), files[1]);
        var bytes = await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken);
        bytes[^30] ^= 1;
        await File.WriteAllBytesAsync(last, bytes, TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(Folder(world, "NoManifest"), RepositoryFolder.ManifestName));
        var originals = Lose(world);

        await world.RestoreAsync(exitCode: 1);

        ShouldBeRestored(world, [.. originals.Where(original => original.Name == "Whole")]);
        var error = world.Action.ReportOf("acme/Broken")["error"]!;
        ((string?)error["code"]).ShouldBe("damaged-backup");
        ((string?)error["message"])
            .ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                message => message.ShouldContain($"acme/Broken/{files[1]}: its SHA-256 is"),
                message => message.ShouldContain($"The chain is whole up to {files[0]}")
            );
        ((string?)world.Action.ReportOf("acme/NoManifest")["error"]!["message"]).ShouldNotBeNull().ShouldContain("manifest.json can't be used");

        world.Inputs["backup-dir"] = "elsewhere";
        (await world.RestoreAsync(exitCode: 3)).Text.ShouldContain("nothing could be restored");
    }

    [Fact]
    public async Task Chain_that_is_too_large_for_one_push_goes_in_parts()
    {
        const int Limit = 600 << 10;
        await using var world = await RestoreWorld.StartAsync();
        var git = world.GitHub.AddRepository("acme", "Large").Git;
        Grow(git, 20);
        await BackUpAsync(world);
        Grow(git, 10);
        await BackUpAsync(world);
        var originals = Lose(world);
        world.Inputs["push-limit"] = "600KiB";

        await world.RestoreAsync();

        ShouldBeRestored(world, originals);
        var pushes = world.GitHub.GitRequests.Where(request => request.IsPush && request.Method == "POST").ToArray();
        pushes.Length.ShouldBeGreaterThan(4);
        pushes.ShouldAllBe(push => push.RequestBytes <= Limit + 10_000);
    }

    [Fact]
    public async Task Work_of_others_is_not_overwritten_and_what_was_private_stays_so()
    {
        await using var world = await RestoreWorld.StartAsync();
        foreach (var name in (string[])["Taken", "Shown"])
        {
            var repository = world.GitHub.AddRepository("acme", name);
            repository.Private = true;
            repository.Git.Commit("a", "1\n");
        }

        await BackUpAsync(world);
        Lose(world);
        world.GitHub.AddRepository(RestoreWorld.NewOwner, "Taken").Private = true;
        var work = world.Find("Taken").Git.Commit("mine", "work\n");
        world.GitHub.AddRepository(RestoreWorld.NewOwner, "Shown").Private = false;

        await world.RestoreAsync(exitCode: 1);

        ((string?)world.Action.ReportOf("acme/Taken")["error"]!["code"]).ShouldBe("not-a-mirror");
        ((string?)world.Action.ReportOf("acme/Shown")["error"]!["code"]).ShouldBe("destination-forbidden");
        world.Find("Shown").Git.ForEachRef().ShouldBeEmpty();
        world.Find("Taken").Git.BranchesAndTags().Values.ShouldBe([work]);

        (world.Inputs["adopt"], world.Inputs["repositories"]) = ("true", "Taken");
        await world.RestoreAsync();
        world.Find("Taken").Git.ForEachRef("refs/tags/mirror-kept/").Values.ShouldBe([work]);
    }

    [Fact]
    public async Task Backup_of_mirrors_comes_back_under_the_names_of_the_originals_at_another_host()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        var original = world.GitHub.Repositories.Single();
        await BackUpAsync(world, "destination");
        await using var gitea = await SandboxGitea.StartAsync();
        gitea.AddOrganization("acme-new");
        world.Inputs.Clear();
        foreach (
            var (name, value) in new[]
            {
                ("mode", "restore"),
                ("from", "backup"),
                ("backup-dir", "bundles"),
                ("source", "gitea"),
                ("source-url", gitea.WebUrl.AbsoluteUri.TrimEnd('/')),
                ("source-owner", "acme-new"),
                ("source-token", gitea.Token),
            }
        )
            world.Inputs[name] = value;

        await world.RestoreAsync();

        var restored = gitea.Find("acme-new", "Website").ShouldNotBeNull();
        restored.Git.BranchesAndTags().ShouldBe(original.Git.BranchesAndTags());
        ((string?)world.Action.ReportOf("acme-mirror/website")["destination"]).ShouldBe("acme-new/website"); // Gitea keeps names in lower case here, as every destination.
        ((string?)world.Action.Report["warnings"]![0]).ShouldNotBeNull().ShouldContain("without their descriptions");
    }

    private static bool IsFinished(RestoreWorld world, SandboxGitHubRepository original) =>
        world.GitHub.Find(RestoreWorld.NewOwner, original.Name)?.Description == original.Description;

    private static string Folder(RestoreWorld world, string name) => Path.Combine(world.Action.Workspace, "bundles", "acme", name);

    private static BackupManifest Manifest(RestoreWorld world, string name) => RepositoryFolder.ReadManifest(Folder(world, name))!;

    private static async Task BackUpAsync(RestoreWorld world, string from = "source")
    {
        (world.Inputs["mode"], world.Inputs["github-owner"], world.Inputs["backup-dir"], world.Inputs["from"]) = ("backup", "acme", "bundles", from);
        var outcome = await world.Action.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.Inputs["from"] = "backup";
    }

    private static void Grow(GitRepository git, int commits)
    {
        using var import = git.Import();
        if (git.Resolve("main") is { } tip)
            import.Reset("refs/heads/main", tip);
        for (var i = 0; i < commits; i++)
            import.CommitRandom("main", $"file-{i}", 100_000, seed: (ulong)(commits + i));
        import.Complete();
    }

    /// <summary>
    /// Both hosts lose everything, and nothing is said of the mirrors' host any more. What the repositories were comes back with every restore.
    /// </summary>
    private static Original[] Lose(RestoreWorld world)
    {
        Original[] originals =
        [
            .. world.GitHub.Repositories.Select(repository => new Original(
                repository.Name,
                repository.Description ?? "",
                repository.DefaultBranch,
                RestoreWorld.Refs(repository)
            )),
        ];
        foreach (var repository in world.GitHub.Repositories.ToArray())
            world.GitHub.Remove(repository);
        foreach (var input in world.Inputs.Keys.Where(name => name.StartsWith("bitbucket-", StringComparison.Ordinal)).ToArray())
            world.Inputs.Remove(input);
        world.TurnRound();
        return originals;
    }

    private static void ShouldBeRestored(RestoreWorld world, IReadOnlyCollection<Original> originals)
    {
        world.Restored.Select(repository => repository.Name).ShouldBe(originals.Select(original => original.Name), ignoreOrder: true);
        foreach (var (name, description, defaultBranch, refs) in originals)
        {
            var restored = world.Find(name);
            (restored.Description ?? "", restored.DefaultBranch, restored.Private).ShouldBe((description, defaultBranch, true), name);
            RestoreWorld.Refs(restored).ShouldBe(refs, name);
            restored.Git.Fsck();
        }
    }

    private static async Task KillAsync(RestoreWorld world, int moment)
    {
        var started = new TaskCompletionSource<ActionProcess>();
        var events = new ProgressEvents(
            world.Action,
            moment,
            async () =>
            {
                using var victim = Process.GetProcessById((await started.Task).Id);
                victim.Kill();
            }
        );
        using (var process = world.Action.Start())
        {
            started.SetResult(process);
            var outcome = await process.WaitAsync();
            outcome.ExitCode.ShouldBe(137, outcome.Text);
        }

        await events.IdleAsync();
        world.GitHub.Intercept = world.Bitbucket.Intercept = null;
    }

    private sealed record Original(string Name, string Description, string DefaultBranch, string[] Refs);
}
