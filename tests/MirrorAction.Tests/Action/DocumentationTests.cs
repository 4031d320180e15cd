using System.Text;
using MirrorAction.Inputs;
using MirrorAction.TestKit;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Tests.Action;

/// <summary>
/// Keeps the tables of the documentation equal to the program and to <c>action.yml</c>; <c>UPDATE_SNAPSHOTS=1</c> writes them anew.
/// </summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Readme_lists_every_input()
    {
        var table = new StringBuilder("| input | environment | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var input in ActionInputs.All)
        {
            table.Append($"| `{input.Name}` | {Code(input.Fallback)} | {Code(input.Default)} | {Cell(input.Description)} |\n");
        }

        ShouldHold("README.md", "inputs", table.ToString());
    }

    [Fact]
    public void Readme_lists_every_output()
    {
        var table = new StringBuilder("| output | meaning |\n| --- | --- |\n");
        foreach (var (name, description) in Described("outputs"))
        {
            table.Append($"| `{name}` | {Cell(description)} |\n");
        }

        ShouldHold("README.md", "outputs", table.ToString());
    }

    [Fact]
    public void Configuration_page_describes_every_input()
    {
        var text = new StringBuilder();
        foreach (var group in ActionInputs.All.GroupBy(i => i.Group))
        {
            text.Append($"### {group.Key}\n\n");
            foreach (var input in group)
            {
                text.Append($"**`{input.Name}`**: {Described("inputs").Single(d => d.Name == input.Name).Description}\n\n");
            }
        }

        ShouldHold(Path.Combine("docs", "CONFIGURATION.md"), "inputs", text.ToString().TrimEnd() + "\n");
    }

    [Fact]
    public void Configuration_page_lists_every_setting_of_a_rule()
    {
        var table = new StringBuilder("| in a rule | meaning |\n| --- | --- |\n");
        foreach (var setting in RuleSettings.All)
        {
            table.Append($"| `{setting.Name}` | {setting.Description.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        ShouldHold(Path.Combine("docs", "CONFIGURATION.md"), "rules", table.ToString());
    }

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

    /// <summary>Names and descriptions of a section of <c>action.yml</c>.</summary>
    internal static IEnumerable<(string Name, string Description)> Described(string section)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Checkout.Root, "action.yml"))));
        foreach (var (name, node) in (YamlMappingNode)yaml.Documents[0].RootNode[section])
        {
            yield return (name.ToString(), node["description"].ToString().Trim());
        }
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

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    private static string Cell(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
