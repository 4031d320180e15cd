using System.Globalization;
using System.Text;
using MirrorAction.Git.Protocol;
using MirrorAction.Http;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class RemoteTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("", "")]
    [InlineData("   \n\t ", "")]
    [InlineData("two\nlines\r\nthree", "two lines three")]
    [InlineData("50%\r100%\rdone", "50% 100% done")]
    [InlineData("nul\0bell\abs\b", "nul bell bs")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b[1m\u001b[31mfatal\u001b[0m\u001b[K\u001b[2J", "fatal")]
    [InlineData("\u001b[38;5;196mred\u001b[m text", "red text")]
    [InlineData("a\u001b[2Kb\u001b[1Ac", "abc")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\ here", "click here")]
    [InlineData("\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007", "click")]
    [InlineData("\u001b]0;never ends", "")]
    [InlineData("cut \u001b[", "cut")]
    [InlineData("cut \u001b", "cut")]
    [InlineData("\u001b\u001b[31mred", "red")]
    [InlineData("\u001bMreverse", "reverse")]
    [InlineData("\u001b(Bplain\u001b#8", "plain")]
    [InlineData("c1 \u009b31m", "c1")]
    [InlineData("a\u202egnp.exe", "a gnp.exe")]
    [InlineData("a\u2066b\u2069c\u200fd\u200be\ufefff", "a b c d e f")]
    [InlineData("tag\U000e0041hidden", "tag hidden")]
    [InlineData("line\u2028sep\u2029para", "line sep para")]
    [InlineData("caf\u00e9 \u00fcber \u65e5\u672c \U0001f680", "caf\u00e9 \u00fcber \u65e5\u672c \U0001f680")]
    [InlineData("::error::injected\n::warning::too", "::error::injected ::warning::too")]
    [InlineData("\ue000private", "private")]
    public void Only_visible_text_is_left(string text, string clean) => TextSanitizer.CleanEnd(text).ShouldBe(clean);

    [Fact]
    public void Bytes_that_are_no_utf8_are_shown_as_replacement_characters() =>
        TextSanitizer.CleanEnd([0x63, 0x61, 0x66, 0xe9, 0x20, 0xff, 0xfe, 0xc3]).ShouldBe("caf\ufffd \ufffd\ufffd\ufffd");

    [Fact]
    public void Lone_surrogate_is_shown_as_a_replacement_character() => TextSanitizer.CleanEnd("a\ud800b").ShouldBe("a\ufffdb");

    [Fact]
    public void Of_a_mebibyte_the_end_is_kept()
    {
        var text = string.Concat(Enumerable.Repeat("noise ", 180_000)) + "the reason";

        TextSanitizer.CleanEnd(text).Length.ShouldBeLessThanOrEqualTo(TextSanitizer.MaxRemote);
        TextSanitizer.CleanEnd(text).ShouldEndWith("noise the reason");
        TextSanitizer.CleanEnd(Encoding.UTF8.GetBytes(text)).ShouldEndWith("noise the reason");
    }

    [Fact]
    public void Text_cut_inside_a_character_is_still_text()
    {
        var clean = TextSanitizer.CleanEnd(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\u65e5", 2000))));

        clean.TrimStart('\ufffd').ShouldAllBe(c => c == '\u65e5');
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(10_000)]
    public void Ring_keeps_the_last_bytes_however_they_come(int size)
    {
        var all = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i} ")));
        var text = new RemoteText();
        for (var at = 0; at < all.Length; at += size)
            text.Append(all.AsSpan(at, Math.Min(size, all.Length - at)));

        text.ToString().ShouldBe(Encoding.ASCII.GetString(all[^4096..]).Trim());
    }

    [Theory]
    [InlineData(
        "<html><head><title>403 Forbidden</title><style>body{color:red}</style></head><body><h1>Forbidden</h1></body></html>",
        "403 Forbidden Forbidden"
    )]
    [InlineData("<SCRIPT>alert('x')</SCRIPT>text", "text")]
    [InlineData("<script>never ends", "")]
    [InlineData("<p>one</p><p>two &amp; three&nbsp;&lt;b&gt;</p>", "one two & three <b>")]
    [InlineData("&#27;[31mred&#x1b;[0m", "red")]
    [InlineData("a < b", "a")]
    [InlineData("<!-- hidden -->shown", "shown")]
    [InlineData("no markup", "no markup")]
    [InlineData("", "")]
    public void Pages_lose_their_markup(string html, string text) => TextSanitizer.CleanPage(html).ShouldBe(text);

    [Fact]
    public void Large_page_is_read_in_a_moment() =>
        TextSanitizer.CleanPage(string.Concat(Enumerable.Repeat("<style><script><", 60_000))).ShouldBe("");

    [Fact]
    public void Any_bytes_become_text_that_can_do_no_harm() =>
        Gens.Bytes(300)
            .Check(bytes =>
            {
                foreach (
                    var clean in (string[])
                        [
                            TextSanitizer.CleanEnd(bytes),
                            TextSanitizer.CleanPage(Encoding.Latin1.GetString(bytes)),
                            TextSanitizer.CleanEnd(Encoding.Latin1.GetString(bytes)),
                        ]
                )
                {
                    clean
                        .EnumerateRunes()
                        .ShouldAllBe(r =>
                            Rune.GetUnicodeCategory(r) != UnicodeCategory.Control && Rune.GetUnicodeCategory(r) != UnicodeCategory.Format
                        );
                    clean.ShouldNotContain("  ");
                    TextSanitizer.CleanEnd(clean).ShouldBe(clean);
                }
            });
}
