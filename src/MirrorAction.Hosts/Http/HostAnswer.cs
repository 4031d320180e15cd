using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MirrorAction.Hosts.Http;

/// <summary>A complete answer to a REST request, held in memory.</summary>
/// <param name="Request">Method and path, for messages; no query, no host, no credentials.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers.</param>
/// <param name="ContentType">The media type of the body; null when the server named none.</param>
/// <param name="Body">The body, decompressed; of a refusal only the beginning.</param>
internal sealed record HostAnswer(string Request, int Status, HttpResponseHeaders Headers, string? ContentType, byte[] Body)
{
    /// <summary>What was asked: a refusal to read means something else than a refusal to create.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The body as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A web page where JSON was due.</summary>
    public bool IsHtml => HostText.LooksLikeHtml(ContentType, Body);

    /// <summary>The first value of a header; null when it is not there.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Reads the body.</summary>
    /// <exception cref="HostException">It is not JSON of that shape (<see cref="HostFailureKind.Protocol"/>).</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw NotUnderstood("the answer is null");
        }
        catch (JsonException e)
        {
            // Its message may quote names from the body, so it is not handed on as the inner exception.
            throw NotUnderstood($"the JSON is wrong near line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
        }
    }

    /// <summary>The exception for an answer with the right status and the wrong contents.</summary>
    public HostException NotUnderstood(string why) => new(
        $"{Request} was answered in a way that is not understood: {why}.",
        new HostFailure(HostFailureKind.Protocol, "Check that the API address is right and that no proxy changes the answers; if both are, "
            + "report it as a bug of this action."))
    {
        Status = Status,
    };
}
