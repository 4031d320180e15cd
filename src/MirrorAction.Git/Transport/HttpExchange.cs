using System.Net.Security;
using System.Security.Authentication;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Transport;

/// <summary>Sends one request under a watchdog, and turns every way in which that can fail into an exception that says what it was.</summary>
internal sealed class HttpExchange(GitHttpOptions options, TransferCounter counter)
{
    /// <summary>Sends a request. The caller owns both parts of the answer.</summary>
    /// <exception cref="GitTransportException">The connection failed or went silent.</exception>
    internal async Task<(HttpResponseMessage Response, IdleWatchdog Watchdog)> SendAsync(
        HttpMessageInvoker invoker,
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var watchdog = new IdleWatchdog(options.IdleTimeout, options.Time, cancellationToken);
        if (request.Content is RelayedContent content)
        {
            content.Watchdog = watchdog;
        }

        counter.CountRequest();
        try
        {
            var response = await invoker.SendAsync(request, watchdog.Token);
            options.Trace?.Invoke($"{Describe(request)} {(int)response.StatusCode}");
            return (response, watchdog);
        }
        catch (Exception e)
        {
            using (watchdog)
            {
                options.Trace?.Invoke($"{Describe(request)} failed: {e.GetType().Name}");
                throw Translate(e, request, watchdog) ?? e;
            }
        }
    }

    /// <summary>What a failed request means; null for a cancellation by the caller and for errors of the source of a pack.</summary>
    private static Exception? Translate(Exception e, HttpRequestMessage request, IdleWatchdog watchdog)
    {
        var peer = request.RequestUri!.Authority;
        return e switch
        {
            _ when (request.Content as RelayedContent)?.SourceError is { } error => error,
            OperationCanceledException when watchdog.HasFired => new GitTransportException(watchdog.Describe(peer)) { IsTimeout = true },
            OperationCanceledException { InnerException: TimeoutException } => new GitTransportException($"{peer} accepted no connection in time.", e)
            {
                IsTimeout = true,
            },
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new GitTransportException(
                $"The name {peer} could not be resolved.",
                e
            ),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new GitTransportException(
                $"No secure connection to {peer}: {Said(e)}",
                e
            )
            {
                Fault = FaultOf(e.InnerException as AuthenticationException),
            },
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => new GitTransportException(
                $"The proxy before {peer} lets no connection through: {Said(e)} Check HTTPS_PROXY or ALL_PROXY.",
                e
            ),
            HttpRequestException or IOException => new GitTransportException($"The connection to {peer} failed: {Said(e)}", e),
            _ => null,
        };
    }

    /// <summary>Method and address. A query that is not git's own may hold a signature, which is as good as a password.</summary>
    private static string Describe(HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        var isOfGit = url.Query.StartsWith("?service=", StringComparison.Ordinal);
        return $"{request.Method} {(isOfGit ? url.AbsoluteUri : url.GetLeftPart(UriPartial.Path))}";
    }

    /// <summary>A handshake that was cut is no such fault. The framework tells the others apart by its words alone.</summary>
    private static ConnectionFault? FaultOf(AuthenticationException? handshake) =>
        handshake is null ? null
        : handshake.Message.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal)
            ? ConnectionFault.CertificateName
        : handshake.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) ? ConnectionFault.Certificate
        : ConnectionFault.NoTls;

    /// <summary>The framework quotes header lines that it does not understand.</summary>
    private static string Said(Exception e) => TextSanitizer.CleanEnd((e.InnerException ?? e).Message);
}

/// <summary>An answer with status 200 and the right type, its body unread. Owns the connection until disposed; the body can be read once.</summary>
internal sealed class HttpReply(HttpResponseMessage response, IdleWatchdog watchdog, Stream body) : IDisposable
{
    internal Stream Body => body;

    public void Dispose()
    {
        response.Dispose();
        watchdog.Dispose();
    }
}
