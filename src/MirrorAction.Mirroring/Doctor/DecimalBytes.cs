using System.Globalization;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>
/// Numbers of bytes in decimal units: 1 GB is 1,000,000,000 bytes, the smaller of the two readings of a host's limit.
/// </summary>
internal static class DecimalBytes
{
    internal const long PerGigabyte = 1_000_000_000;

    /// <summary><c>4 GB</c>: a limit, which is a whole number of gigabytes.</summary>
    internal static string Whole(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / PerGigabyte} GB");

    /// <summary><c>0.4 MB</c>, <c>12 MB</c>, <c>3.6 GB</c>.</summary>
    internal static string Text(double bytes)
    {
        var (value, unit) = bytes >= PerGigabyte ? (bytes / PerGigabyte, "GB") : (bytes / 1_000_000, "MB");
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(value < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture)} {unit}");
    }
}
