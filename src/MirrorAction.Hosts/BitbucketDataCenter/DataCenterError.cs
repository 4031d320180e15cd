using System.Text.Json;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>What a refusal of the REST interface says, as far as it can be read.</summary>
/// <param name="Message">All its sentences in a row, in the language of the token's user.</param>
/// <param name="Exceptions">The names of the exceptions without their packages; empty where it tells none.</param>
/// <remarks><code>
/// {"errors":[{"context":"name","message":"This repository URL is already taken by 'x' in 'Y'","exceptionName":"com.atlassian…Exception"}]}
/// </code></remarks>
internal sealed record DataCenterError(string Message, IReadOnlyList<string> Exceptions)
{
    /// <summary>Reads a body; null when it has not that form.</summary>
    public static DataCenterError? TryRead(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, DataCenterJson.Default.DataCenterErrorBody) is { } error ? Read(error) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    private static DataCenterError? Read(DataCenterErrorBody body)
    {
        if (body is { Errors: null, Message: null })
        {
            return null;
        }

        var errors = (body.Errors ?? []).OfType<DataCenterErrorEntry>().ToList();
        var sentences = errors.Select(Sentence).Append(body.Message).Where(text => !string.IsNullOrWhiteSpace(text));
        return new(
            string.Join(' ', sentences),
            [.. errors.Select(error => error.ExceptionName).OfType<string>().Select(name => name[(name.LastIndexOf('.') + 1)..])]
        );
    }

    private static string? Sentence(DataCenterErrorEntry error) =>
        string.IsNullOrWhiteSpace(error.Message) || string.IsNullOrWhiteSpace(error.Context) ? error.Message : $"{error.Context}: {error.Message}";
}
