using MirrorAction.Inputs;

namespace MirrorAction.Reporting;

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
