using System.Net.Http.Headers;
using System.Text;
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

    /// <summary>Bytes that came, decompressed; more than the body has where long texts were cut.</summary>
    public long Received { get; init; } = Body.Length;

    /// <summary>The body as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A web page where JSON was due.</summary>
    public bool IsHtml => HostText.LooksLikeHtml(ContentType, Body);

    /// <summary>The first value of a header; null when it is not there.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Reads the body.</summary>
    /// <exception cref="HostException">It is not JSON of that shape (<see cref="HostFailureKind.Protocol"/>).</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class => Read(type, content => content);

    /// <summary>Reads the body and makes something of it.</summary>
    /// <param name="type">The form of the body.</param>
    /// <param name="convert">Throws <see cref="FormatException"/> where it can't.</param>
    /// <exception cref="HostException">It is not JSON of that shape, or nothing can be made of it
    /// (<see cref="HostFailureKind.Protocol"/>).</exception>
    public TResult Read<T, TResult>(JsonTypeInfo<T> type, Func<T, TResult> convert)
        where T : class
    {
        try
        {
            return convert(JsonForm.Read(Body, type));
        }
        catch (FormatException e)
        {
            throw NotUnderstood(e.Message);
        }
    }

    /// <summary>The exception for an answer with the right status and the wrong contents.</summary>
    public HostException NotUnderstood(string why) =>
        new(
            $"{Request} was answered in a way that is not understood: {why}.",
            new HostFailure(
                HostFailureKind.Protocol,
                "Check that the API address is right and that no proxy changes the answers; if both are, " + "report it as a bug of this action."
            )
        )
        {
            Status = Status,
        };
}
