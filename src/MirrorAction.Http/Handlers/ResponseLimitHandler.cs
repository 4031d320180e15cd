using System.Net.Http.Headers;

namespace MirrorAction.Http.Handlers;

/// <summary>
/// Makes one exchange, limited in time and size: reads the whole body into memory, up to a limit, while bytes keep coming. What fails on the way is a
/// <see cref="HostException"/>. Innermost in the chain; each exchange is a request of its own to the transport.
/// </summary>
/// <param name="transport">What requests go over; stays its owner's.</param>
/// <param name="options">The host.</param>
/// <param name="failures">Puts what fails into words.</param>
/// <param name="time">The clock of the idle limit.</param>
/// <param name="onRequest">Called before each request.</param>
/// <param name="cutsTexts">Answers are pages of a listing: long texts are cut as they are read.</param>
internal sealed class ResponseLimitHandler(
    HttpClient transport,
    RestOptions options,
    RestFailures failures,
    TimeProvider time,
    Action onRequest,
    bool cutsTexts
) : HttpMessageHandler
{
    private static readonly ProductInfoHeaderValue s_agent = new("MirrorAction", RestClient.Version);

    /// <inheritdoc/>
    /// <exception cref="HostException">There was no complete answer, or one that is too large.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var name = $"{options.Name}: {request.Method} {request.RequestUri!.AbsolutePath}";
        using var silence = new CancellationTokenSource(options.IdleTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        using var exchange = await CopyAsync(request, cancellationToken);
        onRequest();
        try
        {
            using var response = await transport.SendAsync(exchange, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await ReadAsync(name, request, response, () => silence.CancelAfter(options.IdleTimeout), both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var what = silence.IsCancellationRequested ? $"no byte of an answer for {options.IdleTimeout.TotalSeconds:0} s" : "no connection in time";
            throw failures.NoAnswer(name, what);
        }
        catch (InvalidDataException)
        {
            throw failures.NoAnswer(name, "the compressed answer is damaged");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw failures.NotSecure(name, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            throw failures.NoWayOut(name, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw failures.NoAnswer(name, RestFailures.Chain(e));
        }
    }

    /// <summary>The request with what every request of this host has. A body has a length: Bitbucket answers 411 to a chunked one.</summary>
    private async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var agent in request.Headers.UserAgent.DefaultIfEmpty(s_agent))
        {
            copy.Headers.UserAgent.Add(agent);
        }

        copy.Headers.Authorization = request.Headers.Authorization;
        foreach (var (header, value) in options.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header, value);
        }

        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken));
            copy.Content.Headers.ContentType = new MediaTypeHeaderValue(options.BodyType);
        }

        return copy;
    }

    private async Task<HttpResponseMessage> ReadAsync(
        string name,
        HttpRequestMessage request,
        HttpResponseMessage response,
        Action onBytes,
        CancellationToken cancellationToken
    )
    {
        var limit = response.IsSuccessStatusCode ? RestClient.MaxBody : RestClient.MaxErrorBody;
        var cutter = cutsTexts && response.IsSuccessStatusCode ? new JsonTextCutter() : null;
        var (body, received) = await ReadAsync(response.Content, limit, cutter, onBytes, cancellationToken);
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        var answer = new RestResponse(name, (int)response.StatusCode, response.Headers, mediaType, body)
        {
            Method = request.Method,
            Received = received,
        };
        var most = cutter is not null && body.Length > RestClient.MaxPage ? RestClient.MaxPage : RestClient.MaxBody;
        return response.IsSuccessStatusCode && (received > limit || body.Length > most)
            ? throw answer.NotUnderstood($"it is larger than {most >> 20} MiB")
            : answer.ToMessage(request);
    }

    // Up to one byte more than the limit, by which the caller knows that there was more.
    private static async Task<(byte[] Kept, long Received)> ReadAsync(
        HttpContent content,
        int limit,
        JsonTextCutter? cutter,
        Action onBytes,
        CancellationToken cancellationToken
    )
    {
        var received = 0L;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (received <= limit && (cutter is null || body.Length <= RestClient.MaxPage))
        {
            var want = (int)Math.Min(buffer.Length, limit + 1 - received);
            var got = await stream.ReadAsync(buffer.AsMemory(0, want), cancellationToken);
            if (got == 0)
            {
                break;
            }

            received += got;
            body.Write(buffer, 0, cutter?.Cut(buffer.AsSpan(0, got)) ?? got);
            onBytes();
        }

        return (body.ToArray(), received);
    }
}
