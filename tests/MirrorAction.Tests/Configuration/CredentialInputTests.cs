using System.Security.Cryptography;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Inputs;
using MirrorAction.Secrets;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Configuration;

/// <summary>Credentials as people give them, and as they mix them up.</summary>
public sealed class CredentialInputTests
{
    [Theory]
    [InlineData("INPUT_GITHUB-TOKEN", "ATATT3xFfGF0abcdefgh", "github-token (INPUT_GITHUB-TOKEN): is a token of Bitbucket (it begins with ATATT)")]
    [InlineData("INPUT_GITHUB-TOKEN", "ATCTT3xFfGN0abcdefgh", "is a token of Bitbucket")]
    [InlineData("INPUT_GITHUB-TOKEN", "glpat-abcdefghijklmn", "is a token of GitLab")]
    [InlineData(
        "INPUT_BITBUCKET-TOKEN",
        "ghp_abcdefghijklmnop",
        "bitbucket-token (INPUT_BITBUCKET-TOKEN): is a token of GitHub (it begins with ghp_)"
    )]
    [InlineData("INPUT_BITBUCKET-TOKEN", "github_pat_abcdefghij", "is a token of GitHub")]
    [InlineData("INPUT_BITBUCKET-TOKEN", "ghs_abcdefghijklmnop", "is a token of GitHub")]
    [InlineData("INPUT_BITBUCKET-TOKEN", "gho_abcdefghijklmnop", "is a token of GitHub")]
    public void Token_of_another_host_is_sent_nowhere(string variable, string token, string expected)
    {
        var problem = Given.ProblemOf(variable, token);

        problem.ShouldContain(expected);
        problem.ShouldContain("Were two tokens swapped?");
        problem.ShouldNotContain(token);
    }

    [Fact]
    public void Swapped_tokens_are_two_problems() =>
        Given
            .ProblemsOf(Given.With(("INPUT_GITHUB-TOKEN", "ATCTT3xDestination"), ("INPUT_BITBUCKET-TOKEN", "ghp_abcdefghijklmnop")))
            .Count.ShouldBe(2);

    [Theory]
    [InlineData("gitlab", "ghp_abcdefghijklmnop", "is a token of GitHub")]
    [InlineData("gitea", "glpat-abcdefghijklmn", "is a token of GitLab")]
    public void Token_by_the_name_of_its_role_is_looked_at_as_well(string kind, string token, string expected)
    {
        var given = Given.With(("INPUT_DESTINATION", kind), ("INPUT_DESTINATION-OWNER", "acme-mirror"), ("INPUT_DESTINATION-TOKEN", token));
        given.Remove("INPUT_BITBUCKET-TOKEN");
        given.Remove("INPUT_BITBUCKET-WORKSPACE");

        Given.ProblemsOf(given).ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Theory]
    [InlineData("\"ghp_abcdefghijklmnop\"")]
    [InlineData("'ghp_abcdefghijklmnop'")]
    public void Quotes_around_a_token_are_told(string token) => Given.ProblemOf("INPUT_GITHUB-TOKEN", token).ShouldContain("is in quotes");

    [Fact]
    public void App_and_consumer_come_from_variables_that_a_shell_can_export()
    {
        using var key = RSA.Create(2048);
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INPUT_GITHUB-OWNER"] = "acme",
            ["MIRROR_GITHUB_APP_ID"] = "42",
            ["MIRROR_GITHUB_APP_PRIVATE_KEY"] = key.ExportRSAPrivateKeyPem(),
            ["MIRROR_BITBUCKET_WORKSPACE"] = "acme-mirror",
            ["MIRROR_BITBUCKET_OAUTH_KEY"] = "consumer-key",
            ["MIRROR_BITBUCKET_OAUTH_SECRET"] = "consumer-secret",
        };

        var hosts = ((MirrorAction.Modes.MirrorSettings)Given.Build(given).Settings).Hosts;

        hosts.Source.Settings.ShouldBeOfType<GitHubSettings>().App!.Id.ShouldBe("42");
        hosts.Destination.Owner.ShouldBe("acme-mirror");
        hosts.Destination.Settings.ShouldBeOfType<BitbucketSettings>().Consumer!.Key.ShouldBe("consumer-key");
    }

    [Fact]
    public void Private_key_may_be_the_path_of_its_file_and_is_hidden_while_the_path_is_not()
    {
        using var folder = new TemporaryFolder();
        using var key = RSA.Create(2048);
        var pem = key.ExportRSAPrivateKeyPem();
        var path = Path.Combine(folder.Path, "app.pem");
        File.WriteAllText(path, pem);
        var given = Given.With(("MIRROR_GITHUB_APP_ID", "42"), ("MIRROR_GITHUB_APP_PRIVATE_KEY", path));

        var settings = (MirrorAction.Modes.MirrorSettings)Given.Build(given).Settings;
        var masker = SecretMasker.For(new EnvironmentVariables(given), []);

        settings.Hosts.Source.Settings.ShouldBeOfType<GitHubSettings>().App!.PrivateKey.ShouldBe(pem);
        masker.Redact(pem.Split('\n')[3]).ShouldBe(SecretMasker.Mask);
        masker.Redact(path).ShouldBe(path);
    }

    [Fact]
    public void Private_key_that_is_neither_a_key_nor_a_file_is_told_without_it()
    {
        var problem = Given.ProblemsOf(Given.With(("MIRROR_GITHUB_APP_ID", "42"), ("MIRROR_GITHUB_APP_PRIVATE_KEY", "/nowhere/app.pem")))[0];

        problem.ShouldContain("or the path of that file");
        problem.ShouldNotContain("/nowhere");
    }

    [Theory]
    [InlineData("acme-new", "acme-new")]
    [InlineData("", "acme-mirror")]
    public void Older_name_of_the_workspace_goes_behind_its_new_one(string byNewName, string expected)
    {
        var given = Given.With(("MIRROR_BITBUCKET_USERNAME", "acme-mirror"), ("MIRROR_BITBUCKET_WORKSPACE", byNewName));
        given.Remove("INPUT_BITBUCKET-WORKSPACE");

        Given.Build(given).ReportDestination.Workspace.ShouldBe(expected);
    }
}
