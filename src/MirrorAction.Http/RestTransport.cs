using System.Net;

namespace MirrorAction.Http;

/// <summary>Makes the connections that REST goes over, in one place.</summary>
public static class RestTransport
{
    /// <summary>
    /// A handler that follows no redirect by itself (credentials would follow too), keeps no cookies, and renews connections so that a change of
    /// address is noticed. The caller owns it.
    /// </summary>
    /// <param name="proxy">The way out; null for the one that the environment names.</param>
    /// <remarks>
    /// Requests keep to HTTP/1.1: pages come one after the other over one connection and creations are paced, so that HTTP/2, which both hosts offer,
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
