using System.Net.Http.Headers;
using System.Text;

namespace MirrorAction.Http;

/// <summary>A complete answer to a REST request, held in memory.</summary>
/// <param name="Request">Method and path, for messages; no query, no host, no credentials.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers.</param>
/// <param name="ContentType">The media type of the body; null when the server named none.</param>
/// <param name="Body">The body, decompressed; of a refusal only the beginning.</param>
internal sealed record RestResponse(string Request, int Status, HttpResponseHeaders Headers, string? ContentType, byte[] Body)
{
    /// <summary>What was asked: a refusal to read means something else than a refusal to create.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Bytes that came, decompressed; more than the body has where long texts were cut.</summary>
    public long Received { get; init; } = Body.Length;

    /// <summary>The body as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>A web page where JSON was due.</summary>
    public bool IsHtml => TextSanitizer.LooksLikeHtml(ContentType, Body);

    /// <summary>The answer in a message of the chain, which <see cref="Handlers.ResponseLimitHandler"/> read.</summary>
    public static RestResponse Of(HttpResponseMessage message) => Of(message.Content);

    /// <summary>The answer that a message's content came with.</summary>
    public static RestResponse Of(HttpContent content) => ((ReadContent)content).Response;

    /// <summary>The answer as a message, its body in memory, for the handlers and libraries above.</summary>
    public HttpResponseMessage ToMessage(HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((System.Net.HttpStatusCode)Status) { RequestMessage = request, Content = new ReadContent(this) };
        foreach (var (name, values) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, values);
        }

        return message;
    }

    /// <summary>The first value of a header; null when it is not there.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Makes something of the body.</summary>
    /// <param name="make">Throws <see cref="FormatException"/> where it can't.</param>
    /// <exception cref="HostException">Nothing can be made of it (<see cref="HostFailureKind.Protocol"/>).</exception>
    public T Make<T>(Func<byte[], T> make)
    {
        try
        {
            return make(Body);
        }
        catch (FormatException e)
        {
            throw NotUnderstood(e.Message);
        }
    }

    /// <summary>The exception for an answer with the right status and the wrong contents.</summary>
    public HostException NotUnderstood(string why) => NotUnderstood(Request, why, Status);

    /// <summary>The exception for an answer with the right status and the wrong contents.</summary>
    /// <param name="request">What was asked, as the beginning of a sentence.</param>
    /// <param name="why">What is wrong.</param>
    /// <param name="status">The HTTP status.</param>
    public static HostException NotUnderstood(string request, string why, int status = 200) =>
        new(
            $"{request} was answered in a way that is not understood: {why}.",
            new HostFailure(
                HostFailureKind.Protocol,
                "Check that the API address is right and that no proxy changes the answers; if both are, " + "report it as a bug of this action."
            )
        )
        {
            Status = status,
        };

    /// <summary>A body that remembers its answer. JSON is what it holds for those above: the kind was checked below.</summary>
    private sealed class ReadContent : ByteArrayContent
    {
        internal ReadContent(RestResponse response)
            : base(response.Body)
        {
            Response = response;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        internal RestResponse Response { get; }
    }
}
