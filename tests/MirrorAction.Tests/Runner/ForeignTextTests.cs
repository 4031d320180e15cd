using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Secrets;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class ForeignTextTests
{
    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    public void Hostile_text_is_no_command_on_any_line(string text)
    {
        ForeignText.SafeLines(text).ToList().ForEach(ShouldBeSafe);
        ShouldBeSafe(ForeignText.SafeLine(text));
    }

    [Fact]
    public void Any_text_is_no_command_on_any_line()
    {
        var hostile = Gen.ListOf(
                Gen.Elements(
                    ":",
                    "#",
                    "[",
                    "]",
                    "error",
                    " ",
                    "\t",
                    "\u200b",
                    "\u00ad",
                    "\u0301",
                    "\ufe0f",
                    "\n",
                    "\r",
                    "\u001b",
                    "\u001b[1m",
                    "\0",
                    "\ud800",
                    "\u2028",
                    "%0A"
                )
            )
            .Select(parts => string.Concat(parts))
            .ToArbitrary();
        Prop.ForAll(hostile, text => ForeignText.SafeLines(text).ToList().ForEach(ShouldBeSafe)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("::error::x", ": :error::x")]
    [InlineData("  ::error::x", "  : :error::x")]
    [InlineData("std::string and ::1", "std::string and ::1")]
    [InlineData("a ##[error]b", "a # # [error]b")]
    [InlineData("\u001b[1;31mred\u001b[0m", "red")]
    [InlineData("\u009b31mred\u001b(B", "red")]
    [InlineData("\u001b]8;;https://acme.example\u0007link\u001b]8;;\u001b\\", "link")]
    [InlineData("a#\u0301#b", "a#\u0301#b")]
    [InlineData("caf\u00e9 \ud83d\ude00", "caf\u00e9 \ud83d\ude00")]
    public void Harmless_parts_stay_readable(string text, string line) => ForeignText.SafeLines(text).ShouldBe([line]);

    [Fact]
    public void A_long_line_is_cut() => ForeignText.SafeLines(new string('x', 1 << 20)).Sum(line => line.Length).ShouldBeLessThan(70_000);

    /// <summary>The runner's two grammars, read as forgivingly as its culture may: what does not show does not count.</summary>
    private static void ShouldBeSafe(string line)
    {
        var seen = string.Concat(
            line.EnumerateRunes()
                .Where(rune =>
                    System.Text.Rune.GetUnicodeCategory(rune)
                        is not (
                            UnicodeCategory.Format
                            or UnicodeCategory.Control
                            or UnicodeCategory.NonSpacingMark
                            or UnicodeCategory.EnclosingMark
                            or UnicodeCategory.SpacingCombiningMark
                        )
                )
        );
        seen.TrimStart().StartsWith("::", StringComparison.Ordinal).ShouldBeFalse(line);
        seen.ShouldNotContain("##[");
        line.Any(char.IsControl).ShouldBeFalse(line);
        line.IndexOfAny(['\u202e', '\u2066', '\u2067', '\u200f']).ShouldBe(-1);
    }
}
