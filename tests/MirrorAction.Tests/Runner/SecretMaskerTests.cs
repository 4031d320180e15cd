using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Secrets;

namespace MirrorAction.Tests.Runner;

public sealed class SecretMaskerTests
{
    private const string Token = "ATATT3x+/token=1";

    public static TheoryData<string> Forms { get; } =
    [
        Token,
        Uri.EscapeDataString(Token),
        Base64(Token),
        Base64($"x-access-token:{Token}"),
        Base64($"x-token-auth:{Token}"),
        Base64($"x-bitbucket-api-token-auth:{Token}"),
        Base64($"oauth2:{Token}"),
        Base64($"ops@acme.example:{Token}"),
        Base64($":{Token}"),
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_of_a_secret_is_removed(string form) => Masker().Redact($"a {form} b").ShouldNotContain(form.TrimEnd('='));

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_of_a_secret_is_announced(string form)
    {
        var output = new StringWriter();
        Masker().Announce(output);
        output.ToString().ShouldContain($"::add-mask::{form.TrimEnd('=').Replace("%", "%25")}");
    }

    [Fact]
    public void Secrets_of_all_sources_are_known()
    {
        var masker = SecretMasker.For(
            new EnvironmentVariables(
                new Dictionary<string, string>
                {
                    ["INPUT_GITHUB-TOKEN"] = "secret-1",
                    ["GITHUB_TOKEN"] = "secret-2",
                    ["INPUT_BITBUCKET-TOKEN"] = "secret-3",
                    ["MIRROR_BITBUCKET_API_TOKEN"] = "secret-4",
                    ["MIRROR_SOURCE_TOKEN"] = "secret-5",
                    ["MIRROR_DESTINATION_TOKEN"] = "secret-6",
                    ["MIRROR_SOURCE_USERNAME"] = "joe",
                    ["INPUT_BITBUCKET-WORKSPACE"] = "acme-mirror",
                }
            ),
            []
        );

        masker.Redact("secret-1 secret-2 secret-3 secret-4 secret-5 secret-6 joe acme-mirror").ShouldBe("*** *** *** *** *** *** joe acme-mirror");
        masker.Redact(Base64("joe:secret-5")).ShouldStartWith("***");
    }

    [Theory]
    [InlineData("INPUT_SOURCE-USERNAME", "source-username")]
    [InlineData("INPUT_DESTINATION-USERNAME", "destination-username")]
    public void Users_of_git_are_known_from_inputs_and_options(string variable, string option)
    {
        var secret = new Dictionary<string, string> { ["INPUT_SOURCE-TOKEN"] = "secret-5" };
        var given = new Dictionary<string, string>(secret) { [variable] = "joe" };
        foreach (
            var masker in (SecretMasker[])
                [
                    SecretMasker.For(new(given), []),
                    SecretMasker.For(new(secret), [$"--{option}", "joe"]),
                    SecretMasker.For(new(secret), [$"--{option}=joe"]),
                ]
        )
        {
            masker.Redact(Base64("joe:secret-5")).ShouldStartWith("***");
        }
    }

    [Theory]
    [InlineData("sync https://joe:pass-word1@git.example/a https://git.example/b", "pass-word1")]
    [InlineData("sync https://pass%2Bword1@git.example/a https://git.example/b", "pass+word1")]
    [InlineData("mirror --gihub-token pass-word1", "pass-word1")]
    [InlineData("mirror --bitbucket-token=pass-word1 --prune", "pass-word1")]
    [InlineData("mirror --prune ghp_0123456789abcdef", "ghp_0123456789abcdef")]
    [InlineData("plan ATATT3xFfGF0-abc=def", "ATATT3xFfGF0-abc=def")]
    public void A_secret_in_a_wrong_place_is_known(string arguments, string secret) =>
        SecretMasker.For(new EnvironmentVariables(new Dictionary<string, string>()), arguments.Split(' ')).Redact($"'{secret}'").ShouldBe("'***'");

    [Fact]
    public void An_input_with_a_mistyped_name_is_no_less_secret() =>
        SecretMasker
            .For(new EnvironmentVariables(new Dictionary<string, string> { ["INPUT_GIHUB_TOKEN"] = "pass-word1" }), [])
            .Redact("pass-word1")
            .ShouldBe("***");

    [Fact]
    public void The_longest_form_goes_first_so_that_nothing_of_it_is_left() =>
        new SecretMasker(["abcd", "abcdefgh"], []).Redact("abcdefgh").ShouldBe("***");

    [Fact]
    public void Each_line_of_a_key_is_masked() =>
        new SecretMasker(["-----BEGIN KEY-----\nMIIEvQIBADAN\n-----END KEY-----"], []).Redact("x MIIEvQIBADAN y").ShouldBe("x *** y");

    [Theory]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END RSA PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\\nMIIEvQIBADAN\\nBgkqhkiG9w0B\\n-----END RSA PRIVATE KEY-----")]
    public void A_private_key_is_hidden_however_its_line_breaks_are_written(string key)
    {
        var masker = new SecretMasker([key], []);

        masker.Redact("x BgkqhkiG9w0B y").ShouldBe("x *** y");
        masker.Redact(key.Replace("\\n", "\n", StringComparison.Ordinal)).ShouldBe("***");
        masker.Redact(key.Replace("\n", "\\n", StringComparison.Ordinal)).ShouldBe("***");
        masker.Redact("expected -----BEGIN RSA PRIVATE KEY-----").ShouldBe("expected -----BEGIN RSA PRIVATE KEY-----");
    }

    [Fact]
    public void A_secret_that_is_made_later_is_hidden_from_then_on_in_every_form()
    {
        var masker = Masker();
        masker.Redact("ghs_minted").ShouldBe("ghs_minted");

        masker.Add(["ghs_minted"]).ShouldContain(Base64("x-access-token:ghs_minted").TrimEnd('='));

        masker.Redact($"ghs_minted {Token} {Base64("x-access-token:ghs_minted").TrimEnd('=')}").ShouldBe("*** *** ***");
    }

    [Fact]
    public void A_value_too_short_for_a_credential_takes_no_letters_out_of_words() =>
        new SecretMasker(["ab"], []).Redact("ab abc").ShouldBe("ab abc");

    private static SecretMasker Masker() =>
        SecretMasker.For(
            new EnvironmentVariables(
                new Dictionary<string, string> { ["INPUT_BITBUCKET-TOKEN"] = Token, ["INPUT_BITBUCKET-EMAIL"] = "ops@acme.example" }
            ),
            []
        );

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
