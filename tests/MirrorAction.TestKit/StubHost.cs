using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MirrorAction.TestKit;

/// <summary>A request that reached a <see cref="StubHost"/>, whole.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Headers">All headers; several values of one are joined by commas.</param>
/// <param name="Body">The body as text.</param>
public sealed record StubRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>A header; null when it was not sent.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Target}";
}

/// <summary>
/// A real web server on a free port of this machine whose answers are scripted, request by request. What was not scripted is answered with 501 and
/// remembered; <see cref="VerifyAllUsed"/> fails on it, and on answers that nobody fetched. Thread-safe.
/// </summary>
public sealed class StubHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Method, string Target), StubRoute> _routes = new();
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly ConcurrentQueue<string> _unexpected = new();
    private readonly WebApplication _server;

    private StubHost(WebApplication server) => _server = server;

    /// <summary>The base address, without a slash at its end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>All requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    /// <summary>Starts a server. Whoever calls this disposes it.</summary>
    public static async Task<StubHost> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = null;
                options.Listen(IPAddress.Loopback, 0);
            });
        var host = new StubHost(builder.Build());
        host._server.Run(host.AnswerAsync);
        await host._server.StartAsync();
        host.Url = host._server.Urls.First().TrimEnd('/');
        return host;
    }

    /// <summary>The script for one request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">Path and query as they are sent; a path alone stands for any query.</param>
    public StubRoute On(string method, string target) => _routes.GetOrAdd((method, target), _ => new StubRoute());

    /// <summary>Fails when a request was not scripted, or a scripted answer was not fetched.</summary>
    public void VerifyAllUsed()
    {
        var faults = _unexpected
            .Select(request => $"not scripted: {request}")
            .Concat(
                _routes
                    .Where(route => route.Value.Left > 0)
                    .Select(route => $"not fetched: {route.Key.Method} {route.Key.Target} ({route.Value.Left})")
            )
            .ToList();
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // An answer under way may wait for the test; it is not waited for. A server that is told so may say that its stop was cut short.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new StubRequest(context.Request.Method, target, headers, await body.ReadToEndAsync());
        _requests.Enqueue(request);
        var answer = Next(request.Method, target) ?? Next(request.Method, target.Split('?')[0]);
        if (answer is null)
        {
            _unexpected.Enqueue(request.ToString());
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            await context.Response.WriteAsync("not scripted");
            return;
        }

        await answer(context);
    }

    private Func<HttpContext, Task>? Next(string method, string target) => _routes.TryGetValue((method, target), out var route) ? route.Next() : null;
}

/// <summary>The answers to one request, fetched one after the other. Thread-safe.</summary>
public sealed class StubRoute
{
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private Func<HttpContext, Task>? _always;

    /// <summary>How many answers nobody has fetched.</summary>
    internal int Left => _answers.Count;

    /// <summary>Adds an answer.</summary>
    public StubRoute Reply(int status, string body = "", params (string Name, string Value)[] headers) => Reply(Answer(status, body, headers));

    /// <summary>Adds an answer that is whatever <paramref name="answer"/> does.</summary>
    public StubRoute Reply(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>Adds an answer that never comes: the connection breaks.</summary>
    public StubRoute Break() =>
        Reply(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

    /// <summary>The answer once the others are used up, as often as it is asked for, and not missed when it is not.</summary>
    public void Always(int status, string body = "", params (string Name, string Value)[] headers) => _always = Answer(status, body, headers);

    internal Func<HttpContext, Task>? Next() => _answers.TryDequeue(out var answer) ? answer : _always;

    private static Func<HttpContext, Task> Answer(int status, string body, (string Name, string Value)[] headers) =>
        async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = body.StartsWith('<') ? "text/html; charset=utf-8" : "application/json; charset=utf-8";
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            var bytes = Encoding.UTF8.GetBytes(body);
            context.Response.ContentLength = bytes.Length;
            if (status != StatusCodes.Status204NoContent)
            {
                await context.Response.Body.WriteAsync(bytes);
            }
        };
}
