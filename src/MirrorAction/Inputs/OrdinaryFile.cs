using System.Text;

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

/// <summary>A private key that is given by the path of its file: few shells can export a text of several lines.</summary>
internal static class PrivateKeyFile
{
    /// <summary>No key is as long.</summary>
    private const int MaxBytes = 64 * 1024;

    private const string Frame = "-----BEGIN ";

    /// <summary>What the file holds; null when the value is no path of a file with a key that can be read.</summary>
    public static string? TryRead(string? value)
    {
        if (value is null || value.Contains(Frame, StringComparison.Ordinal) || !File.Exists(value))
        {
            return null;
        }

        try
        {
            var text = Encoding.UTF8.GetString(OrdinaryFile.ReadBytes(value, MaxBytes));
            return text.Contains(Frame, StringComparison.Ordinal) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null; // What is expected is told where the input is read.
        }
    }
}
