using System.Globalization;

namespace MirrorAction.Reporting;

/// <summary>Numbers with units, short, for people.</summary>
internal static class Quantity
{
    private static readonly string[] s_units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary><c>512 B</c>, <c>1.5 KiB</c>, <c>12 KiB</c>.</summary>
    public static string Bytes(long count)
    {
        var value = (double)count;
        var unit = 0;
        while (value >= 1000 && unit < s_units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var digits = unit == 0 || value >= 10 || value == Math.Floor(value) ? "0" : "0.0";
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(digits, CultureInfo.InvariantCulture)} {s_units[unit]}");
    }

    /// <summary><c>0.4 s</c>, <c>12 s</c>, <c>2 min 5 s</c>, <c>1 h 3 min</c>.</summary>
    public static string Duration(long milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        return time switch
        {
            { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
            { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalSeconds):0} s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours):0} h {time.Minutes} min"),
        };
    }

    /// <summary><c>less than a minute</c>, <c>5 minutes</c>, <c>3 hours</c>, <c>2 days</c>.</summary>
    public static string Age(TimeSpan age) =>
        age switch
        {
            { TotalMinutes: < 1 } => "less than a minute",
            { TotalHours: < 1 } => Count((long)age.TotalMinutes, "minute"),
            { TotalDays: < 1 } => Count((long)age.TotalHours, "hour"),
            _ => Count((long)age.TotalDays, "day"),
        };

    /// <summary><c>1 ref</c>, <c>3 refs</c>, <c>2 repositories</c>.</summary>
    public static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
