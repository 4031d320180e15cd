using System.Text.RegularExpressions;

namespace MirrorAction.TestKit;

/// <summary>The artifacts of a run: folders that jobs leave to each other.</summary>
internal sealed class ArtifactStore : IDisposable
{
    private readonly TempFolder _folder = new("artifacts-");

    public void Dispose() => _folder.Dispose();

    /// <summary>Keeps a folder or a file below a workspace; null, or why the step fails.</summary>
    /// <remarks>A folder's content lies at the artifact's top, and so does a file.</remarks>
    public string? Upload(string workspace, IReadOnlyDictionary<string, string> with)
    {
        var path = with["path"];
        if (path.AsSpan().IndexOfAny("*?[!\n") >= 0)
            throw new WorkflowException($"upload-artifact: the path `{path}` is not one folder or file, which is all that is understood.");
        var name = with["name"] is { Length: > 0 } given ? given : "artifact";
        var from = Path.Combine(workspace, path);
        if (!File.Exists(from) && (!Directory.Exists(from) || !Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Any()))
            return with["if-no-files-found"] == "error" ? $"No files were found with the provided path: {path}" : null;
        if (Directory.Exists(_folder[name]) && with["overwrite"] == "true")
            Directory.Delete(_folder[name], recursive: true);
        if (Directory.Exists(_folder[name]))
            return $"an artifact with this name already exists on the workflow run: {name}";
        Directory.CreateDirectory(_folder[name]);
        if (File.Exists(from))
            File.Copy(from, Path.Combine(_folder[name], Path.GetFileName(from)));
        else
            CopyFolder(from, _folder[name]);
        return null;
    }

    /// <summary>Puts artifacts into a workspace; null, or why the step fails.</summary>
    /// <remarks>
    /// One by its name lies at the path itself; several by a pattern in a folder of their names each, or all together with merge-multiple.
    /// </remarks>
    public string? Download(string workspace, IReadOnlyDictionary<string, string> with)
    {
        var to = Path.Combine(workspace, with["path"]);
        if (with["name"] is { Length: > 0 } name)
        {
            if (!Directory.Exists(_folder[name]))
                return $"Unable to find the artifact {name}";
            CopyFolder(_folder[name], to);
            return null;
        }

        var pattern = new Regex(
            "^" + Regex.Escape(with["pattern"] is { Length: > 0 } glob ? glob : "*").Replace("\\*", ".*", StringComparison.Ordinal) + "$"
        );
        foreach (
            var folder in Directory
                .GetDirectories(_folder.Path)
                .Order(StringComparer.Ordinal)
                .Where(folder => pattern.IsMatch(Path.GetFileName(folder)))
        )
            CopyFolder(folder, with["merge-multiple"] == "true" ? to : Path.Combine(to, Path.GetFileName(folder)));
        return null;
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
