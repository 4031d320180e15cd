using System.Text.Json;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>A page of a listing in its parts: each entry is read by itself, so that one that is wrong spoils no other.</summary>
/// <param name="Entries">The JSON of each entry.</param>
/// <param name="Next">The page's member <c>next</c>; null when it has none.</param>
internal sealed record JsonPage(IReadOnlyList<ReadOnlyMemory<byte>> Entries, string? Next)
{
    /// <summary>Takes a page apart that is an object, and nothing else.</summary>
    /// <param name="json">The page.</param>
    /// <param name="list">The member that holds the entries.</param>
    /// <exception cref="FormatException">It is not such a page.</exception>
    public static JsonPage ReadObject(ReadOnlyMemory<byte> json, string list) =>
        json.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? Read(json, list) : throw new FormatException($"a page has no {list}");

    /// <summary>Takes a page apart.</summary>
    /// <param name="json">The page: the array of its entries, or an object.</param>
    /// <param name="list">The member of the object that holds the entries.</param>
    /// <exception cref="FormatException">It is not such a page.</exception>
    public static JsonPage Read(ReadOnlyMemory<byte> json, string list)
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            reader.Read();
            var page = reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, json, list) : new(ReadEntries(ref reader, json), null);
            reader.Read(); // Throws when anything stands behind it.
            return page;
        }
        catch (JsonException e)
        {
            throw JsonForm.Wrong(JsonForm.Describe(e));
        }
    }

    private static JsonPage ReadObject(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, string list)
    {
        List<ReadOnlyMemory<byte>>? entries = null;
        string? next = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isList, isNext) = (reader.ValueTextEquals(list), reader.ValueTextEquals("next"));
            reader.Read();
            if (isList)
            {
                entries = ReadEntries(ref reader, json);
            }
            else if (isNext && reader.TokenType == JsonTokenType.String)
            {
                next = ReadText(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new(entries ?? throw new FormatException($"a page has no {list}"), next);
    }

    private static List<ReadOnlyMemory<byte>> ReadEntries(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException("a page holds no list");
        }

        List<ReadOnlyMemory<byte>> entries = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            entries.Add(json[start..(int)reader.BytesConsumed]);
            if (entries.Count > Pagination.MaxEntries)
            {
                throw new FormatException(FormattableString.Invariant($"a page has more than {Pagination.MaxEntries} entries"));
            }
        }

        return entries;
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw JsonForm.Wrong("the address of the next page is not text");
        }
    }
}
