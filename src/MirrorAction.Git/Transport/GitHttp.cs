using System.Net;

namespace MirrorAction.Git.Transport;

/// <summary>
/// The connections to git servers: one pool for all, and a connection of its own for each large push. Thread-safe; dispose it when all
/// conversations are over.
/// </summary>
/// <remarks>Buffers of sockets are the kernel's to size: a size given to it ends its own tuning, and gains nothing.</remarks>
public sealed class GitHttp(GitHttpOptions options) : IDisposable
{
    /// <summary>Servers close idle connections after 5 seconds and more; being earlier avoids writing into a closed one.</summary>
    private static readonly TimeSpan s_poolIdleTimeout = TimeSpan.FromSeconds(4);

    private readonly HttpMessageInvoker _shared = new(options.Connections?.Invoke() ?? NewHandler(options));

    /// <summary>How it behaves on the wire.</summary>
    public GitHttpOptions Options => options;

    internal HttpMessageInvoker Shared => _shared;

    /// <summary>
    /// A connection for one push whose body cannot be sent twice: never an idle one that the server may be closing, and watched for an answer
    /// that comes before the body has ended. The caller disposes it.
    /// </summary>
    internal (HttpMessageInvoker Invoker, EarlyAnswer Answer) OpenUpload()
    {
        var answer = new EarlyAnswer();
        if (options.Connections is { } connections)
        {
            return (new HttpMessageInvoker(connections()), answer);
        }

        var handler = NewHandler(options);
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new EarlyAnswerStream(context.PlaintextStream, answer));
        return (new HttpMessageInvoker(handler), answer);
    }

    /// <inheritdoc/>
    public void Dispose() => _shared.Dispose();

    private static SocketsHttpHandler NewHandler(GitHttpOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // It would drop the credential and turn a POST into a GET.
            AutomaticDecompression = System.Net.DecompressionMethods.GZip,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            MaxResponseDrainSize = 64 << 10,
            PooledConnectionIdleTimeout = s_poolIdleTimeout,
            Proxy = options.Proxy,
            UseCookies = false,
        };
        options.Tune?.Invoke(handler);
        return handler;
    }
}

/// <summary>How the client behaves on the wire. Immutable; the defaults suit public hosts.</summary>
public sealed record GitHttpOptions
{
    /// <summary>Silence after which a conversation is given up. The default value is 120 seconds.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Silence allowed between the end of a pack and the report, while the server indexes. The default value is 10 minutes.</summary>
    public TimeSpan ReportTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Bytes of a pack held in memory: a shorter pack is sent with its length, a longer one is streamed behind a buffer of this size. The default
    /// value is 4 MiB.
    /// </summary>
    public int PackMemory { get; init; } = 4 << 20;

    /// <summary>
    /// Bytes of a pack that are written at a time at the most. The default is several of the longest packets: with one, hardly a packet would fit
    /// into what the one before it left, and each would go out as two chunks. The default value is 256 KiB; only measurements set another.
    /// </summary>
    internal int CopySize { get; init; } = 256 << 10;

    /// <summary>Changes each handler of connections before its use; null for nobody. Only measurements set it.</summary>
    internal Action<SocketsHttpHandler>? Tune { get; init; }

    /// <summary>Makes what requests go over, once for the pool and once for each large push; null for the network.</summary>
    public Func<HttpMessageHandler>? Connections { get; init; }

    /// <summary>The way out; null for the one that the environment names.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>What this program calls itself to git servers. The default value is <c>mirror-action</c>.</summary>
    public string Agent { get; init; } = "mirror-action";

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Called with every request, one line each, without secrets; null for nobody.</summary>
    public Action<string>? Trace { get; init; }
}
