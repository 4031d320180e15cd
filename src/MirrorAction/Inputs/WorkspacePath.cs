namespace MirrorAction.Inputs;

/// <summary>Paths that a user gives, relative to the workspace.</summary>
internal static class WorkspacePath
{
    private const string Variable = "GITHUB_WORKSPACE";

    /// <summary>Where relative paths begin: at the checkout of a workflow, else where the program was started.</summary>
    public static string Base(EnvironmentVariables environment, string workingDirectory) =>
        environment[Variable] is { } workspace && Path.IsPathFullyQualified(workspace) ? workspace : workingDirectory;

    /// <summary>Notes a workspace that nothing can begin at.</summary>
    public static void CheckBase(EnvironmentVariables environment, ProblemList problems)
    {
        if (environment[Variable] is { } workspace && !Path.IsPathFullyQualified(workspace))
        {
            problems.Add(
                Variable,
                $"expected the absolute path of the checkout, not {InputFormat.Shown(workspace)}; "
                    + "without it, paths begin where the program is started."
            );
        }
    }

    /// <summary>The absolute path.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="workspace">Where relative paths begin; absolute.</param>
    /// <param name="what">What is there: <c>file</c> or <c>folder</c>.</param>
    /// <exception cref="FormatException">It is relative and leads out of the workspace.</exception>
    public static string Resolve(string text, string workspace, string what)
    {
        var path = Path.GetFullPath(text, workspace);
        return Path.IsPathRooted(text) || IsInside(path, workspace)
            ? path
            : throw new FormatException($"{InputFormat.Shown(text)} leads out of the workspace; use a {what} in it, or an absolute path.");
    }

    /// <summary>The path as seen from the workspace, with slashes; one outside it stays absolute.</summary>
    public static string FromWorkspace(string path, string workspace) =>
        IsInside(path, workspace) ? Path.GetRelativePath(workspace, path).Replace('\\', '/') : path;

    private static bool IsInside(string path, string workspace) =>
        !Path.GetRelativePath(workspace, path).Split(Path.DirectorySeparatorChar).Contains("..");
}
