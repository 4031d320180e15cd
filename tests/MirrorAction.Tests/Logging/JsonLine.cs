using System.Text.Json;
using System.Text.RegularExpressions;

namespace MirrorAction.Tests.Logging;

/// <summary>A line of a log in JSON, as a log collector reads it.</summary>
internal sealed partial class JsonLine
{
    private readonly JsonElement _event;

    private JsonLine(JsonElement logEvent) => _event = logEvent;

    public string Template => _event.GetProperty("@mt").GetString()!;

    /// <summary>Null for information, which the format leaves out.</summary>
    public string? Level => Text("@l");

    public DateTimeOffset Time => _event.GetProperty("@t").GetDateTimeOffset();

    /// <summary>Every event of an output; other lines may only be the runner's.</summary>
    public static List<JsonLine> AllOf(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Where(line => !line.StartsWith('{')).ShouldAllBe(line => CommandLine().IsMatch(line), output);
        return [.. lines.Where(line => line.StartsWith('{')).Select(Parse)];
    }

    public static JsonLine Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new(document.RootElement.Clone());
    }

    public string? Text(string name) => _event.TryGetProperty(name, out var value) ? value.ToString() : null;

    public long Number(string name) => _event.GetProperty(name).GetInt64();

    /// <summary>What the template names.</summary>
    public IEnumerable<string> Names => Placeholder().Matches(Template).Select(match => match.Groups[1].Value);

    /// <summary>What the template names and the event lacks.</summary>
    public IEnumerable<string> MissingNames => Names.Where(name => !_event.TryGetProperty(name, out _));

    [GeneratedRegex("^::(add-mask|error|warning)( [^:]*)?::", RegexOptions.NonBacktracking)]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"\{(\w+)[^}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
