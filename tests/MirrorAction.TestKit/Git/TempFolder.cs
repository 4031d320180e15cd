using System.Diagnostics;

namespace MirrorAction.TestKit;

/// <summary>A folder of its own under the system's temp folder, deleted with everything in it on disposal.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder; the prefix helps to find out who left one behind.</summary>
    public TempFolder(string prefix = "mirror-") => Path = Directory.CreateTempSubdirectory(prefix).FullName;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>A path below this folder; nothing is created.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Creates a folder below this one.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // .NET cannot name files whose names are not UTF-8, and refs with such names are files.
            using var remove = Process.Start("rm", ["-rf", "--", Path]);
            remove.WaitForExit();
        }
    }

    public override string ToString() => Path;
}
