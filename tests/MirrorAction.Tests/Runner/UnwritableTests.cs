using System.Text.Json;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

/// <summary>A report, a summary or an output file that can't be written.</summary>
public sealed class UnwritableTests
{
    [Theory]
    [InlineData("mirror")]
    [InlineData("plan")]
    [InlineData("verify")]
    [InlineData("restore")]
    [InlineData("restore", "--drill")]
    [InlineData("backup")]
    [InlineData("backup", "--check")]
    [InlineData("doctor")]
    public async Task Report_that_can_t_be_written_fails_the_run_and_all_else_says_so(params string[] arguments)
    {
        using var program = new ProgramHarness
        {
            Mirror = (settings, _, _) =>
                Task.FromResult(Sample.Run(Sample.Repository("docs")) with { Mode = settings.ModeName, Variant = settings.Variant }),
        }.OnActions();
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report"), "a file is in the way");

        (await program.RunAsync([.. arguments, "--fail-on", "never"])).ShouldBe(1, program.Output);

        var folder = Path.Combine(program.Folder, "mirror-report");
        program
            .Output.Split('\n')
            .Count(line => line.StartsWith($"::error::report.json could not be written to {folder}", StringComparison.Ordinal))
            .ShouldBe(1);
        File.ReadAllText(program.SummaryFile).ShouldContain("report.json could not be written to");
        File.ReadAllText(program.SummaryFile).ShouldNotContain("✅");
        Output(program, "result").ShouldBe("failure");
        Output(program, "report").ShouldBe("");
    }

    [Fact]
    public async Task Folder_in_the_place_of_the_report_fails_the_run()
    {
        using var program = new ProgramHarness { Mirror = (_, _, _) => Task.FromResult(Sample.Run(Sample.Repository("docs"))) }.OnActions();
        Directory.CreateDirectory(program.ReportFile);

        (await program.RunAsync()).ShouldBe(1);

        Directory.GetFiles(Path.GetDirectoryName(program.ReportFile)!, "report.json*").ShouldBeEmpty("nothing unfinished is left");
    }

    [Theory]
    [InlineData("history.jsonl")]
    [InlineData("badge.json")]
    [InlineData("metrics.prom")]
    [InlineData("report.html")]
    public async Task File_beside_the_report_that_can_t_be_written_is_a_warning(string name)
    {
        using var program = new ProgramHarness { Mirror = (_, _, _) => Task.FromResult(Sample.Run(Sample.Repository("docs"))) }.OnActions();
        Directory.CreateDirectory(Path.Combine(program.Folder, "mirror-report", name));

        (await program.RunAsync()).ShouldBe(0);

        program
            .Output.Split('\n')
            .ShouldContain(line => line.StartsWith("::warning::Could not write ", StringComparison.Ordinal) && line.Contains(name));
        Output(program, "report").ShouldBe("mirror-report/report.json");
    }

    [Fact]
    public async Task Damaged_history_is_told_and_goes_on()
    {
        using var program = new ProgramHarness { Mirror = (_, _, _) => Task.FromResult(Sample.Run(Sample.Repository("docs"))) }.OnActions();
        var history = Path.Combine(Directory.CreateDirectory(Path.Combine(program.Folder, "mirror-report")).FullName, "history.jsonl");
        File.WriteAllText(history, "nonsense\n");

        (await program.RunAsync()).ShouldBe(0);

        program.Output.ShouldContain($"::warning::{history}: 1 line was damaged, and left out.");
        File.ReadAllLines(history).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Worse_exit_codes_stay()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, _, _) => Task.FromResult(Sample.Run() with { Error = new(ErrorCode.Network, "away", null) }),
        }.OnActions();
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report"), "");

        (await program.RunAsync()).ShouldBe(3);
    }

    [Theory]
    [InlineData("GITHUB_STEP_SUMMARY", "summary")]
    [InlineData("GITHUB_OUTPUT", "outputs")]
    public async Task Summary_or_outputs_that_can_t_be_written_are_a_warning_and_the_exit_code_stays(string variable, string name)
    {
        using var program = new ProgramHarness().OnActions();
        foreach (var place in new[] { "/dev/full", program.Folder, Path.Combine(program.Folder, "no", "such", "folder") })
        {
            program.Environment[variable] = place;
            Directory.CreateDirectory(Path.GetDirectoryName(program.ReportFile)!);
            File.Delete(program.ReportFile);

            (await program.RunAsync()).ShouldBe(0, place);

            File.Exists(program.ReportFile).ShouldBeTrue();
        }

        program
            .Output.Split('\n')
            .Count(line => line.StartsWith($"::warning::Could not write the step's {name}", StringComparison.Ordinal))
            .ShouldBe(3);
    }

    [Fact]
    public async Task Report_that_can_t_be_moved_out_of_the_joined_one_s_way_is_not_overwritten()
    {
        using var program = new ProgramHarness();
        program.Environment.Clear();
        program.OnActions().Environment["INPUT_MODE"] = "report";
        var shard = Sample.Run(Sample.Repository("docs")) with { Shard = "1/1" };
        ReportJson.Write(shard, Path.GetDirectoryName(program.ReportFile)!);
        File.WriteAllText(Path.Combine(program.Folder, "mirror-report", "shard-1-of-1-20261121T020000Z"), "a file is in the way");

        (await program.RunAsync()).ShouldBe(1);

        JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement.GetProperty("shard").GetString().ShouldBe("1/1");
        File.ReadAllText(program.SummaryFile).ShouldContain("1 of 1 repository is safe");
        Output(program, "result").ShouldBe("failure");
    }

    [Fact]
    public async Task Engine_that_breaks_leaves_a_report_of_what_was_done()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, observer, _) =>
            {
                observer.Selected(4, 0, null);
                observer.Started("acme/a");
                observer.Started("acme/b");
                observer.Finished(1, 4, Sample.Mirrored("a"), []);
                throw new InvalidOperationException("unforeseen");
            },
        }.OnActions();

        (await program.RunAsync("--fail-on", "never")).ShouldBe(3);

        var report = JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement;
        report.GetProperty("repositories").EnumerateArray().Select(r => r.GetProperty("status").GetString()).ShouldBe(["mirrored", "failed"]);
        report.GetProperty("totals").GetProperty("skipped").GetInt32().ShouldBe(2);
        report.GetProperty("error").GetProperty("code").GetString().ShouldBe("internal");
        report.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("unforeseen (InvalidOperationException)");
        Output(program, "result").ShouldBe("failure");
    }

    private static string Output(ProgramHarness program, string name)
    {
        var lines = File.ReadAllText(program.OutputFile).Split('\n');
        return lines[Array.FindIndex(lines, line => line.StartsWith(name + "<<", StringComparison.Ordinal)) + 1];
    }
}
