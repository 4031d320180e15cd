using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>How GitHub converts and compares the values of expressions.</summary>
internal static class ExpressionValue
{
    public static bool IsTrue(JsonNode? value) =>
        Kind(value) switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.String => ToText(value).Length > 0,
            JsonValueKind.Number => ToNumber(value) is not (0 or double.NaN),
            _ => true,
        };

    /// <summary>Nothing is the empty string.</summary>
    public static string ToText(JsonNode? value) =>
        Kind(value) switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.String => value!.GetValue<string>(),
            JsonValueKind.Number => ToNumber(value).ToString("G15", CultureInfo.InvariantCulture),
            JsonValueKind.Array => "Array",
            _ => "Object",
        };

    public static double ToNumber(JsonNode? value) =>
        Kind(value) switch
        {
            JsonValueKind.Null or JsonValueKind.False => 0,
            JsonValueKind.True => 1,
            JsonValueKind.String => ToText(value).Trim() is { Length: > 0 } text ? Parse(text) : 0,
            JsonValueKind.Number => Parse(value!.ToJsonString()),
            _ => double.NaN,
        };

    /// <summary>Strings are compared without regard to case; values of different kinds as numbers; objects are equal to themselves only.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        var (leftKind, rightKind) = (Kind(left), Kind(right));
        if (leftKind is JsonValueKind.String && rightKind is JsonValueKind.String)
            return ToText(left).Equals(ToText(right), StringComparison.OrdinalIgnoreCase);
        if (leftKind is JsonValueKind.Object or JsonValueKind.Array || rightKind is JsonValueKind.Object or JsonValueKind.Array)
            return ReferenceEquals(left, right);
        return ToNumber(left).Equals(ToNumber(right)) && !double.IsNaN(ToNumber(left));
    }

    public static JsonValueKind Kind(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    private static double Parse(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
