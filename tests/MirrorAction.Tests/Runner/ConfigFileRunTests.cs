using MirrorAction.Mirroring.Reporting;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

/// <summary>What the program prints of a configuration file.</summary>
public sealed class ConfigFileRunTests
{
    [Fact]
    public async Task Problems_stand_beside_their_lines_on_actions()
    {
        using var program = new ProgramHarness().OnActions();
        Write(program, "prune: true\nconcurrency: many\n");

        (await program.RunAsync()).ShouldBe(2);

        program.Output.ShouldContain(
            "::error file=.github/mirror.yml,line=2,col=14::.github/mirror.yml:2:14: concurrency: expected a whole number from 1 to 64, not 'many'.");
    }

    [Fact]
    public async Task Problems_are_plain_lines_at_a_desk()
    {
        using var program = new ProgramHarness();
        Write(program, "concurrency: many\n");

        (await program.RunAsync()).ShouldBe(2);

        program.Output.ShouldContain(".github/mirror.yml:1:14: concurrency: expected");
        program.Output.ShouldNotContain("::error");
    }

    [Theory]
    [InlineData("github-token: hunter2hunter2\n", "hunter2hunter2")]
    [InlineData("bitbucket-tokn: 'hunter2hunter2' # mine\n", "hunter2hunter2")]
    [InlineData("exclude: /ghp_0123456789abcdef(/\n", "ghp_0123456789abcdef")]
    [InlineData("ghp_0123456789abcdef: x\n", "ghp_0123456789abcdef")]
    [InlineData("rules:\n  - match: a\n    slug: ghp_0123456789ABCDEF\n", "ghp_0123456789ABCDEF")]
    [InlineData("github-api-url: https://me:hunter2hunter2@github.example\n", "hunter2hunter2")]
    [InlineData("mode: [ghp_0123456789abcdef\n", "ghp_0123456789abcdef")]
    [InlineData("github-app-private-key: |\n  hunter2hunter2\nprune: [x\n", "hunter2hunter2")]
    public async Task Secret_in_the_file_is_shown_nowhere(string yaml, string secret)
    {
        foreach (var program in new[] { new ProgramHarness(), new ProgramHarness().OnActions() })
        {
            using (program)
            {
                Write(program, yaml);

                (await program.RunAsync()).ShouldBe(2);

                program.Output.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)).ShouldAllBe(line => !line.Contains(secret));
            }
        }
    }

    [Fact]
    public async Task Credential_that_a_good_file_names_by_mistake_is_masked_in_the_run()
    {
        using var program = new ProgramHarness { Mirror = (_, _, _) => Task.FromResult(Sample.Run() with { Warnings = ["see ghp_0123456789abcdef"] }) }.OnActions();
        Write(program, "report-dir: ghp_0123456789abcdef\n");

        await program.RunAsync();

        program.Output.ShouldContain("::add-mask::ghp_0123456789abcdef");
        File.ReadAllText(program.SummaryFile).ShouldNotContain("ghp_0123456789abcdef");
    }

    private static void Write(ProgramHarness program, string yaml)
    {
        var folder = Directory.CreateDirectory(Path.Combine(program.Folder, ".github")).FullName;
        File.WriteAllText(Path.Combine(folder, "mirror.yml"), yaml);
    }
}
