using MirrorAction.Inputs;

namespace MirrorAction.Reporting;

/// <summary>Writes files of which a reader finds the whole or nothing.</summary>
internal static class WholeFile
{
    /// <summary>Writes the file under another name first, and renames it then. Makes the folder where there is none.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="write">Writes its contents.</param>
    /// <exception cref="IOException">The folder can't be made or the file not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = File.Create(unfinished))
            {
                write(file);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}

/// <summary>A file that may be a report.</summary>
internal static class ReportFile
{
    /// <summary>A report of 10,000 repositories with a hundred changed refs each is half as large.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>Opens the file to be read; seekable.</summary>
    /// <exception cref="FormatException">It is too large to be a report, or has no contents; the message says so.</exception>
    /// <exception cref="IOException">It is not there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static Stream Open(string path)
    {
        var file = OrdinaryFile.OpenRead(path);
        var size = file.Length;
        if (size is > 0 and <= MaxBytes)
        {
            return file;
        }

        file.Dispose();
        throw new FormatException(size == 0 ? "is empty, or a pipe or a device" : $"is too large to be a report: {Quantity.Bytes(size)}");
    }
}

/// <summary>Where a run leaves what it tells. Immutable.</summary>
/// <param name="Folder">The folder for <c>report.json</c>, the page, the badge and the metrics, absolute.</param>
/// <param name="History">The file to which it appends a line, absolute.</param>
internal sealed record ReportPlace(string Folder, string History);
