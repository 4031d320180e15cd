using System.Text.Json;

namespace MirrorAction.Hosts.GitLab;

/// <summary>Reads the sentences for people in a refusal of GitLab's REST interface.</summary>
/// <remarks><code>
/// {"message":"404 Project Not Found"}
/// {"message":{"path":["has already been taken"]}}
/// {"error":"insufficient_scope","error_description":"…","scope":"api"}
/// </code></remarks>
internal static class GitLabError
{
    /// <summary>Sentences are a few; what has more is none of GitLab's.</summary>
    private const int MaxDepth = 4;

    /// <summary>All sentences in a row; null when the body has not that form.</summary>
    public static string? TryRead(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize(body, GitLabJson.Default.GitLabErrorBody) is not { } error)
            {
                return null;
            }

            List<string> sentences = [];
            Add(sentences, "", error.Message, MaxDepth);
            Add(sentences, "", error.Error, MaxDepth);
            Add(sentences, "", error.ErrorDescription, MaxDepth);
            return sentences.Count == 0 ? null : string.Join(' ', sentences);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    private static void Add(List<string> sentences, string field, JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when element.GetString() is { Length: > 0 } text:
                sentences.Add(field.Length == 0 ? text : $"{field}: {text}");
                break;
            case JsonValueKind.Array when depth > 0:
                foreach (var item in element.EnumerateArray())
                {
                    Add(sentences, field, item, depth - 1);
                }

                break;
            case JsonValueKind.Object when depth > 0:
                foreach (var member in element.EnumerateObject())
                {
                    Add(sentences, member.Name, member.Value, depth - 1);
                }

                break;
        }
    }
}
