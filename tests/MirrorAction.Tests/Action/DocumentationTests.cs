using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Action;

/// <summary>Keeps what the documentation shows of the program equal to it; <c>UPDATE_SNAPSHOTS=1</c> writes it anew.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Configuration_page_shows_what_is_told_of_a_wrong_file()
    {
        const string Wrong = """
            github-onwer: acme
            concurrency: many
            github-token: ghp_0123456789
            rules:
              - match: website
                slug: Web Site
                slug: website
              - visibility: public

            """;
        var problems = Configuration.Given.ProblemsOfFile(Encoding.UTF8.GetBytes(Wrong));

        ShouldHold(
            Path.Combine("docs", "CONFIGURATION.md"),
            "config-problems",
            $"```yaml\n{Wrong.ReplaceLineEndings("\n")}```\n\n```text\n{string.Join('\n', problems.Select(p => p.ToString()))}\n```\n"
        );
    }

    private static void ShouldHold(string file, string marker, string expected)
    {
        var path = Path.Combine(Checkout.Root, file);
        if (Snapshot.IsRewritten)
        {
            MarkedBlock.Write(path, marker, expected);
        }

        MarkedBlock.Read(path, marker).ShouldBe(expected, $"{file} is out of date; UPDATE_SNAPSHOTS=1 writes it anew.");
    }
}
