using System.Diagnostics;
using System.Text.Json;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Modes;
using MirrorAction.Setup;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

/// <summary>What people at a terminal meet.</summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task Quiet_run_prints_what_is_wrong_and_the_last_line()
    {
        using var program = Program();

        (await program.RunAsync("mirror", "--quiet")).ShouldBe(1);

        var lines = program.Output.TrimEnd().Split('\n');
        lines.Length.ShouldBe(3, program.Output);
        lines[0].ShouldStartWith("error: acme/secret-plans: Bitbucket refused the push.");
        lines[^1].ShouldStartWith("6 repositories: 1 mirrored");
    }

    [Theory]
    [InlineData("mirror", "--json")]
    [InlineData("--json")]
    public async Task Report_is_all_of_standard_output_when_it_is_asked_for(params string[] args)
    {
        using var program = Program();

        (await program.RunAsync(args)).ShouldBe(1);

        JsonDocument.Parse(program.Output).RootElement.GetProperty("totals").GetProperty("failed").GetInt32().ShouldBe(1);
        program.Errors.ShouldContain("error: acme/secret-plans: Bitbucket refused the push.");
        program.Errors.ShouldContain("Report: mirror-report/report.json");
    }

    [Theory]
    [InlineData(true, "", true)]
    [InlineData(true, "MIRROR_BITBUCKET_API_TOKEN", false)]
    [InlineData(true, "INPUT_MODE", false)]
    [InlineData(false, "", false)]
    public async Task Bare_call_in_a_terminal_shows_the_help_where_nothing_is_configured(bool isTerminal, string variable, bool showsHelp)
    {
        using var program = new ProgramHarness { IsTerminal = isTerminal };
        program.Environment.Clear();
        program.Environment["TERM"] = "xterm";
        program.Environment[variable] = "x";

        (await program.RunAsync()).ShouldBe(showsHelp ? 0 : 2);

        program.Output.Contains("Usage:", StringComparison.Ordinal).ShouldBe(showsHelp, program.Output);
    }

    [Fact]
    public void Help_fits_80_columns()
    {
        foreach (
            string[] command in (string[][])
                [
                    [],
                    .. ModeList.All.Select(mode => new[] { mode.Name }),
                ]
        )
        {
            var output = new StringWriter();
            CommandLine.Parse([.. command, "--help"], output);
            output.ToString().Split('\n').Where(line => line.Length > 80).ShouldBeEmpty(string.Join(' ', command));
        }
    }

    [Theory]
    [InlineData("pla", "plan")]
    [InlineData("plan --bitbucket-w", "--bitbucket-workspace")]
    [InlineData("plan --visibility p", "public private")]
    [InlineData("restore --dr", "--dry-run --drill")]
    [InlineData("verify --prune ", "true false")]
    [InlineData("completion --b", "")]
    public async Task Bash_completes_commands_options_and_words(string typed, string expected)
    {
        string[] words = ["mirror-action", .. typed.Split(' ')];
        var script =
            $"{ShellCompletion.Bash()}\nCOMP_WORDS=({string.Join(' ', words.Select(word => $"'{word}'"))})\nCOMP_CWORD={words.Length - 1}\n"
            + "_mirror_action\necho \"${COMPREPLY[@]}\"\n";
        var start = new ProcessStartInfo("bash", ["--norc"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();

        (await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim().ShouldBe(expected);
    }

    [Fact]
    public void Every_shell_knows_every_option()
    {
        foreach (var option in ModeList.All.SelectMany(mode => mode.Inputs).Where(input => !input.IsSecret && input.Name != "mode"))
        {
            ShellCompletion.Bash().ShouldContain(option.Option);
            ShellCompletion.Fish().ShouldContain($" -l {option.Name} ");
        }

        ShellCompletion.Zsh().ShouldStartWith("#compdef mirror-action\n");
    }

    [Theory]
    [InlineData("bassh", "did you mean 'bash'?")]
    [InlineData("powershell", "allowed: bash, zsh, fish")]
    public async Task Unknown_shell_is_told_with_those_that_are_known(string shell, string advice)
    {
        using var program = ProgramHarness.Idle();

        (await program.RunAsync("completion", shell)).ShouldBe(2);

        program.Output.ShouldContain(advice);
    }

    private static ProgramHarness Program() =>
        new()
        {
            Mirror = (_, observer, _) =>
            {
                var report = Sample.Varied();
                observer.Selected(6, 0, null);
                foreach (var (repository, i) in report.Repositories.Select((repository, i) => (repository, i)))
                {
                    observer.Finished(i + 1, 6, repository, []);
                }

                return Task.FromResult(report);
            },
        };
}
