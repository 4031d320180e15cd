using System.Runtime.CompilerServices;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Protocol;

/// <summary>Takes the side-bands of an answer apart: band 1 is handed on, band 2 kept as text, band 3 thrown.</summary>
/// <remarks>
/// gitprotocol-pack, "Packfile Data": the first payload byte is the band. An empty payload on band 1 or 2 is a keep-alive and is skipped.
/// Ends with a flush packet; the end of the stream before it means that the answer was cut off. Not thread-safe; does not own the reader.
/// </remarks>
internal sealed class SidebandReader(PktLineReader reader, string peer)
{
    /// <summary>More than hooks have to say, and a keep-alive every five seconds for months: an end to a peer that only talks.</summary>
    private const int MaxTalk = 16 << 20;

    private readonly RemoteText _progress = new();
    private int _talk;
    private bool _ended;

    /// <summary>What the peer said on band 2, its last 4 KiB, sanitised.</summary>
    internal string RemoteMessage => _progress.ToString();

    /// <summary>The next bytes of band 1, valid until the next call; empty at the end.</summary>
    /// <exception cref="GitRemoteException">Band 3, or an <c>ERR</c> line.</exception>
    /// <exception cref="GitProtocolException">A packet that belongs to no band.</exception>
    /// <exception cref="GitTransportException">The answer was cut off.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            var line = await reader.ReadAsync(cancellationToken);
            if (TryTake(line, out var data))
            {
                return data;
            }
        }

        return default;
    }

    /// <summary>Looks at one packet; true when it carries bytes of band 1.</summary>
    internal bool TryTake(PktLine line, out ReadOnlyMemory<byte> data)
    {
        data = default;
        if (line.Payload.Length == 0 || line.Payload.Span[0] != 1 || line.Payload.Length == 1)
        {
            _talk += PktLine.PrefixLength + line.Payload.Length;
            if (_talk > MaxTalk)
            {
                throw new GitProtocolException($"{peer} sent {MaxTalk >> 20} MiB of messages and keep-alives; it does not seem to come to an end.");
            }
        }

        switch (line.Kind)
        {
            case PktLineKind.Flush or PktLineKind.ResponseEnd:
                _ended = true;
                return false;
            case PktLineKind.EndOfStream:
                throw new GitTransportException($"{peer} broke off its answer in the middle{Said()}.") { IsBrokenOff = true };
            case PktLineKind.Delimiter:
                throw new GitProtocolException($"{peer} sent a Delimiter packet where side-band data was expected.");
            default:
                break;
        }

        var payload = line.Payload;
        if (payload.Length == 0)
        {
            return false;
        }

        switch (payload.Span[0])
        {
            case 1:
                data = payload[1..];
                return data.Length > 0;
            case 2:
                _progress.Append(payload.Span[1..]);
                return false;
            case 3:
                var text = TextSanitizer.CleanEnd(payload.Span[1..]);
                throw new GitRemoteException($"{peer} gave up: {text}{Said()}") { RemoteMessage = text };
            default:
                line.ThrowIfError(peer);
                throw new GitProtocolException($"{peer} sent {line.Quote()} where side-band data was expected.");
        }
    }

    private string Said() => RemoteMessage is { Length: > 0 } text ? $" (it said: {text})" : "";
}
