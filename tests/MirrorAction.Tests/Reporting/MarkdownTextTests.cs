using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Reporting;

namespace MirrorAction.Tests.Reporting;

public sealed class MarkdownTextTests
{
    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public void Hostile_text_is_one_line_without_markup(string text) => ShouldBeInert(MarkdownText.Escape(text));

    [Fact]
    public void Any_text_is_one_line_without_markup() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => ShouldBeInert(MarkdownText.Escape(text ?? ""))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("acme/my_repo.v2 (old)", "acme/my&#95;repo.v2 (old)")]
    [InlineData("a|b`c<d>", "a&#124;b&#96;c&#60;d&#62;")]
    [InlineData("@acme", "@&#8203;acme")]
    [InlineData("see https://x.example, www.y.example", "see https&#58;//x.example, www&#46;y.example")]
    public void Text_shows_as_it_is(string text, string escaped)
    {
        MarkdownText.Escape(text).ShouldBe(escaped);
        WebUtility.HtmlDecode(escaped).Replace("\u200b", "").ShouldBe(text);
    }

    [Theory]
    [InlineData("https://github.com/acme/x", "[x](https://github.com/acme/x)")]
    [InlineData("https://github.com/a(b)|c", "[x](https://github.com/a%28b%29%7Cc)")]
    [InlineData("javascript:alert(1)", "x")]
    [InlineData("https://joe:pw@github.com/", "x")]
    [InlineData("/relative", "x")]
    [InlineData(null, "x")]
    public void Only_web_addresses_become_links(string? url, string markdown) => MarkdownText.Link("x", url).ShouldBe(markdown);

    private static void ShouldBeInert(string markdown)
    {
        // Everything that could mean something is an entity, but for the mention sign, which has its gap.
        var rest = Regex.Replace(markdown.Replace("@&#8203;", ""), "&#[0-9]+;", " ");
        rest.ShouldNotContain("@");
        rest.IndexOfAny([.. "&<>\"'`|\\*_[]~#!$\r\n\u2028\u2029\u202e\u0085\u001b\u200b"]).ShouldBe(-1, markdown);
        rest.ShouldNotContain("://");
        rest.ShouldNotContain("www.", Case.Insensitive);
        rest.Any(char.IsControl).ShouldBeFalse();
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(markdown)).ShouldBe(markdown, "no broken surrogates");
    }
}
