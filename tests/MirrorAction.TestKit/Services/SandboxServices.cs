using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>What a service took.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Text">What people see, without the marks of its form.</param>
/// <param name="Calls">It calls somebody: a channel, a user, everyone.</param>
public sealed record SentMessage(string Service, string Text, bool Calls);

/// <summary>A ping that a dead man's switch took.</summary>
/// <param name="State"><c>start</c>, <c>up</c> or <c>down</c>.</param>
/// <param name="Run">The id of the run; null where there is none.</param>
/// <param name="Text">The text that came with it.</param>
public sealed record SentPing(string State, Guid? Run, string Text);

/// <summary>
/// Services that take messages and pings, on this machine: each judges what it is sent by the real one's limits and answers as that does. Which one
/// is meant says the <c>Host</c> header, or on loopback the path.
/// </summary>
public sealed class SandboxServices : IAsyncDisposable
{
    private readonly ConcurrentQueue<SentMessage> _messages = new();
    private readonly ConcurrentQueue<SentPing> _pings = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentQueue<string> _targets = new();
    private LoopbackServer? _server;

    private SandboxServices() { }

    /// <summary>The root, ending with a slash.</summary>
    public Uri Url => _server!.Url;

    /// <summary>Messages that were taken, in the order of their arrival.</summary>
    public IReadOnlyList<SentMessage> Messages => [.. _messages];

    /// <summary>Pings that were taken, in the order of their arrival.</summary>
    public IReadOnlyList<SentPing> Pings => [.. _pings];

    /// <summary>Why requests were refused.</summary>
    public IReadOnlyList<string> Refusals => [.. _refusals];

    /// <summary>The hosts, paths and queries of all requests.</summary>
    public IReadOnlyList<string> Targets => [.. _targets];

    /// <summary>Goes round every answer from now on; null for none.</summary>
    public Interception? Intercept
    {
        get => _server!.Intercept;
        set => _server!.Intercept = value;
    }

    /// <summary>Starts all of them. Whoever calls this disposes it.</summary>
    public static async Task<SandboxServices> StartAsync()
    {
        var services = new SandboxServices();
        services._server = await LoopbackServer.StartAsync(services.AnswerAsync);
        return services;
    }

    /// <summary>Brings requests to any host here. The caller owns it.</summary>
    public HttpMessageHandler CreateHandler() => new Detour(Url);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        _targets.Enqueue($"{request.Host.Host}{request.Path}{request.QueryString}");
        try
        {
            await AnswerAsync(context, request.Host.Host, request.Path.Value!, body);
        }
        catch (Exception e) when (e is RefusedException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            _refusals.Enqueue($"{request.Host.Host}: {e.Message}");
            await context.Response.TextAsync(e is RefusedException { Status: var status } ? status : StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private Task AnswerAsync(HttpContext context, string host, string path, string body)
    {
        var response = context.Response;
        switch (host)
        {
            case "hooks.slack.com":
                _messages.Enqueue(ChatRules.Slack(Parse(body)));
                return response.TextAsync(StatusCodes.Status200OK, "ok");
            case "discord.com":
                _messages.Enqueue(ChatRules.Discord(Parse(body)));
                response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case "ntfy.sh" when path == "/":
                _messages.Enqueue(ChatRules.Ntfy(Parse(body)));
                return response.TextAsync(StatusCodes.Status200OK, "{}", "application/json");
            case var azure when azure.EndsWith(".logic.azure.com", StringComparison.Ordinal):
                _messages.Enqueue(ChatRules.Teams(Parse(body), Encoding.UTF8.GetByteCount(body)));
                response.StatusCode = StatusCodes.Status202Accepted;
                return Task.CompletedTask;
        }

        if (path.EndsWith("/sendMessage", StringComparison.Ordinal))
        {
            _messages.Enqueue(ChatRules.Telegram(Parse(body)));
            return response.TextAsync(StatusCodes.Status200OK, """{"ok":true}""", "application/json");
        }

        if (path.StartsWith("/api/push/", StringComparison.Ordinal))
        {
            _pings.Enqueue(PingRules.Kuma(context.Request));
            return response.TextAsync(StatusCodes.Status200OK, """{"ok":true}""", "application/json");
        }

        if (path.StartsWith("/hook", StringComparison.Ordinal))
        {
            _messages.Enqueue(new("JSON", Parse(body).GetRawText(), Calls: false));
            return response.TextAsync(StatusCodes.Status200OK, "");
        }

        _pings.Enqueue(PingRules.Healthchecks(context.Request, body));
        return response.TextAsync(StatusCodes.Status200OK, "OK");
    }

    private static JsonElement Parse(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.Clone();
    }

    private sealed class Detour(Uri to) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = request.RequestUri!.Host;
            request.RequestUri = new UriBuilder(request.RequestUri)
            {
                Scheme = to.Scheme,
                Host = to.Host,
                Port = to.Port,
            }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>What a service does not take.</summary>
internal sealed class RefusedException(string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    /// <summary>The status of its answer.</summary>
    public int Status => status;

    /// <summary>Refuses what is not so.</summary>
    public static void Unless(bool isSo, string problem)
    {
        if (!isSo)
            throw new RefusedException(problem);
    }
}
