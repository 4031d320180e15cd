using System.Globalization;
using System.Text;

namespace MirrorAction.Benchmarks.Compare.Measuring;

/// <summary>Writes git's pkt-lines.</summary>
internal static class PktLine
{
    internal const string Flush = "0000";
    internal const string Delimiter = "0001";

    /// <summary>A line of text: its length, itself, a line feed.</summary>
    internal static string Of(string text) => string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text) + 5:x4}{text}\n");
}
