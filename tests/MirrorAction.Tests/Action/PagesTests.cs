using System.Text.RegularExpressions;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Setup;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Action;

/// <summary>What must hold on every page that users read.</summary>
public sealed partial class PagesTests
{
    private static readonly Lazy<Dictionary<string, string>> s_texts = new(() =>
        PageFiles().ToDictionary(file => file, file => File.ReadAllText(Checkout.PathOf(file.Split('/'))))
    );

    public static TheoryData<string> Pages => [.. PageFiles().Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string page)
    {
        var lost = LinkForm()
            .Matches(WithoutCode(s_texts.Value[page]))
            .Select(link => link.Groups["to"].Value)
            .Where(to => !LeadsSomewhere(page, to));

        lost.ShouldBeEmpty();
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        var index = s_texts.Value["docs/README.md"];

        foreach (
            var page in PageFiles()
                .Where(file =>
                    file.StartsWith("docs/", StringComparison.Ordinal)
                    && !file.StartsWith("docs/adr/0", StringComparison.Ordinal)
                    && file is not "docs/README.md"
                )
        )
        {
            index.ShouldContain($"({page["docs/".Length..]})", customMessage: page);
        }
    }

    [Fact]
    public void Secrets_have_one_set_of_names()
    {
        var credentials = s_texts.Value["docs/CREDENTIALS.md"];
        var section = credentials[credentials.IndexOf("## Names of the secrets", StringComparison.Ordinal)..];
        var named = SecretRow()
            .Matches(section[..section.IndexOf("\n## ", 3, StringComparison.Ordinal)])
            .SelectMany(row => Names(row.Value))
            .ToHashSet();
        var used = s_texts
            .Value.SelectMany(page => SecretUse().Matches(page.Value).Select(use => (page.Key, Name: use.Groups["name"].Value)))
            .ToList();

        used.Where(use => !named.Contains(use.Name)).ShouldBeEmpty();
        named.ShouldBeSubsetOf(used.Select(use => use.Name));
        MirrorWorkflow.Example.Secrets.Select(secret => secret.Name).ShouldBeSubsetOf(named);

        static IEnumerable<string> Names(string row) => SecretName().Matches(row).Select(name => name.Value);
    }

    [Fact]
    public void Every_error_code_has_its_cause_its_cure_and_a_page()
    {
        var rows = s_texts.Value["docs/ERRORS.md"].Split('\n').Where(line => line.StartsWith("| <a id", StringComparison.Ordinal)).ToList();
        var codes = Enum.GetValues<ErrorCode>().Select(DocsLinks.Word).ToList();

        rows.Count.ShouldBe(codes.Count);
        foreach (var code in codes)
        {
            var cells = rows.Single(row => row.Contains($"<a id=\"{code}\"></a>`{code}`", StringComparison.Ordinal)).Trim('|').Split('|');
            cells.Length.ShouldBe(4);
            cells.ShouldAllBe(cell => cell.Trim().Length > 0);
            cells[3].ShouldContain("](");
        }
    }

    [Fact]
    public void Readme_shows_the_workflow_that_init_writes() =>
        MarkedBlock.Read(Checkout.PathOf("README.md"), "workflow").ShouldBe($"```yaml\n{MirrorWorkflow.Example.Text}```\n");

    [Fact]
    public void Readme_is_short() => s_texts.Value["README.md"].Split('\n').Length.ShouldBeLessThan(200);

    private static IEnumerable<string> PageFiles() =>
        new[] { "docs", "examples" }
            .SelectMany(folder => Directory.EnumerateFiles(Checkout.PathOf(folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Checkout.Root, "*.md"))
            .Select(file => Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/'))
            .Where(file => file.EndsWith(".md", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static bool LeadsSomewhere(string page, string to)
    {
        if (to.Contains("://", StringComparison.Ordinal) || to.StartsWith("mailto:", StringComparison.Ordinal))
        {
            return true;
        }

        var parts = to.Split('#', 2);
        var target = parts[0].Length == 0 ? page : Resolve(page, parts[0]);
        return Path.Exists(Checkout.PathOf(target.Split('/')))
            && (parts.Length == 1 || (s_texts.Value.TryGetValue(target, out var text) && Anchors(text).Contains(parts[1])));
    }

    private static string Resolve(string page, string link) =>
        Path.GetRelativePath(Checkout.Root, Path.GetFullPath(link, Path.GetDirectoryName(Checkout.PathOf(page.Split('/')))!)).Replace('\\', '/');

    /// <summary>Those that GitHub gives to headings, and those that the page gives itself.</summary>
    private static HashSet<string> Anchors(string text) =>
        [
            .. HeadingForm().Matches(WithoutFences(text)).Select(heading => Slug(heading.Groups["text"].Value)),
            .. IdForm().Matches(text).Select(id => id.Groups["id"].Value),
        ];

    private static string Slug(string heading) =>
        string.Concat(
            LinkForm()
                .Replace(heading, link => link.Groups["text"].Value)
                .Trim()
                .ToLowerInvariant()
                .Where(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-' or '_')
                .Select(sign => sign == ' ' ? '-' : sign)
        );

    private static string WithoutCode(string text) => CodeForm().Replace(WithoutFences(text), "");

    private static string WithoutFences(string text) => FenceForm().Replace(text, "");

    [GeneratedRegex(@"!?\[(?<text>[^\]]*)\]\((?<to>[^)\s]+)\)")]
    private static partial Regex LinkForm();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex HeadingForm();

    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\"")]
    private static partial Regex IdForm();

    [GeneratedRegex("^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FenceForm();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"^\| `[A-Z].*$", RegexOptions.Multiline)]
    private static partial Regex SecretRow();

    [GeneratedRegex("[A-Z]+(_[A-Z]+)+")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(\bsecrets\.|gh secret (set|delete) )(?<name>[A-Z_]+)")]
    private static partial Regex SecretUse();
}
