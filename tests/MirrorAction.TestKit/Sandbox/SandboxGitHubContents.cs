using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>What REST tells of the files in a repository, from the repository itself.</summary>
internal static class SandboxGitHubContents
{
    /// <summary>The answer to what is asked below <c>/repos/OWNER/NAME/</c>; null when there is no such thing.</summary>
    public static JsonObject? Get(GitRepository git, string[] path) =>
        path switch
        {
            ["git", "trees", var branch] when git.HasRef($"refs/heads/{Uri.UnescapeDataString(branch)}") => Tree(git, Uri.UnescapeDataString(branch)),
            ["contents", .. var parts] when git.HasBranches() => File(git, string.Join('/', parts)),
            _ => null,
        };

    /// <remarks><code>100644 blob ID SIZE TAB PATH</code></remarks>
    private static JsonObject Tree(GitRepository git, string branch)
    {
        var entries = git.Git("ls-tree", "-r", "-l", "-z", $"refs/heads/{branch}")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
            {
                var (about, name) = (line.Split('\t', 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), line.Split('\t', 2)[1]);
                return (JsonNode)
                    new JsonObject
                    {
                        ["path"] = name,
                        ["mode"] = about[0],
                        ["type"] = about[1],
                        ["sha"] = about[2],
                        ["size"] = long.Parse(about[3], CultureInfo.InvariantCulture),
                    };
            });
        return new JsonObject
        {
            ["sha"] = git.Resolve($"refs/heads/{branch}^{{tree}}"),
            ["tree"] = new JsonArray([.. entries]),
            ["truncated"] = false,
        };
    }

    private static JsonObject? File(GitRepository git, string path)
    {
        if (RealGit.Try(git.Path, ["cat-file", "blob", $"HEAD:{path}"]) is not { ExitCode: 0 } outcome)
            return null;
        var bytes = Encoding.UTF8.GetBytes(outcome.Text);
        return new JsonObject
        {
            ["type"] = "file",
            ["name"] = path.Split('/')[^1],
            ["path"] = path,
            ["size"] = bytes.Length,
            ["encoding"] = "base64",
            ["content"] = Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks),
        };
    }
}
