using System.Text;
using System.Text.Json;
using MirrorAction.Hosting;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class ProgramOutputTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Run_goes_on_without_standard_output_and_report_and_standard_error_say_so(int lines)
    {
        using var program = new ProgramHarness { Screen = new FullDisk(lines), Mirror = Work }.OnActions();

        (await program.RunAsync()).ShouldBe(0);

        program.Errors.Split('\n')[0].ShouldContain("No space left on device");
        program.Errors.ShouldContain("Report: mirror-report/report.json");
        var report = JsonDocument.Parse(File.ReadAllText(program.ReportFile)).RootElement;
        report.GetProperty("result").GetString().ShouldBe("success");
        report.GetProperty("warnings").EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldContain("No space left on device");
        File.ReadAllText(program.SummaryFile).ShouldContain("The log of this run is not complete");
        File.ReadAllText(program.OutputFile).ShouldContain("success");
    }

    [Fact]
    public async Task Live_line_of_a_terminal_that_is_gone_ends_no_run()
    {
        using var program = new ProgramHarness
        {
            Screen = new FullDisk(0),
            IsTerminal = true,
            Mirror = Work,
        };
        program.Environment["TERM"] = "xterm";

        (await program.RunAsync()).ShouldBe(0);

        File.Exists(program.ReportFile).ShouldBeTrue();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task What_could_not_be_answered_is_no_success(string option)
    {
        using var program = new ProgramHarness { Screen = new FullDisk(0) };

        (await program.RunAsync(option)).ShouldBe(3);

        program.Errors.ShouldContain("mirror-action");
    }

    [Fact]
    public async Task Problems_of_the_configuration_are_told_on_standard_error_then()
    {
        using var program = new ProgramHarness { Screen = new FullDisk(0) };

        (await program.RunAsync("--prune", "perhaps")).ShouldBe(2);

        program.Errors.ShouldContain("prune");
    }

    [Fact]
    public void Nothing_is_thrown_when_standard_error_is_gone_too()
    {
        using var output = new ProgramOutput(() => throw new InvalidOperationException("no handle"), () => new FullDisk(0));

        output.WriteLine("a");
        output.Write('b');
        output.Write("c");
        output.Flush();

        output.Failure.ShouldBe("no handle");
    }

    [Fact]
    public async Task Secret_is_hidden_on_standard_error_too()
    {
        using var program = new ProgramHarness
        {
            Screen = new FullDisk(0),
            Mirror = (_, observer, _) =>
            {
                observer.Log(new(MirrorAction.Mirroring.Runs.MessageLevel.Warning, "It said ghp_source."));
                return Task.FromResult(Sample.Run());
            },
        };

        await program.RunAsync();

        program.Errors.ShouldContain("It said ***.");
        program.Errors.ShouldNotContain("ghp_source");
    }

    private static Task<RunReport> Work(
        MirrorAction.Inputs.RunSettings settings,
        MirrorAction.Mirroring.Runs.IRunObserver observer,
        CancellationToken cancellationToken
    )
    {
        observer.Selected(2, 0, null);
        observer.Started("acme/a");
        observer.Transferred("acme/a", 1 << 20);
        observer.Finished(1, 2, Sample.Mirrored("a"), [new(MirrorAction.Mirroring.Runs.MessageLevel.Info, "details")]);
        observer.Started("acme/b");
        observer.Finished(2, 2, Sample.Repository("b"), []);
        return Task.FromResult(Sample.Run(Sample.Mirrored("a"), Sample.Repository("b")));
    }

    /// <summary>A disk that has room for some lines.</summary>
    private sealed class FullDisk(int lines) : TextWriter
    {
        private int _left = lines;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Fill();

        public override void Write(string? value) => Fill();

        public override void WriteLine(string? value) => Fill();

        private void Fill()
        {
            if (_left-- <= 0)
            {
                throw new IOException("No space left on device.");
            }
        }
    }
}
