using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;

namespace MirrorAction.Git.Lfs;

/// <summary>Requests to the LFS server of one repository, and to where its links lead (git-lfs docs/api). Thread-safe.</summary>
/// <param name="http">The connections.</param>
/// <param name="repository">The repository and its credential, which goes to no other host.</param>
/// <param name="service">Which side of a relay it is.</param>
/// <param name="counter">Where requests and bytes are counted.</param>
internal sealed class LfsHttp(GitHttp http, GitEndpoint repository, GitService service, TransferCounter counter)
{
    private const string MediaType = "application/vnd.git-lfs+json";

    /// <summary>An answer about a hundred objects has a tenth of that, if their links are long.</summary>
    private const int MaxAnswer = 4 << 20;

    private const int MaxRedirects = 5;

    /// <summary>A body that fits into the socket's buffer is always sent whole, so that the answer can't get lost behind a broken pipe.</summary>
    private const int MaxPooledBody = 64 << 10;

    /// <summary>Headers that .NET takes for those of a body, beside those that begin with <c>Content-</c>.</summary>
    private static readonly string[] s_ofBody = ["Allow", "Expires", "Last-Modified"];

    private readonly HttpExchange _exchange = new(http.Options, counter);

    /// <summary>Clock and timers.</summary>
    internal TimeProvider Time => http.Options.Time;

    /// <summary>The repository and its credential.</summary>
    internal GitEndpoint Repository => repository;

    /// <summary>The server, for messages.</summary>
    internal string Peer => repository.Url.Authority;

    /// <summary>Whose quota counts: the server, and what the repository lies in there.</summary>
    internal string Account
    {
        get
        {
            var path = repository.Url.AbsolutePath.TrimEnd('/');
            return Peer + path[..(path.LastIndexOf('/') + 1)];
        }
    }

    /// <summary>The batch API: <c>REPOSITORY.git/info/lfs/objects/batch</c>.</summary>
    private Uri BatchUrl
    {
        get
        {
            var url = repository.Url.AbsoluteUri;
            return new Uri($"{url}{(url.EndsWith(".git", StringComparison.Ordinal) ? "" : ".git")}/info/lfs/objects/batch");
        }
    }

