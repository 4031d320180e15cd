using MirrorAction.Secrets;
using MirrorAction.TestKit;
using MirrorAction.Tests.Runner;

namespace MirrorAction.Tests.Hostile;

/// <summary>A token that somebody put in a wrong place is refused there, and the refusal does not repeat it.</summary>
public sealed class MisplacedSecretTests
{
    private const string GitHubToken = "ghp_Distinct1veSourceT0kenOfThisTest0000";
    private const string BitbucketToken = "ATCTT3xDistinct1veDestinati0nToken-_=1A2B3C";
    private const string OddToken = "s3cr3t+%of=the&source";

    public static TheoryData<string, string> WrongInputs { get; } =
        new()
        {
            { "github-owner", GitHubToken },
            { "github-owner", $"https://x-access-token:{GitHubToken}@github.com/acme" },
            { "github-server-url", $"https://{GitHubToken}@github.com" },
            { "bitbucket-git-url", $"https://x-token-auth:{BitbucketToken}@bitbucket.org" },
            { "bitbucket-api-url", $"http://x:{BitbucketToken}@127.0.0.1" },
            { "bitbucket-workspace", BitbucketToken },
            { "bitbucket-email", BitbucketToken },
            { "prune", GitHubToken },
            { "refs", GitHubToken },
            { "prune-limit", GitHubToken },
            { "repositories", $"/{GitHubToken}(/" },
            { "log-level", BitbucketToken },
            { "bitbucket-project", BitbucketToken },
            { "report-dir", $"../../{GitHubToken}" },
            { "create-interval", GitHubToken },
            { "concurrency", GitHubToken },
            { "mode", GitHubToken },
            { "fail-on", $"https://x:{GitHubToken}@github.com" },
        };

    /// <summary>Installation tokens since April 2026: the App's id and a JWT.</summary>
    [Theory]
    [InlineData("prune")]
    [InlineData("bitbucket-workspace")]
    public async Task Installation_token_in_a_wrong_input_is_hidden_behind_its_dots_too(string input)
    {
        const string token = "ghs_4711_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI0NzExIn0.c2lnbmF0dXJlMTIz";
        using var program = new ProgramHarness().OnActions();
        program.Environment[$"INPUT_{input.ToUpperInvariant()}"] = token;

        (await program.RunAsync()).ShouldBe(2, program.Output);

        foreach (var part in token.Split('.'))
        {
            program
                .Output.Split('\n')
                .Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal))
                .ShouldAllBe(line => !line.Contains(part));
        }
    }

    [Theory]
    [InlineData("glpat-Distinct1veT0ken")]
    [InlineData("gldt-Distinct1veT0ken")]
    [InlineData("glcbt-1_Distinct1veT0ken")]
    [InlineData("glptt-Distinct1veT0ken")]
    [InlineData("BBDC-Distinct1veT0ken")]
    public void Token_of_any_host_is_found_in_a_text(string token) => MisplacedSecrets.InFile($"owner: {token}\n").ShouldBe([token]);

    [Fact]
    public void Long_line_that_names_credentials_over_and_over_is_read_to_its_end()
    {
        var text = string.Concat(Enumerable.Repeat("token", 200_000)) + "\ngithub-token: hunter2hunter2\n";

        MisplacedSecrets.InFile(text).ShouldBe(["hunter2hunter2"]);
    }

    [Theory]
    [MemberData(nameof(WrongInputs))]
    public async Task Token_in_a_wrong_input_is_not_shown(string input, string value)
    {
        using var program = new ProgramHarness().OnActions();
        program.Environment[$"INPUT_{input.ToUpperInvariant()}"] = value;

        (await program.RunAsync()).ShouldBe(2, program.Output);

        program.Output.ShouldContain(input);
        SecretForms.Find(program.Output, GitHubToken, BitbucketToken).ShouldBeNull();
    }

    [Theory]
    [InlineData("mirror", "--github-token", OddToken)]
    [InlineData("mirror", $"--bitbucket-token={OddToken}")]
    [InlineData("mirror", "--gihub-token", OddToken)]
    [InlineData("plan", $"--password:{OddToken}")]
    [InlineData("plan", GitHubToken)]
    [InlineData("plan", "--prune", BitbucketToken)]
    [InlineData("sync", "--source-token", OddToken, "https://git.example/a", "https://git.example/b")]
    [InlineData("sync", $"https://reader:{OddToken}@git.example/a", "https://git.example/b")]
    [InlineData("sync", "https://git.example/b", $"ftp://{OddToken}@git.example/a")]
    [InlineData("sync", "https://git.example/b", "https://git.example/c", $"https://reader:{OddToken}@git.example/a")]
    public async Task Token_in_the_arguments_is_not_repeated(params string[] arguments)
    {
        using var program = new ProgramHarness();

        (await program.RunAsync(arguments)).ShouldBe(2, program.Output);

        SecretForms.Find(program.Output, GitHubToken, BitbucketToken, OddToken).ShouldBeNull();
    }
}
