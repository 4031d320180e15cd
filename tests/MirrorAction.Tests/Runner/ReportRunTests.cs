using System.Text.Json.Nodes;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class ReportRunTests
{
    [Fact]
    public async Task Action_joins_what_is_below_its_report_folder_without_any_credential()
    {
        using var program = Actions();
        Write(program, "mirror-report/mirror-report-0", Shard("1/2", Sample.Mirrored("Website"), Sample.Failed("secret-plans")));
        Write(program, "mirror-report/mirror-report-1", Shard("2/2", Sample.Repository("docs"), Sample.Skipped("empty")));
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report", "package.json"), "{}");

        (await program.RunAsync()).ShouldBe(1);

        Snapshot.Match(File.ReadAllText(program.SummaryFile), "joined");
        var joined = JsonNode.Parse(File.ReadAllText(program.ReportFile))!;
        joined["totals"]!["repositories"]!.GetValue<int>().ShouldBe(4);
        joined["shards"]!
            .AsArray()
            .Select(shard => (string?)shard!["report"])
            .ShouldBe(["mirror-report-0/report.json", "mirror-report-1/report.json"]);
        File.ReadAllText(program.OutputFile).ShouldContain("\npartial\n");
        File.ReadAllText(program.OutputFile).ShouldContain("\nmirror-report/report.json\n");
        program.Output.ShouldContain("acme/secret-plans failed: Bitbucket refused the push.");
    }

    [Fact]
    public async Task Shards_leave_one_line_of_history_together()
    {
        using var program = Actions();
        var history = Path.Combine(program.Folder, "kept", "runs.jsonl");
        program.Environment["INPUT_HISTORY"] = "kept/runs.jsonl";
        Write(program, "mirror-report/0", Shard("1/2", Sample.Repository("docs")));
        Write(program, "mirror-report/1", Shard("2/2", Sample.Repository("api")));

        (await program.RunAsync()).ShouldBe(0);

        var line = File.ReadAllLines(history).ShouldHaveSingleItem();
        JsonNode.Parse(line)!["safe"]!.GetValue<int>().ShouldBe(2);
        File.ReadAllText(Path.Combine(program.Folder, "mirror-report", "badge.json")).ShouldContain("2/2 safe at Bitbucket");
    }

    [Fact]
    public async Task Joined_report_is_not_read_as_one_of_a_shard()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/1", Sample.Repository("docs")));

        (await program.RunAsync()).ShouldBe(0);
        var first = JsonNode.Parse(File.ReadAllText(program.ReportFile))!["totals"]!.ToJsonString();
        (await program.RunAsync("--log-level", "debug")).ShouldBe(0);

        JsonNode.Parse(File.ReadAllText(program.ReportFile))!["totals"]!.ToJsonString().ShouldBe(first);
        program.Output.ShouldContain("report.json is a joined report; left out.");
    }

    [Fact]
    public async Task Report_that_lies_where_the_joined_one_will_be_is_moved_aside()
    {
        using var program = Actions();
        Write(program, "mirror-report", Shard("2/2", Sample.Repository("docs")));

        (await program.RunAsync()).ShouldBe(1);
        (await program.RunAsync()).ShouldBe(1);

        var joined = JsonNode.Parse(File.ReadAllText(program.ReportFile))!;
        joined["shards"]![1]!["report"]!.GetValue<string>().ShouldBe("shard-2-of-2-20261121T020000Z/report.json");
        joined["totals"]!["repositories"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Folder_is_named_at_a_desk()
    {
        using var program = new ProgramHarness();
        program.Environment.Clear();
        Write(program, "downloads/a", Shard("1/1", Sample.Repository("docs")));

        (await program.RunAsync("report", "downloads", "--report-dir", "all")).ShouldBe(0, program.Output);

        File.Exists(Path.Combine(program.Folder, "all", "report.json")).ShouldBeTrue();
        program.Output.ShouldContain("Report: all/report.json");
    }

    [Fact]
    public async Task No_report_at_all_says_what_was_looked_for_and_what_to_do()
    {
        using var program = Actions();

        (await program.RunAsync()).ShouldBe(3);

        program.Output.ShouldContain($"There is no report of a shard below {Path.Combine(program.Folder, "mirror-report")}: looked for *.json files");
        program.Output.ShouldContain("download the artifacts of the matrix job into this folder first");
        File.Exists(program.ReportFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Damaged_report_is_named_and_the_others_are_joined_all_the_same()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/2", Sample.Repository("docs")));
        Write(program, "mirror-report/1", Shard("2/2", Sample.Repository("api")));
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report", "1", "report.json"), "{ \"schemaVersion\": 1, ");

        (await program.RunAsync("--fail-on", "never")).ShouldBe(1);

        program.Output.ShouldContain("1/report.json is no whole report of mirror-action");
        program.Output.ShouldContain("Shard 2/2 gave no report");
        JsonNode.Parse(File.ReadAllText(program.ReportFile))!["totals"]!["repositories"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Reports_of_two_runs_are_a_wrong_configuration_and_stay_as_they_are()
    {
        using var program = Actions();
        Write(program, "mirror-report", Shard("1/2", Sample.Repository("docs")));
        Write(program, "mirror-report/1", Shard("2/2", Sample.Repository("api")) with { Source = new("github", ["elsewhere"]) });

        (await program.RunAsync()).ShouldBe(2);

        program.Output.ShouldContain("about acme at github");
        JsonNode.Parse(File.ReadAllText(program.ReportFile))!["shard"]!.GetValue<string>().ShouldBe("1/2");
    }

    [Theory]
    [InlineData("any", 1)]
    [InlineData("all", 0)]
    [InlineData("never", 0)]
    public async Task Failed_repositories_fail_the_step_as_in_a_run(string failOn, int exitCode)
    {
        using var program = Actions();
        program.Environment["INPUT_FAIL-ON"] = failOn;
        Write(program, "mirror-report/0", Shard("1/2", Sample.Failed("docs")));
        Write(program, "mirror-report/1", Shard("2/2", Sample.Repository("api")));

        (await program.RunAsync()).ShouldBe(exitCode);
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public async Task Text_of_a_report_starts_no_command_and_no_markup(string text)
    {
        using var program = Actions();
        Write(
            program,
            "mirror-report/0",
            Shard("1/2", Sample.Failed(text, text, text)) with
            {
                Warnings = [text],
                Orphans = [text],
                Version = text,
                Error = new(ErrorCode.Network, text, text),
                Source = new(text, [text]),
                Destination = new("bitbucket", text),
            }
        );

        await program.RunAsync();

        program
            .Output.Split('\n')
            .Where(line => line.StartsWith("::", StringComparison.Ordinal))
            .ShouldAllBe(line => line.StartsWith("::error", StringComparison.Ordinal) || line.StartsWith("::add-mask::", StringComparison.Ordinal));
        program.Output.ShouldNotContain("\n::error::pwned");
        File.ReadAllText(program.SummaryFile).ShouldNotContain("<script", Case.Insensitive);
    }

    [Fact]
    public async Task Names_of_files_start_no_command()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/2", Sample.Repository("docs")));
        const string harm = "a\n::error::pwned\n##[error]pwned";
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report", harm + ".json"), "{ \"schemaVersion\": 9, \"totals\": 1 }");
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report", harm + "2.json"), "[]");

        (await program.RunAsync("--log-level", "debug")).ShouldBe(1);
        Write(program, "mirror-report/" + harm, Shard("2/3", Sample.Repository("docs")));
        (await program.RunAsync("--log-level", "debug")).ShouldBe(2);

        program
            .Output.Split('\n')
            .Select(line => line.TrimStart())
            .ShouldNotContain(line => line.StartsWith("::error::pwned", StringComparison.Ordinal) || line.Contains("##["));
    }

    [Fact]
    public async Task Links_are_not_followed()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/1", Sample.Repository("docs")));
        Write(program, "elsewhere", Shard("1/1", Sample.Failed("api")));
        File.CreateSymbolicLink(Path.Combine(program.Folder, "mirror-report", "link.json"), Path.Combine(program.Folder, "elsewhere", "report.json"));
        Directory.CreateSymbolicLink(Path.Combine(program.Folder, "mirror-report", "folder"), Path.Combine(program.Folder, "elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(program.Folder, "mirror-report", "loop"), Path.Combine(program.Folder, "mirror-report"));

        (await program.RunAsync()).ShouldBe(0);

        JsonNode.Parse(File.ReadAllText(program.ReportFile))!["totals"]!["repositories"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Pipe_and_empty_file_are_named_and_hold_nobody_up()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/1", Sample.Repository("docs")));
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report", "empty.json"), "");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(program.Folder, "mirror-report", "pipe.json")]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (await program.RunAsync()).ShouldBe(1);

        program.Output.ShouldContain("empty.json is empty");
        program.Output.ShouldContain("pipe.json is empty, or a pipe");
        JsonNode.Parse(File.ReadAllText(program.ReportFile))!["totals"]!["repositories"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Pipe_in_the_place_of_the_joined_report_makes_room_for_it()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/1", Sample.Repository("docs")));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [program.ReportFile]))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (await program.RunAsync()).ShouldBe(1);

        JsonNode.Parse(File.ReadAllText(program.ReportFile))!["totals"]!["repositories"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task More_files_than_any_matrix_writes_are_not_all_read()
    {
        using var program = Actions();
        var folder = Directory.CreateDirectory(Path.Combine(program.Folder, "mirror-report", "many")).FullName;
        for (var i = 0; i < 10_001; i++)
        {
            File.WriteAllText(Path.Combine(folder, $"{i}.json"), "{}");
        }

        Write(program, "elsewhere", Shard("1/1", Sample.Repository("docs")));

        (await program.RunAsync()).ShouldBe(3);

        program.Output.ShouldContain("There are more than 10000 *.json files below");
    }

    [Fact]
    public async Task Files_that_are_too_large_together_are_named_and_not_read()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/1", Sample.Repository("docs")));
        foreach (var name in new[] { "1.json", "2.json" })
        {
            using var huge = File.Create(Path.Combine(program.Folder, "mirror-report", name));
            huge.Write("[]"u8); // It is told from its first byte.
            huge.SetLength(300L * 1024 * 1024);
        }

        (await program.RunAsync()).ShouldBe(1);

        program.Output.ShouldNotContain("1.json ");
        program.Output.ShouldContain("2.json was not read: with it the files would be more than 512 MiB");
    }

    [Fact]
    public async Task File_that_is_too_large_is_named_and_not_read()
    {
        using var program = Actions();
        Write(program, "mirror-report/0", Shard("1/1", Sample.Repository("docs")));
        using (var huge = File.Create(Path.Combine(program.Folder, "mirror-report", "huge.json")))
        {
            huge.SetLength(3L * 1024 * 1024 * 1024); // A hole: it takes no room.
        }

        (await program.RunAsync()).ShouldBe(1);

        program.Output.ShouldContain("huge.json is too large to be a report: 3 GiB");
    }

    [Fact]
    public async Task Summary_of_as_many_shards_as_there_can_be_is_taken_by_the_runner()
    {
        using var program = Actions();
        var error = new RepositoryError(ErrorCode.Network, new string('<', 5000), new string('*', 5000));
        for (var i = 1; i <= 256; i++)
        {
            Write(
                program,
                $"mirror-report/{i}",
                Shard(
                    $"{i}/256",
                    [.. Enumerable.Range(0, 40).Select(n => Sample.Failed($"{new string('r', 80)}-{i}-{n}", new string('|', 2000)))]
                ) with
                {
                    Error = error,
                }
            );
        }

        (await program.RunAsync()).ShouldBe(1);

        new FileInfo(program.SummaryFile).Length.ShouldBeInRange(600_000, 1024 * 1024);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("mirror")]
    [InlineData("backup")]
    [InlineData("doctor")]
    public async Task Relative_workspace_is_a_wrong_configuration_in_every_mode(string mode)
    {
        using var program = new ProgramHarness().OnActions();
        program.Environment["GITHUB_WORKSPACE"] = "work";

        (await program.RunAsync(mode)).ShouldBe(2);

        program.Output.ShouldContain("GITHUB_WORKSPACE: expected the absolute path");
    }

    [Fact]
    public async Task Wrong_settings_are_told_at_once()
    {
        using var program = Actions();
        program.Environment["INPUT_FAIL-ON"] = "some";
        program.Environment["INPUT_REPORT-DIR"] = "../elsewhere";

        (await program.RunAsync()).ShouldBe(2);

        program.Output.ShouldContain("fail-on (INPUT_FAIL-ON): 'some' is not known");
        program.Output.ShouldContain("report-dir (INPUT_REPORT-DIR): '../elsewhere' leads out of the workspace");
    }

    private static ProgramHarness Actions()
    {
        var program = ProgramHarness.Idle();
        program.Environment.Clear();
        program.OnActions().Environment["INPUT_MODE"] = "report";
        return program;
    }

    private static RunReport Shard(string shard, params RepositoryReport[] repositories) => Sample.Run(repositories) with { Shard = shard };

    private static void Write(ProgramHarness program, string folder, RunReport report) =>
        ReportJson.Write(report, Path.Combine(program.Folder, folder));
}
