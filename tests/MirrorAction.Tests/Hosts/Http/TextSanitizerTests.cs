using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Http;

public sealed class TextSanitizerTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("plain", "plain")]
    [InlineData(" \r\n two\t\tlines\u2028three ", "two lines three")]
    [InlineData("\u001b[1;31mred\u001b[0m", "red")]
    [InlineData("\u009b31mred", "red")]
    [InlineData("\u001b(Bplain\u001bM", "plain")]
    [InlineData("\u001b]0;title\u0007text", "text")]
    [InlineData("\u001b]8;;http://x\u001b\\link", "link")]
    [InlineData("\u001b]0;never ended", "")]
    [InlineData("end\u001b", "end")]
    [InlineData("end\u001b[", "end")]
    [InlineData("a\u202Eb\u2066c\u200Fd\u200Be\uFEFFf\u061C", "abcdef")]
    [InlineData("a\0b\u0008c\u007Fd\u0085", "abcd")]
    [InlineData("größe 😀 日本", "größe 😀 日本")]
    public void Text_becomes_fit_to_be_printed(string? text, string clean) => TextSanitizer.Clean(text).ShouldBe(clean);

    [Fact]
    public void Half_of_a_surrogate_pair_is_replaced() => TextSanitizer.Clean("lone \uD800 half").ShouldBe("lone \uFFFD half");

    [Fact]
    public void Long_text_is_cut_with_an_ellipsis()
    {
        TextSanitizer.Clean("abcdef", 6).ShouldBe("abcdef");
        TextSanitizer.Clean("abcdefg", 6).ShouldBe("abcde…");
        TextSanitizer.Clean("abcd😀😀", 6).ShouldBe("abcd…");
    }

    [Fact]
    public void Whatever_comes_in_one_printable_line_comes_out()
    {
        var pieces = Gen.Elements("a", " ", "\n", "\u001b[", "\u001b]", "\u009b", "\u0007", "\u202e", "\ud83d", "\ude00", "😀", ";1m", "\0");
        Prop.ForAll(
                pieces.ListOf().Select(list => string.Concat(list)).ToArbitrary(),
                text =>
                {
                    var clean = TextSanitizer.Clean(text, 20);
                    return clean.Length <= 20
                        && !clean
                            .EnumerateRunes()
                            .Any(rune =>
                                Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                            )
                        && TextSanitizer.Clean(clean, 20) == clean;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("text/html", "{}", true)]
    [InlineData("application/xhtml+xml; html", "{}", true)]
    [InlineData("application/json", "<html>", false)]
    [InlineData(null, " \n<!doctype html>", true)]
    [InlineData(null, "{}", false)]
    [InlineData(null, "", false)]
    public void Web_page_is_told_by_its_type_or_first_letter(string? type, string body, bool isPage) =>
        TextSanitizer.LooksLikeHtml(type, Encoding.UTF8.GetBytes(body)).ShouldBe(isPage);
}
