using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MirrorAction.TestKit;

/// <summary>Goes round the server's own answer: may look at, change, delay, replace or abort it.</summary>
public delegate Task Interception(HttpContext context, Func<Task> next);

/// <summary>An HTTP/1.1 server on a free port of 127.0.0.1 that records every request and limits none.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    /// <summary>
    /// Reading from a program's pipes blocks threads, three for each request to git; the pool adds but one or two a second by itself.
    /// </summary>
    private const int LeastThreads = 64;

    private readonly WebApplication _application;
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();

    private LoopbackServer(WebApplication application) => _application = application;

    /// <summary>The root, ending with a slash.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Every request in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Goes round every answer from now on; null for none.</summary>
    public Interception? Intercept { get; set; }

    /// <summary>Starts serving.</summary>
    public static async Task<LoopbackServer> StartAsync(RequestDelegate serve)
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), completions);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 20;
                kestrel.AddServerHeader = false;
            });
        var server = new LoopbackServer(builder.Build());
        server._application.Run(context => server.ServeAsync(context, serve));
        await server._application.StartAsync();
        var addresses = server._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        server.Url = new Uri(addresses.First() + "/");
        return server;
    }

    /// <summary>Forgets the requests recorded so far.</summary>
    public void ClearRequests() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context, RequestDelegate serve)
    {
        var request = context.Request;
        var record = new RecordedRequest
        {
            Method = request.Method,
            PathAndQuery = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
        };

        // Recorded on arrival and filled in before the client can see the answer: a test may look as soon as it has that answer.
        _requests.Enqueue(record);
        request.Body = new CountingStream(request.Body, record.CountRequest);
        context.Response.Body = new CountingStream(context.Response.Body, record.CountResponse);
        context.Response.OnStarting(() =>
        {
            record.Status = context.Response.StatusCode;
            return Task.CompletedTask;
        });
        try
        {
            await SandboxLfs.PrepareAsync(context);
            await (Intercept is { } intercept ? intercept(context, () => ServeWithLfsAsync(context, serve)) : ServeWithLfsAsync(context, serve));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client went away.
        }
    }

    private static async Task ServeWithLfsAsync(HttpContext context, RequestDelegate serve)
    {
        if (!await SandboxLfs.TryServeLinkAsync(context))
            await serve(context);
    }
}
