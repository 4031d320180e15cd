using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Docs;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page, below the checkout.</param>
/// <param name="Language">What stands behind the fence.</param>
/// <param name="Text">Its lines, without their common indentation.</param>
/// <param name="IsTriedElsewhere">A mark in front of it names the test that tries it: <c>&lt;!-- tried: last --></c>.</param>
public sealed record PageBlock(string Page, string Language, string Text, bool IsTriedElsewhere);

/// <summary>The commands of the pages that users read.</summary>
public static partial class PageCommands
{
    /// <summary>All pages.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory
            .EnumerateFiles(Checkout.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Checkout.PathOf("examples"), "*.md"))
            .Concat(Directory.EnumerateFiles(Checkout.Root, "*.md"))
            .Select(file => Path.GetRelativePath(Checkout.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>All blocks of a page.</summary>
    public static IReadOnlyList<PageBlock> BlocksOf(string page) =>
        [
            .. from Match fence in Fence().Matches(Text(page))
            let indent = fence.Groups["indent"].Length
            let lines = fence.Groups["text"].Value.Split('\n').Select(line => line.Length > indent ? line[indent..] : "")
            select new PageBlock(page, fence.Groups["language"].Value, string.Join('\n', lines), fence.Groups["tried"].Success),
        ];

    /// <summary>The calls of <c>mirror-action</c> in blocks and within sentences, without the name of the program.</summary>
    public static IEnumerable<string> CallsOf(string page) =>
        Call().Matches(Text(page).Replace("\\\n", "", StringComparison.Ordinal)).Select(call => call.Groups["arguments"].Value.Trim());

    private static string Text(string page) => File.ReadAllText(Checkout.PathOf(page.Split('/')));

    [GeneratedRegex(
        @"(?<tried><!-- tried: \w+ -->\n)?^(?<indent> *)```(?<language>\w*)\n(?<text>.*?)^ *```$",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Fence();

    [GeneratedRegex(
        @"(?:^ *|`|&& |<\(|flock --nonblock \.lock |mirror-action:v1(?:\.2\.3)? )mirror-action (?<arguments>[^`|)&#>\n]+)|(?<=mirror-action:v1\.2\.3 )(?<arguments>[a-z][^`\n]*)",
        RegexOptions.Multiline
    )]
    private static partial Regex Call();
}
