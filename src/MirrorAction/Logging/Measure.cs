using System.Globalization;
using MirrorAction.Reporting;

namespace MirrorAction.Logging;

/// <summary>
/// A number of bytes (<c>{Name:bytes}</c>) or milliseconds (<c>{Name:time}</c>): people read it with a unit, a log collector gets the number.
/// </summary>
/// <param name="Value">The number.</param>
internal readonly record struct Measure(long Value) : IFormattable
{
    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        format switch
        {
            "bytes" => Quantity.Bytes(Value),
            "time" => Quantity.Duration(Value),
            _ => Value.ToString(formatProvider),
        };

    /// <inheritdoc/>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);
}
