namespace MirrorAction.TestKit;

/// <summary>Puts the hooks of a host into one folder for all its repositories; what they refuse is in the environment of each push.</summary>
internal static class ServerHook
{
    /// <summary>Writes a script once; returns the folder, for <c>core.hooksPath</c>.</summary>
    public static string Install(string hostFolder, string name, string script)
    {
        var folder = Directory.CreateDirectory(Path.Combine(hostFolder, ".hooks")).FullName;
        var file = Path.Combine(folder, name);
        if (File.Exists(file))
            return folder;

        // Written under another name first: a script that is still open for writing cannot be run by the request next door.
        var draft = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(draft, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(draft, (UnixFileMode)0b111_101_101);
        File.Move(draft, file, overwrite: true);
        return folder;
    }
}
