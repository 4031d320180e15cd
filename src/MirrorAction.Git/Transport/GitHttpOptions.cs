using System.Net;

namespace MirrorAction.Git.Transport;

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
