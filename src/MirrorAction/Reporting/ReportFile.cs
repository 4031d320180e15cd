namespace MirrorAction.Reporting;

/// <summary>The bytes of a file that may be a report.</summary>
internal static class ReportFile
{
    /// <summary>A report of 10,000 repositories with a hundred changed refs each is half as large; what is larger would be read into memory whole.</summary>
    private const long MaxBytes = 512L * 1024 * 1024;

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It is too large to be a report; the message says so.</exception>
    /// <exception cref="IOException">It is not there or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] Read(string path)
    {
        var size = new FileInfo(path).Length;
        return size <= MaxBytes ? File.ReadAllBytes(path) : throw new FormatException($"is too large to be a report: {Quantity.Bytes(size)}");
    }
}
