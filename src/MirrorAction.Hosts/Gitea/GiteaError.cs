using System.Text.Json;

namespace MirrorAction.Hosts.Gitea;

/// <summary>Reads what a refusal of the REST interface says.</summary>
/// <remarks><code>{"message":"…","url":"https://HOST/api/swagger","errors":["…"]}</code></remarks>
internal static class GiteaError
{
    /// <summary>The sentences in a body; null when it has not that form.</summary>
    public static string? Read(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, GiteaJson.Default.GiteaErrorBody) is { } error ? Read(error) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    private static string? Read(GiteaErrorBody error)
    {
        List<string> sentences = [];
        if (!string.IsNullOrWhiteSpace(error.Message))
        {
            sentences.Add(error.Message);
        }

        if (error.Errors.ValueKind == JsonValueKind.Array)
        {
            sentences.AddRange(
                error
                    .Errors.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!)
                    .Where(text => !string.IsNullOrWhiteSpace(text))
            );
        }

        return sentences.Count > 0 ? string.Join(' ', sentences) : null;
    }
}
