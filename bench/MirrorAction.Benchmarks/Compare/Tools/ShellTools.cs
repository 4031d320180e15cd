using MirrorAction.Benchmarks.Compare.Results;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Tools;

/// <summary>What git alone does in a loop. The scripts know which repositories there are; they neither list nor create.</summary>
internal static class ShellTools
{
    /// <summary>A fresh clone each time.</summary>
    internal static Tool Fresh() =>
        Of(
            "shell",
            "shell loop",
            "git clone --mirror, git push --mirror, remove; one repository after the other",
            "shell-loop.sh",
            keepsClones: false
        );

    /// <summary>Clones that stay on disk.</summary>
    internal static Tool Kept() =>
        Of(
            "kept",
            "shell loop, kept clones",
            "git remote update --prune in clones kept on disk, git push --mirror; one after the other",
            "kept-clones.sh",
            keepsClones: true
        );

    private static CommandTool Of(string name, string title, string meaning, string script, bool keepsClones)
    {
        var version = RealGit.Run(Path.GetTempPath(), "version").Replace("git version", "git", StringComparison.Ordinal);
        return new(
            new ToolResult(name, title, version, meaning),
            $"exec bash '{Path.Combine(AppContext.BaseDirectory, "Compare", "Tools", script)}'",
            keepsClones
        );
    }
}
