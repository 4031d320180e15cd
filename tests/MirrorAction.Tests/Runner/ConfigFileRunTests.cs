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
            "::error file=.github/mirror.yml,line=2,col=14::.github/mirror.yml:2:14: concurrency: expected a whole number from 1 to 64, not 'many'."
        );
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

                program
                    .Output.Split('\n')
                    .Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal))
                    .ShouldAllBe(line => !line.Contains(secret));
            }
        }
    }

    [Fact]
    public async Task Credential_that_a_good_file_names_by_mistake_is_masked_in_the_run()
    {
        using var program = new ProgramHarness
        {
            Mirror = (_, _, _) => Task.FromResult(Sample.Run() with { Warnings = ["see ghp_0123456789abcdef"] }),
        }.OnActions();
        Write(program, "report-dir: ghp_0123456789abcdef\n");

        await program.RunAsync();

        program.Output.ShouldContain("::add-mask::ghp_0123456789abcdef");
        File.ReadAllText(program.SummaryFile).ShouldNotContain("ghp_0123456789abcdef");
    }

    [Theory]
    [InlineData("github-api-url", "https://ghe.acme.example/api/v3")]
    [InlineData("github-server-url", "https://ghe.acme.example")]
    [InlineData("bitbucket-api-url", "https://bitbucket.acme.example/2.0")]
    [InlineData("bitbucket-git-url", "https://bitbucket.acme.example")]
    public async Task Address_that_the_file_gives_is_told_before_a_credential_goes_there(string input, string url)
    {
        var toldBefore = "";
        using var program = new ProgramHarness().OnActions();
        program.Environment["GITHUB_API_URL"] = "https://api.github.com";
        program.Environment["GITHUB_SERVER_URL"] = "https://github.com";
        program.Mirror = (_, _, _) =>
        {
            toldBefore = program.Output;
            return Task.FromResult(Sample.Run());
        };
        Write(program, $"prune: true\n{input}: {url}\n");

        await program.RunAsync();
        toldBefore.ShouldContain($".github/mirror.yml:2:{input.Length + 3}: {input} says where credentials are sent: {url}");

        program.Environment[$"INPUT_{input.ToUpperInvariant()}"] = "https://named.acme.example";
        await program.RunAsync();
        toldBefore[(toldBefore.IndexOf(url, StringComparison.Ordinal) + url.Length)..].ShouldNotContain("says where credentials are sent");
    }

    [Fact]
    public async Task Doctor_warns_of_an_address_that_the_file_gives()
    {
        using var program = new ProgramHarness();
        program.Mirror = (_, _, _) => Task.FromResult(Sample.Run() with { Mode = "doctor" });
        Write(program, "mode: doctor\nbitbucket-git-url: https://elsewhere.example\n");

        await program.RunAsync();

        program.Output.ShouldContain("warning");
        program.Output.ShouldContain(".github/mirror.yml:2:20: bitbucket-git-url says where credentials are sent: https://elsewhere.example");
        program.Output.ShouldContain("CODEOWNERS");
    }

    private static void Write(ProgramHarness program, string yaml)
    {
        var folder = Directory.CreateDirectory(Path.Combine(program.Folder, ".github")).FullName;
        File.WriteAllText(Path.Combine(folder, "mirror.yml"), yaml);
    }
}
