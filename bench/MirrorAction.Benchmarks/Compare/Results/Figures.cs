using System.Globalization;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>Numbers as tables and chart show them: three digits that count.</summary>
internal static class Figures
{
    internal static string Number(double value) =>
        value.ToString(
            value switch
            {
                0 => "0",
                < 0.0995 => "0.000",
                < 9.995 => "0.00",
                < 99.95 => "0.0",
                _ => "#,0",
            },
            CultureInfo.InvariantCulture
        );

    /// <summary>A number of things, whole unless the median of an even number of rounds is not.</summary>
    internal static string Count(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    internal static string Seconds(double value) => $"{Number(value)} s";

    internal static string Times(double ratio) => $"{Number(ratio)} ×";

    /// <summary>Millions of bytes.</summary>
    internal static string Megabytes(double bytes) => Number(bytes / 1e6);

    internal static string Mebibytes(double bytes) => Number(bytes / (1 << 20));
}
