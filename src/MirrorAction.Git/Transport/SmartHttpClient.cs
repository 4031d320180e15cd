using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Http;

namespace MirrorAction.Git.Transport;

/// <summary>Requests of git's smart HTTP protocol to one repository (gitprotocol-http).</summary>
/// <remarks>
/// Authentication is pre-emptive. A redirect is followed on the same host and for discovery only; the credential never goes to another host.
/// Everything is HTTP/1.1: a pack over HTTP/2 is held up by its flow control windows, which the server sets for a push.
/// </remarks>
internal sealed class SmartHttpClient(GitHttp http, GitEndpoint endpoint, TransferCounter counter)
{
    internal const string UploadPack = "git-upload-pack";
    internal const string ReceivePack = "git-receive-pack";

    /// <summary>More than the advertisement of a million refs and of some million tips that a mirror keeps.</summary>
    internal const long MaxAdvertisement = 1L << 30;

    private const int MaxRedirects = 5;

    private readonly HttpExchange _exchange = new(http.Options, counter);
    private Uri _base = endpoint.Url;

    internal GitHttpOptions Options => http.Options;

    /// <summary>The server, for messages.</summary>
    internal string Peer => _base.Authority;

    /// <summary>See <see cref="GitHttp.OpenUpload"/>.</summary>
    internal (HttpMessageInvoker Invoker, EarlyAnswer Answer) OpenUpload() => http.OpenUpload();

    /// <summary><c>GET info/refs?service=…</c>. Follows redirects on the same host and remembers where they led.</summary>
    internal async Task<HttpReply> GetInfoRefsAsync(string service, bool askForV2, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var url = new Uri($"{_base.AbsoluteUri}/info/refs?service={service}");
            var request = new HttpRequestMessage(HttpMethod.Get, url);
            var credential = await AddHeadersAsync(request, askForV2, cancellationToken);
            var (response, watchdog) = await _exchange.SendAsync(http.Shared, request, cancellationToken);
            if (!HttpRefusal.IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return await TakeAsync(response, credential, watchdog, $"application/x-{service}-advertisement", MaxAdvertisement);
            }

            response.Dispose();
            watchdog.Dispose();
            _base = Uri.TryCreate(url, location, out var target)
                ? BaseAfterRedirect(target, response.StatusCode, redirects)
                : throw new GitRemoteException($"{Peer} redirects to something that is no address.") { Status = response.StatusCode };
        }
    }

    /// <summary><c>POST git-upload-pack</c> or <c>git-receive-pack</c>. The caller owns the reply.</summary>
    /// <param name="service">The service.</param>
    /// <param name="content">The body; disposed with the request.</param>
    /// <param name="askForV2">Send <c>Git-Protocol: version=2</c>.</param>
    /// <param name="connection">The connection of a large push; null for one of the pool.</param>
    /// <param name="limit">Bytes that the answer may have.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    internal async Task<HttpReply> PostAsync(
        string service,
        HttpContent content,
        bool askForV2,
        HttpMessageInvoker? connection,
        long limit,
        CancellationToken cancellationToken
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_base.AbsoluteUri}/{service}")) { Content = content };
        content.Headers.ContentType = new($"application/x-{service}-request");
        request.Headers.Accept.Add(new($"application/x-{service}-result"));
        request.Headers.ExpectContinue = false;
        var credential = await AddHeadersAsync(request, askForV2, cancellationToken);
        if (content is not RelayedContent)
        {
            // A push counts its own bytes as they leave.
            counter.CountSent(content.Headers.ContentLength ?? 0);
        }

        var (response, watchdog) = await _exchange.SendAsync(connection ?? http.Shared, request, cancellationToken);
        return await TakeAsync(response, credential, watchdog, $"application/x-{service}-result", limit);
    }

    /// <summary>Gives the credential that the request goes out with.</summary>
    private async Task<HttpCredential?> AddHeadersAsync(HttpRequestMessage request, bool askForV2, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var credential = endpoint.Credentials is { } source ? await source.GetAsync(cancellationToken) : null;
        request.Headers.Authorization = credential?.Header;

        // Hosts look for "git/" to tell git from browsers.
        request.Headers.UserAgent.ParseAdd($"git/{Options.Agent.Replace('/', '-')}");
        if (askForV2)
        {
            request.Headers.Add("Git-Protocol", "version=2");
        }

        return credential;
    }

    private async Task<HttpReply> TakeAsync(
        HttpResponseMessage response,
        HttpCredential? credential,
        IdleWatchdog watchdog,
        string expected,
        long limit
    )
    {
        var isTaken = false;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(watchdog.Token);
            var body = new WatchedStream(stream, watchdog, counter, Peer, limit);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var isLoginRenewed =
                    response.StatusCode == HttpStatusCode.Unauthorized && credential is not null && endpoint.Credentials!.Refuse(credential);
                throw await HttpRefusal.ReadAsync(response, body, Peer, isLoginRenewed, Options.Time);
            }

            if (!string.Equals(response.Content.Headers.ContentType?.MediaType, expected, StringComparison.OrdinalIgnoreCase))
            {
                throw await HttpRefusal.NotGitAsync(response, body, expected, Peer);
            }

            isTaken = true;
            return new HttpReply(response, watchdog, body);
        }
        finally
        {
            if (!isTaken)
            {
                response.Dispose();
                watchdog.Dispose();
            }
        }
    }

    private Uri BaseAfterRedirect(Uri target, HttpStatusCode status, int redirects)
    {
        var isSameHost =
            target.Host == _base.Host
            && target.UserInfo.Length == 0
            && (target.Authority == _base.Authority || (_base.Scheme == "http" && target.Scheme == "https"));
        if (!isSameHost || (_base.Scheme == "https" && target.Scheme != "https"))
        {
            throw new GitRemoteException(
                $"{Peer} redirects to another host, {TextSanitizer.CleanEnd(target.Authority)}; "
                    + "credentials are not sent there. If the repository moved, use its new URL."
            )
            {
                Status = status,
            };
        }

        var path = target.GetLeftPart(UriPartial.Path);
        return redirects < MaxRedirects && path.EndsWith("/info/refs", StringComparison.Ordinal)
            ? new Uri(path[..^"/info/refs".Length])
            : throw new GitRemoteException(
                $"{Peer} redirects {(redirects < MaxRedirects ? "away from the repository" : "in circles")}, to {TextSanitizer.CleanEnd(path)}."
            )
            {
                Status = status,
            };
    }
}
