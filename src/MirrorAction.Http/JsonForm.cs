using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MirrorAction.Http;

/// <summary>Reads the objects of a host's JSON. What is wrong is told by the name of the field; what the server wrote is never quoted.</summary>
internal static class JsonForm
{
    /// <summary>Reads one object.</summary>
    /// <exception cref="FormatException">It is not JSON of that shape; the message says where.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class => (T)Read(json, (JsonTypeInfo)type);

    /// <summary>Reads one object of a type that is known at run time.</summary>
    /// <exception cref="FormatException">It is not JSON of that shape; the message says where.</exception>
    public static object Read(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new FormatException("it is null");
        }
        catch (JsonException e)
        {
            throw Wrong(Describe(e, type)); // Not with what it comes from, which may quote the server.
        }
    }

    /// <summary>The exception without what it comes from, which may quote the server.</summary>
    public static FormatException Wrong(string why) => new(why);

    /// <summary>Where the JSON is wrong.</summary>
    public static string Describe(JsonException e, JsonTypeInfo? type = null)
    {
        var place = FormattableString.Invariant($"near line {e.LineNumber + 1}, byte {e.BytePositionInLine}");

        // Its message and its path may hold names that the server chose.
        var field = type?.Properties.FirstOrDefault(property => $"{e.Path}.".StartsWith($"$.{property.Name}.", StringComparison.Ordinal))?.Name;
        return field is null ? $"the JSON is wrong {place}" : $"its field '{field}' has a value that it can't have, {place}";
    }
}
