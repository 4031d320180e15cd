namespace MirrorAction.Inputs;

/// <summary>Opens files in folders that others write to: a checkout, the artifacts of other jobs.</summary>
internal static class OrdinaryFile
{
    /// <summary>
    /// Opens a file to be read. What has no length comes as an empty file and is not opened: it may be a pipe or a device, which can block for ever
    /// and need not end.
    /// </summary>
    /// <exception cref="IOException">It is not there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static Stream OpenRead(string path)
    {
        // The length of a link is that of its text.
        var file = new FileInfo(path);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return target.Length == 0 ? Stream.Null : target.OpenRead();
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A larger one is not read.</param>
    /// <exception cref="FormatException">It is larger; the message says so.</exception>
    /// <exception cref="IOException">It is not there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] ReadBytes(string path, int maxBytes)
    {
        using var file = OpenRead(path);
        if (file.Length > maxBytes)
        {
            throw new FormatException(FormattableString.Invariant($"is larger than {maxBytes / 1024} KiB"));
        }

        var bytes = new byte[file.Length];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..count];
    }
}
