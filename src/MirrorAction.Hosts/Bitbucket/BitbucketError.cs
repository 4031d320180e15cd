using System.Text.Json;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>What a refusal of Bitbucket's REST interface says, as far as it can be read.</summary>
/// <param name="Message">All its sentences in a row.</param>
/// <param name="RequiredScopes">The scopes that the call needs; empty when it does not say.</param>
/// <param name="AnnouncementUrl">Where Bitbucket announced the end of a function; null when it names nothing.</param>
/// <remarks><code>
/// {"type":"error","error":{"message":"…","detail":"…" or {"required":["…"],"granted":["…"]},"fields":{"name":["…"]},
///  "data":{"announcement_url":"…"}}}
/// </code></remarks>
internal sealed record BitbucketError(string Message, IReadOnlyList<string> RequiredScopes, string? AnnouncementUrl)
{
    /// <summary>Reads a body; null when it has not that form.</summary>
    public static BitbucketError? TryRead(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, BitbucketJson.Default.BitbucketErrorBody)?.Error is { } error ? Read(error) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    /// <summary>The sentence in a refusal of the OAuth server, <c>{"error":"…","error_description":"…"}</c>; null when there is none.</summary>
    public static string? TryReadOAuth(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, BitbucketJson.Default.BitbucketOAuthError) is { } error
                ? string.Join(": ", new[] { error.Error, error.ErrorDescription }.Where(text => !string.IsNullOrWhiteSpace(text)))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static BitbucketError Read(BitbucketErrorContent error)
    {
        List<string> sentences = [];
        Add(sentences, error.Message);
        AddStrings(sentences, error.Detail);
        if (error.Fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in error.Fields.EnumerateObject())
            {
                List<string> faults = [];
                AddStrings(faults, field.Value);
                Add(sentences, $"{field.Name}: {string.Join(' ', faults)}");
            }
        }

        List<string> required = [];
        AddStrings(required, Member(error.Detail, "required"));
        List<string> announcement = [];
        AddStrings(announcement, Member(error.Data, "announcement_url"));
        return new BitbucketError(string.Join(' ', sentences), required, announcement.FirstOrDefault());
    }

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    // A sentence, or a list of them; objects and numbers are not for people.
    private static void AddStrings(List<string> list, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            Add(list, element.GetString());
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String))
            {
                Add(list, item.GetString());
            }
        }
    }

    private static void Add(List<string> list, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            list.Add(text);
        }
    }
}
