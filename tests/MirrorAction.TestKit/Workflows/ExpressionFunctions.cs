using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>The functions that expressions may call, as GitHub defines them.</summary>
internal static class ExpressionFunctions
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    private static readonly Dictionary<string, (int Least, int Most)> s_known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["fromJSON"] = (1, 1),
        ["toJSON"] = (1, 1),
        ["format"] = (1, int.MaxValue),
        ["contains"] = (2, 2),
        ["startsWith"] = (2, 2),
        ["endsWith"] = (2, 2),
        ["always"] = (0, 0),
        ["success"] = (0, 0),
        ["failure"] = (0, 0),
        ["cancelled"] = (0, 0),
    };

    public static bool IsKnown(string name, int arguments) =>
        s_known.TryGetValue(name, out var range) && arguments >= range.Least && arguments <= range.Most;

    /// <summary>Whether it asks how things went so far, which only an <c>if</c> can.</summary>
    public static bool IsStatus(string name) => name.ToUpperInvariant() is "ALWAYS" or "SUCCESS" or "FAILURE" or "CANCELLED";

    public static JsonNode? Call(string name, IReadOnlyList<JsonNode?> arguments, StatusSoFar status) =>
        name.ToUpperInvariant() switch
        {
            "FROMJSON" => FromJson(ExpressionValue.ToText(arguments[0])),
            "TOJSON" => arguments[0]?.ToJsonString(s_indented) ?? "null",
            "FORMAT" => Format(ExpressionValue.ToText(arguments[0]), [.. arguments.Skip(1).Select(ExpressionValue.ToText)]),
            "CONTAINS" => arguments[0] is JsonArray items
                ? items.Any(item => ExpressionValue.AreEqual(item, arguments[1]))
                : ExpressionValue.ToText(arguments[0]).Contains(ExpressionValue.ToText(arguments[1]), StringComparison.OrdinalIgnoreCase),
            "STARTSWITH" => ExpressionValue.ToText(arguments[0]).StartsWith(ExpressionValue.ToText(arguments[1]), StringComparison.OrdinalIgnoreCase),
            "ENDSWITH" => ExpressionValue.ToText(arguments[0]).EndsWith(ExpressionValue.ToText(arguments[1]), StringComparison.OrdinalIgnoreCase),
            "ALWAYS" => true,
            "SUCCESS" => status == StatusSoFar.Success,
            "FAILURE" => status == StatusSoFar.Failure,
            _ => false, // Nobody cancels a run of the tests.
        };

    private static JsonNode? FromJson(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new WorkflowException($"fromJSON: `{text}` is not JSON: {e.Message}");
        }
    }

    private static string Format(string text, string[] values)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                result.Append(text[i++]);
            }
            else if (
                text[i] == '{'
                && text.IndexOf('}', i) is var end and > 0
                && int.TryParse(text[(i + 1)..end], out var index)
                && index >= 0
                && index < values.Length
            )
            {
                result.Append(values[index]);
                i = end;
            }
            else if (text[i] is '{' or '}')
            {
                throw new WorkflowException($"format: `{text}` names a value that is not given.");
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
