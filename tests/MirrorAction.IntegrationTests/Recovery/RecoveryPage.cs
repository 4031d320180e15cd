using System.Globalization;
using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Recovery;

/// <summary>A block of commands of <c>docs/RECOVERY.md</c>.</summary>
/// <param name="Heading">The section that it stands in.</param>
/// <param name="Commands">What bash reads, word for word.</param>
/// <param name="ExitCode">How it ends: 0, unless a comment in front of it says otherwise.</param>
public sealed partial record RecoveryBlock(string Heading, string Commands, int ExitCode)
{
    /// <summary>All blocks in their order.</summary>
    public static IReadOnlyList<RecoveryBlock> ReadPage()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs", "RECOVERY.md"));
        return
        [
            .. from section in page.Split("\n## ").Skip(1)
            from Match fence in Fence().Matches(section)
            let code = fence.Groups["code"]
            select new RecoveryBlock(
                section.Split('\n')[0],
                fence.Groups["commands"].Value,
                code.Success ? int.Parse(code.Value, CultureInfo.InvariantCulture) : 0
            ),
        ];
    }

    [GeneratedRegex(@"(<!-- exit (?<code>\d+) -->\n)?^```sh\n(?<commands>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
