using System.Text;
using System.Text.Json;
using MirrorAction.Git.Protocol;
using MirrorAction.GitHubActions;
using MirrorAction.Http;
using MirrorAction.Reporting;
using MirrorAction.Secrets;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hostile;

/// <summary>No run of twelve characters of a secret is left of a text, however it was written, broken up and cut on its way.</summary>
public sealed class SecretPartsTests
{
    private const string GitHubToken = "ghp_Distinct1veSourceT0kenOfThisTest0000";
    private const string BitbucketToken = "ATCTT3xDistinct1veDestinati0nToken-_=1A2B3C";
    private const string OddToken = "s3cr3t+/of=the%source&";
    private const string Words = "All work and no play makes the mirror a dull place; nothing in it is secret, and nothing of it may go. ";

    private static readonly SecretMasker s_masker = new([GitHubToken, BitbucketToken, OddToken], ["reader"]);

    private static readonly string[] s_noise =
    [
        "\u200b",
        "\u00ad",
        "\ufeff",
        "\u202e",
        "\u001b[31m",
        "\u001b[0m",
        "\u001b]8;;x\u0007",
        "\u001b(B",
        "\0",
        "\u0007",
        "\n",
        "\r\n",
        "\t",
        " ",
        "<b>",
        "</b>",
        "<br/>",
        "<wbr class=\"x\">",
        "\ufffd",
    ];

    private static readonly Dictionary<string, Func<string, string>> s_ways = new()
    {
        ["as it is"] = text => text,
        ["a text of git"] = text => TextSanitizer.CleanEnd(Encoding.UTF8.GetBytes(text)),
        ["an error page"] = TextSanitizer.CleanPage,
        ["a packet"] = text => PktLine.Quote(Encoding.UTF8.GetBytes(text)),
        ["an answer of REST"] = text => TextSanitizer.Clean(text),
        ["a line of the log"] = ForeignText.SafeLine,
        ["a cell"] = MarkdownText.Escape,
        ["an annotation"] = text => WorkflowCommands.Error(text, text),
        ["JSON"] = text => JsonEncodedText.Encode(text).ToString(),
        ["a URL"] = Uri.EscapeDataString,
        ["all of it in \\u"] = text => string.Concat(text.Select(c => $"\\u{(int)c:x4}")),
        ["all of it in entities"] = text => string.Concat(text.Select(c => $"&#{(int)c};")),
    };

    public static TheoryData<string> Ways => new(s_ways.Keys);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Whatever_is_left_of_a_secret_is_removed_wherever_the_cut_fell(string way)
    {
        var random = new Random(12);
        for (var round = 0; round < 1500; round++)
        {
            string[] tokens = [GitHubToken, BitbucketToken, OddToken];
            var forms = SecretForms
                .Of(tokens[random.Next(3)])
                .Concat(tokens.Select(token => Convert.ToBase64String(Encoding.UTF8.GetBytes(Words[..random.Next(4)] + token + Words))))
                .ToList();
            var hidden = Disturbed(forms[random.Next(forms.Count)], random);
            var text = Words[..random.Next(Words.Length)] + hidden + Words[..random.Next(Words.Length)];
            var start = random.Next(text.Length);
            var cut = random.Next(3) switch
            {
                0 => text,
                1 => text[start..],
                _ => text[..start],
            };

            SecretForms.Find(s_masker.Redact(s_ways[way](cut)), GitHubToken, BitbucketToken, OddToken).ShouldBeNull($"round {round}");
        }
    }

    [Theory]
    [InlineData("**")]
    [InlineData("`")]
    [InlineData("_*")]
    [InlineData("~~")]
    public void Marks_of_Markdown_hide_nothing(string mark)
    {
        var text = string.Join(mark, GitHubToken.Chunk(5).Select(chunk => new string(chunk)));
        s_masker.Redact($"a {mark}{text}{mark} b").ShouldBe($"a {mark}***{mark} b");
    }

    [Fact]
    public void What_is_between_the_signs_of_a_secret_goes_with_it() =>
        s_masker.Redact($"a {GitHubToken[..20]}\u200b\n<b>{GitHubToken[20..]}</b> b").ShouldBe("a ***</b> b");

    [Theory]
    [InlineData("a fine-grained personal access token (github_pat_…), or ghp_")]
    [InlineData("bitbucket-token looks like an API token (ATATT3x)")]
    [InlineData("Distinct is no secret")]
    [InlineData(Words)]
    public void Text_that_only_looks_alike_stays(string text) =>
        new SecretMasker([GitHubToken, BitbucketToken, "github_pat_11ABCDEFG0abcdefghijkl", "ATATT3xFfGF0abcdefgh"], []).Redact(text).ShouldBe(text);

    [Theory]
    [InlineData("hunter22", "a hunt\u200ber\n22 b", "a *** b")]
    [InlineData("pass-word1", "a pass-wor", "a ***")]
    [InlineData("abcd", "xabcdx a b c d", "x***x a b c d")]
    public void Short_secret_is_removed_as_a_whole_and_from_eight_characters_on_in_parts(string secret, string text, string redacted) =>
        new SecretMasker([secret], []).Redact(text).ShouldBe(redacted);

    [Fact]
    public void Part_of_a_private_key_is_removed_across_its_lines_and_its_frame_stays()
    {
        var lines = Enumerable
            .Range(0, 6)
            .Select(line => Convert.ToBase64String(Enumerable.Range(line * 48, 48).Select(i => (byte)(i * 37 + line)).ToArray()))
            .ToList();
        var key = $"-----BEGIN RSA PRIVATE KEY-----\n{string.Join('\n', lines)}\n-----END RSA PRIVATE KEY-----";
        var masker = new SecretMasker([key], []);

        masker.Redact($"x {lines[1][57..]}\r\n{lines[2][..6]} y").ShouldBe("x *** y");
        masker.Redact($"x {Convert.ToBase64String(Encoding.UTF8.GetBytes(key))[100..160]} y").ShouldBe("x *** y");
        masker
            .Redact("expected -----BEGIN RSA PRIVATE KEY----- and -----END RSA PRIVATE KEY-----")
            .ShouldBe("expected -----BEGIN RSA PRIVATE KEY----- and -----END RSA PRIVATE KEY-----");
    }

    [Fact]
    public void Long_text_is_searched_in_time_that_grows_with_it()
    {
        var text = string.Concat(Enumerable.Repeat(Words + "<a \u001b[ % & \\u ", 10_000));
        s_masker.Redact(text).ShouldBe(text);
    }

    private static string Disturbed(string form, Random random)
    {
        var step = random.Next(3) == 0 ? form.Length : random.Next(1, 9);
        return string.Join(s_noise[random.Next(s_noise.Length)], form.Chunk(step).Select(chunk => new string(chunk)));
    }
}
