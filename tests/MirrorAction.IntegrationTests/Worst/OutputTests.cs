using System.Diagnostics;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Worst;

/// <summary>A standard output that takes nothing, and places that can't be written to.</summary>
public sealed class OutputTests
{
    [Theory]
    [InlineData("> /dev/full", true)]
    [InlineData(">&-", true)]
    [InlineData("> /dev/full 2>&1", true)]
    [InlineData("> /dev/full 2> /dev/full", true)]
    [InlineData(">&- 2>&-", true)]
    [InlineData("<&- >&- 2>&-", null)]
    [InlineData("| head -1", false)]
    [InlineData("| true", false)]
    public async Task Work_is_done_whatever_becomes_of_standard_output(string redirection, bool? isNoticed)
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        world.GitHub.AddRepository("acme", "docs").Git.Commit("a", "1\n");
        world.Redirection = redirection;

        var outcome = await world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        MirrorComparison.Compare(world.GitHub, "acme", world.Bitbucket, "acme-mirror").ShouldBeEmpty();
        ((string?)world.Report["result"], (int)world.Report["totals"]!["mirrored"]!).ShouldBe(("success", 2));
        world.Summary.ShouldContain("acme/website");
        world.Outputs.ShouldContain("mirrored<<");
        var warnings = world.Report["warnings"]?.ToJsonString() ?? "";
        if (isNoticed is not null)
        {
            warnings.Contains("standard output could not be written", StringComparison.Ordinal).ShouldBe(isNoticed.Value, warnings);
        }
    }

    [Fact]
    public async Task Log_goes_on_at_standard_error()
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        world.Redirection = "> /dev/full";

        var outcome = await world.RunAsync();

        outcome.Errors.ShouldContain("standard output can't be written (No space left on device");
        outcome.Errors.ShouldContain("acme/website");
        var others = outcome.Errors.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal));
        SecretForms.Find(string.Join('\n', others), world.GitHub.FullToken).ShouldBeNull();
    }

    [Fact]
    public async Task Every_mode_does_its_work_without_standard_output()
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        world.GitHub.AddAccount("acme-again");
        world.GitHub.AcceptsWrites = true;
        world.Inputs["github-token"] = world.GitHub.WriteToken;
        string[][] calls =
        [
            ["mirror"],
            ["plan"],
            ["verify"],
            ["verify", "--deep"],
            ["restore", "--drill"],
            ["restore", "--github-owner", "acme-again"],
            ["backup", "--backup-dir", "bundles"],
            ["backup", "--check", "--backup-dir", "bundles"],
            ["doctor"],
        ];
        world.Redirection = "> /dev/full";
        foreach (var call in calls)
        {
            File.Delete(Path.Combine(Directory.CreateDirectory(Path.Combine(world.Workspace, "mirror-report")).FullName, "report.json"));

            var outcome = await world.RunAsync(call);

            outcome.ExitCode.ShouldBe(0, $"{string.Join(' ', call)}: {outcome.Text}");
            ((string?)world.Report["result"]).ShouldBe("success", string.Join(' ', call));
        }

        var source = world.GitHub.Find("acme", "website")!;
        world.GitHub.Find("acme-again", "website")!.Git.BranchesAndTags().ShouldBe(source.Git.BranchesAndTags());
        (await world.RunAsync("report", "mirror-report")).ExitCode.ShouldBe(3, "there is no report of a run, but of doctor");
    }

    [Fact]
    public async Task Sync_does_its_work_without_standard_output()
    {
        await using var server = await GitHttpBackend.StartAsync();
        using var folder = new TempFolder("output-");
        var source = server.Create("one");
        source.Commit("a", "1\n");
        var destination = server.Create("two");
        foreach (var (redirection, file) in new[] { ("> /dev/full", "a"), (">&-", "b"), ("| true", "c") })
        {
            source.Commit(file, "1\n");

            using var process = ActionProcess.Start(
                ["sync", server.UrlOf("one").AbsoluteUri, server.UrlOf("two").AbsoluteUri],
                new Dictionary<string, string>(),
                folder.Path,
                redirection
            );
            var outcome = await process.WaitAsync();

            outcome.ExitCode.ShouldBe(0, outcome.Text);
            destination.BranchesAndTags().ShouldBe(source.BranchesAndTags());
        }
    }

    [Fact]
    public async Task Report_that_can_t_be_written_is_exit_code_1_in_every_mode_and_the_work_is_done()
    {
        await using var world = await ActionWorld.StartAsync();
        var source = world.GitHub.AddRepository("acme", "website");
        world.GitHub.AddAccount("acme-again");
        world.GitHub.AcceptsWrites = true;
        world.Inputs["github-token"] = world.GitHub.WriteToken;
        File.WriteAllText(Path.Combine(world.Workspace, "file"), "");
        Directory.CreateDirectory(Path.Combine(world.Workspace, "folder", "report.json"));
        string[] places = ["file", "/dev/full", "/proc/mirror", "folder"];
        string[][] calls =
        [
            ["mirror"],
            ["plan"],
            ["verify"],
            ["restore", "--drill"],
            ["restore", "--github-owner", "acme-again"],
            ["backup", "--backup-dir", "bundles"],
            ["backup", "--check", "--backup-dir", "bundles"],
            ["doctor"],
        ];
        for (var i = 0; i < calls.Length; i++)
        {
            source.Git.Commit($"file-{i}", "1\n");
            if (calls[i][0] is "verify" or "restore" or "doctor")
            {
                (await world.RunAsync()).ExitCode.ShouldBe(0);
            }

            var outcome = await world.RunAsync([.. calls[i], "--report-dir", places[i % places.Length], "--fail-on", "never"]);

            outcome.ExitCode.ShouldBe(1, $"{string.Join(' ', calls[i])}: {outcome.Text}");
            outcome.Text.ShouldContain("::error::report.json could not be written to");
            world.Summary.ShouldContain("report.json could not be written to");
            world.Outputs.ShouldContain("\nfailure\n");
        }

        File.Exists(Path.Combine(world.Workspace, "bundles", "acme", "website", "manifest.json")).ShouldBeTrue();
        world.GitHub.Find("acme-again", "website").ShouldNotBeNull();
    }

    [Fact]
    public async Task Summary_and_outputs_that_can_t_be_written_are_warnings()
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        var environment = world.Inputs.ToDictionary(i => SandboxInputs.VariableOf(i.Key), i => i.Value);
        environment["GITHUB_ACTIONS"] = "true";
        environment["GITHUB_WORKSPACE"] = world.Workspace;
        environment["GITHUB_STEP_SUMMARY"] = "/dev/full";
        environment["GITHUB_OUTPUT"] = world.Workspace;

        var outcome = await ActionProcess.RunAsync([], environment, world.Workspace);

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        outcome.Text.ShouldContain("::warning::Could not write the step's summary: No space left on device");
        outcome.Text.ShouldContain("::warning::Could not write the step's outputs");
        ((string?)world.Report["result"]).ShouldBe("success");
    }

    [Fact]
    public async Task Folder_of_reports_with_all_that_is_no_report_is_read_within_64_MiB()
    {
        using var folder = new TempFolder("reports-");
        var good = Path.Combine(folder.CreateFolder("shard"), "report.json");
        File.WriteAllText(
            good,
            """
            {"schemaVersion":1,"mode":"mirror","version":"1.0.0","startedAt":"2026-11-21T02:00:00Z","durationMs":1,"source":{"host":"github","owners":["acme"]},
            "destination":{"host":"bitbucket","workspace":"acme-mirror"},"result":"success","totals":{"repositories":0},"repositories":[],"shard":"1/1"}
            """
        );
        using (var large = new StreamWriter(folder["large.json"]))
        {
            large.Write("{\"dependencies\":[");
            for (var i = 0; i < 2_200_000; i++)
            {
                large.Write("{\"name\":\"left-pad\",\"version\":\"1.3.0\",\"deep\":[[[]]]},");
            }

            large.Write("null]}");
        }

        using (var mkfifo = Process.Start("mkfifo", [folder["pipe.json"]]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.CreateSymbolicLink(folder["zero.json"], "/dev/zero");
        Directory.CreateSymbolicLink(folder["loop"], folder.Path);
        for (var i = 0; i < 5_000; i++)
        {
            File.WriteAllText(folder[FormattableString.Invariant($"{i}.json")], "[]");
        }

        var outcome = await ActionProcess.RunAsync(
            ["report", folder.Path, "--report-dir", "joined"],
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "4000000" },
            folder.Path
        );

        new FileInfo(folder["large.json"]).Length.ShouldBeGreaterThan(100L << 20);
        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Text.ShouldContain("pipe.json is empty, or a pipe");
        outcome.Text.ShouldContain("Joined 1 report");
        File.Exists(folder[Path.Combine("joined", "report.json")]).ShouldBeTrue();
    }

    [Fact]
    public async Task Doctor_outlives_every_workflow_file_that_a_checkout_can_hold()
    {
        await using var world = await ActionWorld.StartAsync();
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        (await world.RunAsync()).ExitCode.ShouldBe(0);
        var folder = Directory.CreateDirectory(Path.Combine(world.Workspace, ".github", "workflows")).FullName;
        (string Name, string Text)[] files =
        [
            ("alias-key.yml", "? &a [*a]\n: 1\n"),
            ("broken.yml", "on: [push\n"),
            ("deep.yml", new string('[', 300_000)),
            ("selfish.yml", "on: &a { schedule: *a }\njobs: &b { b: *b }\n"),
            ("unknown.yml", "a: *b\n"),
            (
                "mirror.yml",
                "on: { schedule: [{ cron: '0 1 * * *' }] }\nconcurrency: m\njobs: { m: { steps: [{ uses: x, with: { bitbucket-workspace: y } }] } }\n"
            ),
        ];
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        File.WriteAllBytes(Path.Combine(folder, "latin.yml"), [0x6f, 0x6e, 0x3a, 0x20, 0xe9]);
        File.CreateSymbolicLink(Path.Combine(folder, "zero.yml"), "/dev/zero");
        using (var mkfifo = Process.Start("mkfifo", [Path.Combine(folder, "pipe.yml")]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var outcome = await world.RunAsync("doctor");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var findings = world.Report["findings"]!
            .AsArray()
            .Where(f => ((string)f!["check"]!).StartsWith("Workflow", StringComparison.Ordinal))
            .Select(f => (string)f!["message"]!)
            .ToArray();
        findings
            .Where(message => message.Contains("can't be read", StringComparison.Ordinal))
            .Select(message => message.Split(' ')[0])
            .ShouldBe(["broken.yml", "deep.yml", "latin.yml", "unknown.yml"]);
        findings.ShouldContain(message => message.StartsWith("mirror.yml is due at the full hour", StringComparison.Ordinal));
    }
}
