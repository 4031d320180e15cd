using MirrorAction.Git.Model;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>git's own verdicts, recorded by <c>eng/baselines.sh</c>.</summary>
public sealed class BaselineTests
{
    [Fact]
    public void Names_are_judged_as_git_check_ref_format_does()
    {
        var rows = Rows("check-ref-format");

        rows.Where(row => RefName.FromBytes(Escaped.Read(row[0])).IsWellFormed != (row[1] == "ok"))
            .Select(row => string.Join(' ', row))
            .ShouldBeEmpty();
        rows.Length.ShouldBeGreaterThan(80);
    }

    [Fact]
    public void Patterns_are_judged_as_git_judges_them_in_a_refspec()
    {
        var rows = Rows("refspec-pattern");

        rows.Where(row => RefPattern.TryParse(System.Text.Encoding.UTF8.GetString(Escaped.Read(row[0])), out _, out _) != (row[1] == "ok"))
            .Select(row => string.Join(' ', row))
            .ShouldBeEmpty();
        rows.Length.ShouldBeGreaterThan(30);
    }

    [Fact]
    public void Patterns_take_in_the_refs_that_git_fetches_by_them()
    {
        var rows = Rows("pattern-match");

        rows.Where(row => RefPatternSet.Parse(row[0]).Includes(RefName.FromText(row[1])) != (row[2] == "match"))
            .Select(row => string.Join(' ', row))
            .ShouldBeEmpty();
        rows.Count(row => row[2] == "match").ShouldBeGreaterThan(40);
    }

    private static string[][] Rows(string name) =>
        [.. File.ReadAllLines(Checkout.PathOf("tests", "MirrorAction.Tests", "Git", "Baselines", name + ".tsv")).Select(line => line.Split('\t'))];
}
