using System.Globalization;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;

namespace MirrorAction.Hosts.Http;

/// <summary>
/// The one way by which a REST request leaves: authenticated, paced, limited in time and size, repeated where that makes sense, refused with a
/// <see cref="HostException"/> that says what to do. Thread-safe.
/// </summary>
internal sealed class HostHttp
{
    /// <summary>
    /// Silence after which a call is given up, where the profile says nothing else. A body may take as long as it likes while it comes.
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

    private const int MaxRedirects = 5;

    private static readonly ProductInfoHeaderValue Agent = new("MirrorAction", typeof(HostHttp).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpClient _client;
    private readonly HostProfile _profile;
    private readonly TimeProvider _time;
    private readonly RequestPacer _pacer;
    private readonly HostRefusal _refusal;
    private readonly ResiliencePipeline _retries;
    private long _requests;

    /// <summary>Sends over a client that the caller owns.</summary>
    public HostHttp(HttpClient client, HostProfile profile, TimeProvider time, Action<string> say)
    {
        _client = client;
        _profile = profile;
        _time = time;
        _pacer = new RequestPacer(profile.Name, profile.RequestsPerHour, profile.Deadline, time, say);
        _refusal = new HostRefusal(profile);
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = MaxRetries,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromSeconds(1),
                    MaxDelay = TimeSpan.FromSeconds(30),
                    ShouldHandle = args =>
                        ValueTask.FromResult(args.Outcome.Exception is HostException e && IsWorthAnotherTry(e, args.AttemptNumber)),
                    // Where the host named a time the pacer waits for it, once for all callers.
                    DelayGenerator = args =>
                        ValueTask.FromResult<TimeSpan?>(args.Outcome.Exception is HostException { RetryAt: not null } ? TimeSpan.Zero : null),
                    OnRetry = args =>
                    {
                        if (args.Outcome.Exception is HostException { RetryAt: null } e)
                        {
                            say(string.Create(CultureInfo.InvariantCulture, $"{e.Message} Trying again in {args.RetryDelay.TotalSeconds:0.0} s."));
                        }

                        return default;
                    },
                }
            )
            .Build();
    }

    /// <summary>How many requests went out, repeated ones included.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Sends a request whose repetition does no harm, and repeats it while the failure looks temporary.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public Task<HostAnswer> SendAsync(HttpMethod method, Uri url, byte[]? body, CancellationToken cancellationToken) =>
        RetryAsync(token => SendOnceAsync(method, url, body, token), cancellationToken);

    /// <summary>Asks for a page of a listing, of which long texts are cut as they are read.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public Task<HostAnswer> GetPageAsync(Uri url, CancellationToken cancellationToken) =>
        RetryAsync(token => SendOnceAsync(HttpMethod.Get, url, null, token, isPage: true), cancellationToken);

    /// <summary>Repeats whatever <paramref name="call"/> does while its <see cref="HostException"/> is temporary.</summary>
    public async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        await _retries.ExecuteAsync(async (state, token) => await state(token), call, cancellationToken);

    /// <summary>Sends a request once, redirects within the host apart, and a token that died early: with a 401 nothing was done.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public async Task<HostAnswer> SendOnceAsync(HttpMethod method, Uri url, byte[]? body, CancellationToken cancellationToken, bool isPage = false)
    {
        var target = url;
        var isRenewed = false;
        for (var hop = 0; ; hop++)
        {
            await _pacer.WaitTurnAsync(cancellationToken);
            var authorization = await _profile.Credential.GetAsync(cancellationToken);
            if (authorization is not null && authorization.Parameter.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                // The framework's own complaint would quote it.
                throw _refusal.UnfitToken();
            }

            var answer = await ExchangeAsync(method, target, body, authorization, isPage, cancellationToken);
            if (answer.Status == 401 && !isRenewed && authorization is not null && _profile.Credential.Refuse(authorization.Secret))
            {
                isRenewed = true;
                continue;
            }

            if (answer.Status is >= 300 and < 400)
            {
                target = hop < MaxRedirects ? Redirect(method, target, answer) : throw answer.NotUnderstood("it redirects again and again");
                continue;
            }

            return Evaluate(answer);
        }
    }

    private HostAnswer Evaluate(HostAnswer answer)
    {
        var now = _time.GetUtcNow();
        if (answer.Status is >= 200 and < 300 && !answer.IsHtml)
        {
            _pacer.Granted();
            if (RateLimit.Reset(answer) is { } reset && reset > now)
            {
                _pacer.Hold(reset);
            }

            return answer;
        }

        var isRateLimit = RateLimit.IsRefusal(answer);
        var retryAt = RateLimit.ResumeAt(answer, now);
        if (isRateLimit)
        {
            retryAt = _pacer.Refused(retryAt);
        }
        else if (answer.Status == 503 && retryAt is { } wanted)
        {
            _pacer.Hold(wanted);
        }
        else
        {
            retryAt = null;
        }

        throw _refusal.From(answer, isRateLimit, retryAt);
    }

    private async Task<HostAnswer> ExchangeAsync(
        HttpMethod method,
        Uri url,
        byte[]? body,
        HostAuthorization? authorization,
        bool isPage,
        CancellationToken cancellationToken
    )
    {
        var name = $"{_profile.Name}: {method} {url.AbsolutePath}";
        using var silence = new CancellationTokenSource(_profile.IdleTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        using var request = Request(method, url, body, authorization);
        Interlocked.Increment(ref _requests);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            var cap = response.IsSuccessStatusCode ? MaxBody : MaxErrorBody;
            var cutter = isPage && response.IsSuccessStatusCode ? new JsonTextCutter() : null;
            void OnBytes() => silence.CancelAfter(_profile.IdleTimeout);
            var (read, received) = await ReadAsync(response.Content, cap, cutter, OnBytes, both.Token);
            var answer = new HostAnswer(name, (int)response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, read)
            {
                Method = method,
                Received = received,
            };
            var most = cutter is not null && read.Length > MaxPage ? MaxPage : MaxBody;
            return response.IsSuccessStatusCode && (received > cap || read.Length > most)
                ? throw answer.NotUnderstood($"it is larger than {most >> 20} MiB")
                : answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var what = silence.IsCancellationRequested
                ? $"no byte of an answer for {_profile.IdleTimeout.TotalSeconds:0} s"
                : "no connection in time";
            throw _refusal.NoAnswer(name, what);
        }
        catch (InvalidDataException)
        {
            throw _refusal.NoAnswer(name, "the compressed answer is damaged");
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw _refusal.NotSecure(name, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ProxyTunnelError)
        {
            throw _refusal.NoWayOut(name, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw _refusal.NoAnswer(name, HostRefusal.Chain(e));
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri url, byte[]? body, HostAuthorization? authorization)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.UserAgent.Add(Agent);
        if (authorization is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(authorization.Scheme, authorization.Parameter);
        }

        foreach (var (name, value) in _profile.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            // A byte array has a length: Bitbucket answers 411 to a chunked body.
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(_profile.BodyType);
        }

        return request;
    }

    private static Uri Redirect(HttpMethod method, Uri from, HostAnswer answer)
    {
        var keepsMethod = method == HttpMethod.Get ? answer.Status is 301 or 302 or 307 or 308 : answer.Status is 307 or 308;
        if (!keepsMethod || answer.Header("Location") is not { } location || !Uri.TryCreate(from, location, out var to))
        {
            throw answer.NotUnderstood($"status {answer.Status} leads nowhere");
        }

        return HostUrl.IsSameHost(from, to) ? to : throw answer.NotUnderstood("it redirects to another host, where the credentials do not belong");
    }

    // Up to one byte more than the cap, by which the caller knows that there was more.
    private static async Task<(byte[] Kept, long Received)> ReadAsync(
        HttpContent content,
        int cap,
        JsonTextCutter? cutter,
        Action onBytes,
        CancellationToken cancellationToken
    )
    {
        var received = 0L;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var stream = await content.ReadAsStreamAsync(cancellationToken);
        await using (stream)
        {
            while (received <= cap && (cutter is null || body.Length <= MaxPage))
            {
                var want = (int)Math.Min(buffer.Length, cap + 1 - received);
                var got = await stream.ReadAsync(buffer.AsMemory(0, want), cancellationToken);
                if (got == 0)
                {
                    break;
                }

                received += got;
                body.Write(buffer, 0, cutter?.Cut(buffer.AsSpan(0, got)) ?? got);
                onBytes();
            }
        }

        return (body.ToArray(), received);
    }

    private bool IsWorthAnotherTry(HostException e, int attempt) =>
        !e.WasRepeated
        && (e.IsTransient ? e.RetryAt is not { } at || _pacer.CanWaitFor(at) : e.Status == 401 && attempt == 0 && _profile.RepeatsUnauthorized);
}
