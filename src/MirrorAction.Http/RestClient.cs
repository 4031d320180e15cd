using System.Net;
using MirrorAction.Http.Handlers;

namespace MirrorAction.Http;

/// <summary>
/// The one way by which a REST request leaves, whatever library makes it: authorised, paced, limited in time and size, repeated where that makes
/// sense, refused with a <see cref="HostException"/> that says what to do. Thread-safe.
/// </summary>
/// <remarks>
/// The chain, from the caller to the wire: <see cref="RetryHandler"/>, <see cref="RefusalHandler"/>, <see cref="RedirectHandler"/>,
/// <see cref="PacingHandler"/>, <see cref="AuthorizationHandler"/>, <see cref="ResponseLimitHandler"/>.
/// </remarks>
internal sealed class RestClient
{
    /// <summary>
    /// Silence after which a call is given up, where the options say nothing else. A body may take as long as it likes while it comes.
    /// </summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(100);

    /// <summary>After decompression. A page of 100 GitHub repositories has about 0.6 MiB.</summary>
    public const int MaxBody = 32 * 1024 * 1024;

    /// <summary>How much of a page is kept, after its long texts were cut.</summary>
    public const int MaxPage = 8 * 1024 * 1024;

    /// <summary>How much of a refusal's body is read.</summary>
    public const int MaxErrorBody = 64 * 1024;

    /// <summary>Tries after the first one.</summary>
    public const int MaxRetries = 4;

    /// <summary>Of this program, for the header <c>User-Agent</c>.</summary>
    public static readonly string Version = typeof(RestClient).Assembly.GetName().Version?.ToString(3) ?? "0";

    private readonly RetryPolicy _retries;
    private long _requests;

    /// <summary>Sends over a transport that the caller owns.</summary>
    /// <param name="transport">Follows no redirect by itself and has no time limit.</param>
    /// <param name="options">The host, and who asks it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told what a user should know: waits and repetitions.</param>
    public RestClient(HttpClient transport, RestOptions options, TimeProvider time, Action<string> log)
    {
        var pacer = new RequestPacer(options.Name, options.RequestsPerHour, options.Deadline, time, log);
        var failures = new RestFailures(options);
        _retries = new RetryPolicy(options, pacer, time, log);
        HttpMessageHandler Guarded(bool cutsTexts) =>
            new RefusalHandler(failures, pacer, time)
            {
                InnerHandler = new RedirectHandler
                {
                    InnerHandler = new PacingHandler(pacer)
                    {
                        InnerHandler = new AuthorizationHandler(options.Credential, failures)
                        {
                            InnerHandler = new ResponseLimitHandler(transport, options, failures, time, Count, cutsTexts),
                        },
                    },
                },
            };
        Once = Client(Guarded(cutsTexts: false));
        Repeating = Client(new RetryHandler(_retries) { InnerHandler = Guarded(cutsTexts: false) });
        Pages = Client(new RetryHandler(_retries) { InnerHandler = Guarded(cutsTexts: true) });
    }

    /// <summary>For requests whose repetition does no harm: they are repeated while the failure looks temporary.</summary>
    public HttpClient Repeating { get; }

    /// <summary>As <see cref="Repeating"/>, for pages of a listing, of which long texts are cut as they are read.</summary>
    public HttpClient Pages { get; }

    /// <summary>For requests that are sent once, redirects within the host and the renewal of a token apart.</summary>
    public HttpClient Once { get; }

    /// <summary>How many requests went out, repeated ones included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Repeats whatever <paramref name="call"/> does while its <see cref="HostException"/> is temporary.</summary>
    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _retries.RunAsync(call, cancellationToken);

    private void Count() => Interlocked.Increment(ref _requests);

    // Time is limited in the chain, by silence: a wait for a rate limit may be long.
    private static HttpClient Client(HttpMessageHandler handler) => new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
}

/// <summary>What the one send path needs to know of a host. A class, not a record: it holds secrets and must not print them.</summary>
internal sealed class RestOptions
{
    /// <summary>The host's name in messages: <c>GitHub</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Who asks: asked before each request, and told of each 401. Its secrets never appear in a message, whatever the server writes.
    /// </summary>
    public required ICredentialProvider Credential { get; init; }

    /// <summary>Further headers of every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The media type of the bodies that are sent.</summary>
    public string BodyType { get; init; } = "application/json";

    /// <summary>The header with the host's own number for the request.</summary>
    public required string RequestIdHeader { get; init; }

    /// <summary>The sentence for people in a refusal's body; null when there is none.</summary>
    public required Func<string, string?> ReadMessage { get; init; }

    /// <summary>What a refusal means; null when the host has no word of its own for it.</summary>
    public required Func<RestResponse, HostFailure?> Explain { get; init; }

    /// <summary>Ask once more after a 401: outages of the host have answered live credentials so.</summary>
    public bool RepeatsUnauthorized { get; init; }

    /// <summary>Requests that may be sent within any hour; null when only the host counts.</summary>
    public int? RequestsPerHour { get; init; }

    /// <summary>Silence after which a call is given up.</summary>
    public TimeSpan IdleTimeout { get; init; } = RestClient.IdleTimeout;

    /// <summary>When the run ends; no wait that would outlast it is begun.</summary>
    public DateTimeOffset? Deadline { get; init; }
}

/// <summary>Makes the connections that REST goes over, in one place.</summary>
public static class RestTransport
{
    /// <summary>
    /// A handler that follows no redirect by itself (credentials would follow too), keeps no cookies, and renews connections so that a change of
    /// address is noticed. The caller owns it.
    /// </summary>
    /// <param name="proxy">The way out; null for the one that the environment names.</param>
    /// <remarks>
    /// Requests keep to HTTP/1.1: pages come one after the other over one connection and creations are paced, so that HTTP/2, which hosts offer,
    /// has nothing to do at once.
    /// </remarks>
    public static SocketsHttpHandler CreateHandler(IWebProxy? proxy = null) =>
        new()
        {
            Proxy = proxy,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip, // Sizes are limited after decompression, where they are read.
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64, // KiB
            MaxResponseDrainSize = 64 * 1024,
        };

    /// <summary>A client without a time limit of its own: each call sets one. The caller owns it.</summary>
    /// <param name="handler">What its requests go over; it is the client's from now on. Null for one of <see cref="CreateHandler"/>.</param>
    public static HttpClient CreateClient(HttpMessageHandler? handler = null) =>
        new(handler ?? CreateHandler(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
}