    /// <summary>Asks the batch API.</summary>
    /// <exception cref="GitException">The server refused, was not understood, or could not be reached.</exception>
    internal Task<LfsBatchAnswer> BatchAsync(LfsBatchRequest question, CancellationToken cancellationToken) =>
        BlamedAsync(async () =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(question, LfsJson.Default.LfsBatchRequest);
            var url = BatchUrl;
            for (var redirects = 0; ; redirects++)
            {
                using var request = JsonRequest(url, body);
                using var reply = await SendAsync(http.Shared, request, isForOwnCredential: true, cancellationToken);
                if (reply.Location is not { } location || redirects == MaxRedirects || !HostUrl.IsSameHost(url, location))
                {
                    await reply.RequireSuccessAsync();
                    return JsonForm.Read(await reply.ReadAsync(MaxAnswer, cancellationToken), LfsJson.Default.LfsBatchAnswer);
                }

                url = location;
            }
        });

    /// <summary>Opens a download. The caller disposes the stream, and with it the connection.</summary>
    /// <exception cref="GitException">The server refused, or could not be reached.</exception>
    internal Task<Stream> GetAsync(LfsLink link, LfsPointer pointer, CancellationToken cancellationToken) =>
        BlamedAsync<Stream>(async () =>
        {
            var url = link.Url;
            for (var redirects = 0; ; redirects++)
            {
                // Where another host is redirected to, it gets nothing that was meant for the first.
                var isSame = HostUrl.IsSameHost(link.Url, url);
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
                AddHeaders(request, isSame ? link.Headers : []);
                var reply = await SendAsync(http.Shared, request, isSame && link.IsForOwnCredential, cancellationToken);
                try
                {
                    if (reply.Location is not { } location || redirects == MaxRedirects)
                    {
                        return await reply.OpenAsync(pointer.Size, service);
                    }

                    url =
                        location.Scheme == "https" || url.Scheme == "http"
                            ? location
                            : throw new GitProtocolException($"{Peer} redirects to plain HTTP.");
                }
                catch
                {
                    reply.Dispose();
                    throw;
                }

                reply.Dispose();
            }
        });

    /// <summary>Sends an object.</summary>
    /// <param name="link">Where to.</param>
    /// <param name="pointer">The object.</param>
    /// <param name="contents">Its contents as they arrive; stay the caller's.</param>
    /// <param name="from">Where they come from, for messages.</param>
    /// <param name="progress">Called for bytes that went through.</param>
    /// <param name="cancellationToken">Cuts the connection; nothing is stored then.</param>
    /// <exception cref="LfsObjectException">The contents are not the object.</exception>
    /// <exception cref="GitException">The server refused, or one of the two could not be reached.</exception>
    internal Task PutAsync(
        LfsLink link,
        LfsPointer pointer,
        Stream contents,
        string from,
        Action<long>? progress,
        CancellationToken cancellationToken
    ) =>
        BlamedAsync(async () =>
        {
            (HttpMessageInvoker? connection, EarlyAnswer? answer) = pointer.Size <= MaxPooledBody ? (null, null) : http.OpenUpload();
            using (connection)
            {
                var timeout = http.Options.ReportTimeout;
                using var body = new LfsUploadContent(pointer, contents, from, answer, counter, timeout, progress, cancellationToken);
                using var request = new HttpRequestMessage(HttpMethod.Put, link.Url) { Content = body };
                body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                AddHeaders(request, link.Headers);
                using var reply = await SendAsync(connection ?? http.Shared, request, link.IsForOwnCredential, cancellationToken);
                await reply.RequireSuccessAsync();
                return true;
            }
        });

    /// <summary>Has the server look whether an object has arrived.</summary>
    /// <exception cref="GitException">It says no, or could not be reached.</exception>
    internal Task VerifyAsync(LfsLink link, LfsPointer pointer, CancellationToken cancellationToken) =>
        BlamedAsync(async () =>
        {
            var name = new LfsObjectName(pointer.Oid, pointer.Size);
            using var request = JsonRequest(link.Url, JsonSerializer.SerializeToUtf8Bytes(name, LfsJson.Default.LfsObjectName));
            AddHeaders(request, link.Headers);
            using var reply = await SendAsync(http.Shared, request, link.IsForOwnCredential, cancellationToken);
            await reply.RequireSuccessAsync();
            return true;
        });

    private HttpRequestMessage JsonRequest(Uri url, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        counter.CountSent(body.Length);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
        return request;
    }

    /// <summary>What the server gave takes the place of what would be sent otherwise.</summary>
    private static void AddHeaders(HttpRequestMessage request, IEnumerable<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            var isOfBody =
                name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || s_ofBody.Contains(name, StringComparer.OrdinalIgnoreCase);
            if ((isOfBody ? request.Content?.Headers : (HttpHeaders)request.Headers) is { } place)
            {
                place.Remove(name);
                place.TryAddWithoutValidation(name, value);
            }
        }
    }

    private async Task<LfsReply> SendAsync(
        HttpMessageInvoker connection,
        HttpRequestMessage request,
        bool isForOwnCredential,
        CancellationToken cancellationToken
    )
    {
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.ExpectContinue = false;
        request.Headers.UserAgent.ParseAdd($"git-lfs/3 ({http.Options.Agent.Replace('/', '-')})");
        var credential = isForOwnCredential && repository.Credentials is { } source ? await source.GetAsync(cancellationToken) : null;
        if (credential is not null)
        {
            request.Headers.Authorization = credential.Header;
        }

        var (response, watchdog) = await _exchange.SendAsync(connection, request, cancellationToken);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(watchdog.Token);
            var body = new WatchedStream(stream, watchdog, counter, request.RequestUri!.Authority, long.MaxValue);
            var isRenewed =
                response.StatusCode == HttpStatusCode.Unauthorized && credential is not null && repository.Credentials!.Refuse(credential);
            return new LfsReply(response, watchdog, body, request.RequestUri, isRenewed, Time);
        }
        catch
        {
            response.Dispose();
            watchdog.Dispose();
            throw;
        }
    }

    /// <summary>Says which side failed, unless the other one has been named.</summary>
    private async Task<T> BlamedAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (FormatException e)
        {
            var exception = new GitProtocolException($"The LFS server of {Peer} answered in a way that is not understood: {e.Message}.");
            _ = exception.In(service);
            throw exception;
        }
        catch (GitException e) when (e.In(service))
        {
            throw;
        }
    }
}
