using System.Text.Json;

namespace MirrorAction.Hosts.Http;

/// <summary>A page of a listing in its parts: each entry is read by itself, so that one that is wrong spoils no other.</summary>
/// <param name="Entries">The JSON of each entry.</param>
/// <param name="Next">The page's member <c>next</c>; null when it has none.</param>
internal sealed record JsonPage(IReadOnlyList<ReadOnlyMemory<byte>> Entries, string? Next)
{
    /// <summary>Takes a page apart.</summary>
    /// <param name="answer">The page.</param>
    /// <param name="list">The member that holds the entries; null when the page is the array itself.</param>
    /// <exception cref="HostException">It is not such a page (<see cref="HostFailureKind.Protocol"/>).</exception>
    public static JsonPage Read(HostAnswer answer, string? list)
    {
        try
        {
            var reader = new Utf8JsonReader(answer.Body);
            reader.Read();
            var page = list is null ? new(ReadEntries(ref reader, answer), null) : ReadObject(ref reader, answer, list);
            reader.Read(); // Throws when anything stands behind it.
            return page;
        }
        catch (JsonException e)
        {
            throw answer.NotUnderstood(JsonForm.Describe(e));
        }
    }

    private static JsonPage ReadObject(ref Utf8JsonReader reader, HostAnswer answer, string list)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw answer.NotUnderstood("a page is not an object");
        }

        List<ReadOnlyMemory<byte>>? entries = null;
        string? next = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isList, isNext) = (reader.ValueTextEquals(list), reader.ValueTextEquals("next"));
            reader.Read();
            if (isList)
            {
                entries = ReadEntries(ref reader, answer);
            }
            else if (isNext && reader.TokenType == JsonTokenType.String)
            {
                next = ReadText(ref reader, answer);
            }
            else
            {
                reader.Skip();
            }
        }

        return new(entries ?? throw answer.NotUnderstood($"a page has no {list}"), next);
    }

    private static List<ReadOnlyMemory<byte>> ReadEntries(ref Utf8JsonReader reader, HostAnswer answer)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw answer.NotUnderstood("a page holds no list");
        }

        List<ReadOnlyMemory<byte>> entries = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            entries.Add(answer.Body.AsMemory(start..(int)reader.BytesConsumed));
            if (entries.Count > Pagination.MaxEntries)
            {
                throw answer.NotUnderstood(FormattableString.Invariant($"a page has more than {Pagination.MaxEntries} entries"));
            }
        }

        return entries;
    }

    private static string? ReadText(ref Utf8JsonReader reader, HostAnswer answer)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw answer.NotUnderstood("the address of the next page is not text");
        }
    }
}
