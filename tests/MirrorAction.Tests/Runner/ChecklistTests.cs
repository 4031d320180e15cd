using MirrorAction.Hosts;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

/// <summary>How the program tells what doctor found, and which exit code that is.</summary>
public sealed class ChecklistTests
{
    private static readonly Diagnostic s_ok = new(DiagnosticLevel.Ok, "GitHub access", "It answers.");
    private static readonly Diagnostic s_warning = new(DiagnosticLevel.Warning, "GitHub requests", "Few are left.", "Wait.");
    private static readonly Diagnostic s_problem = new(DiagnosticLevel.Problem, "Bitbucket token", "It is dead.", "Make another.");

    [Theory]
    [InlineData("any", true, 1)]
    [InlineData("never", true, 1)]
    [InlineData("any", false, 0)]
    public async Task Problems_decide_on_the_exit_code_whatever_fail_on_says(string failOn, bool hasProblem, int exitCode)
    {
        using var program = Program(hasProblem ? [s_ok, s_warning, s_problem] : [s_ok, s_warning]);
        program.Environment["INPUT_FAIL-ON"] = failOn;

        (await program.RunAsync("doctor")).ShouldBe(exitCode, program.Output);
    }

    [Fact]
    public async Task At_a_desk_every_finding_is_told_once()
    {
        using var program = Program([s_ok, s_warning, s_problem]);

        await program.RunAsync("doctor");

        program.Output.ShouldContain(
            "GitHub\n  ok           access: It answers.\n  warning      requests: Few are left.\n               Wait.\n"
                + "Bitbucket\n  problem      token: It is dead.\n               Make another.\n"
        );
        program.Output.Split("It is dead.").Length.ShouldBe(2, program.Output);
    }

    [Fact]
    public async Task What_was_not_checked_is_neither_well_nor_a_warning()
    {
        using var program = Program([s_ok, new(DiagnosticLevel.NotChecked, "Bitbucket push", "Not tried: there is no mirror yet.")]).OnActions();

        (await program.RunAsync("doctor")).ShouldBe(0);

        program.Output.ShouldContain("  not checked  push: Not tried");
        program.Output.ShouldContain(" ok, 2 not checked, 0 warnings, 0 problems"); // There is no workflow either.
        program.Output.ShouldNotContain("::warning");
        var summary = File.ReadAllText(program.SummaryFile);
        summary.ShouldContain("ready, as far as it was checked");
        summary.ShouldContain("### Not checked (2)");
        File.ReadAllText(program.ReportFile).ShouldContain("\"not-checked\"");
    }

    [Theory]
    [InlineData("warning", "error: Bitbucket token: It is dead.\n       Make another.\nwarning: GitHub requests: Few are left.\n         Wait.\n")]
    [InlineData("error", "error: Bitbucket token: It is dead.\n       Make another.\n")]
    public async Task Quiet_log_still_tells_what_is_wrong(string level, string output)
    {
        using var program = Program([s_ok, s_warning, s_problem]);

        await program.RunAsync("doctor", "--log-level", level);

        program.Output.ShouldBe(output);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(330, 10)]
    [InlineData(3, 3)]
    public void Checks_take_ten_minutes_at_most(int timeout, int minutes) =>
        DoctorRun
            .PatienceOf(new MirrorOptions { Owners = ["acme"], Timeout = timeout == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(timeout) })
            .ShouldBe(TimeSpan.FromMinutes(minutes));

    private static ProgramHarness Program(IReadOnlyList<Diagnostic> findings) =>
        new() { Mirror = (_, _, _) => Task.FromResult<RunReport>(Sample.Run() with { Mode = "doctor", Findings = findings }) };
}
