using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Transport;

/// <summary>A pack that is arriving. Owns the connection; can be read once, from one thread, and must be disposed.</summary>
public sealed class FetchSession : IDisposable
{
    private readonly IDisposable _connection;
    private readonly PktLineReader? _reader;
    private readonly SidebandReader? _sideband;
    private readonly IEnumerator<ReadOnlyMemory<byte>>? _local;
    private PktLine? _first;

    internal FetchSession(IDisposable connection, PktLineReader reader, PktLine? first, ObjectFormat format, string peer)
    {
        _connection = connection;
        _reader = reader;
        _sideband = new SidebandReader(reader, peer);
        _first = first;
        ObjectFormat = format;
        Peer = peer;
    }

    /// <summary>A pack that is made here.</summary>
    /// <param name="parts">Its bytes, each part valid until the next.</param>
    /// <param name="format">The hash of the source.</param>
    /// <param name="peer">The source, for messages.</param>
    internal FetchSession(IEnumerable<ReadOnlyMemory<byte>> parts, ObjectFormat format, string peer)
    {
        _connection = _local = parts.GetEnumerator();
        ObjectFormat = format;
        Peer = peer;
    }

    /// <summary>The hash of the source.</summary>
    public ObjectFormat ObjectFormat { get; }

    /// <summary>The source, for messages.</summary>
    public string Peer { get; }

    /// <summary>The next bytes of the pack, valid until the next call; empty when the source has said that it is complete.</summary>
    /// <exception cref="GitException">The source gave up, broke off, or broke the protocol.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_local is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(ReadLocal(_local));
        }

        if (_first is { } first)
        {
            _first = null;
            if (_sideband!.TryTake(first, out var data))
            {
                return ValueTask.FromResult(data);
            }
        }

        return _sideband!.ReadAsync(cancellationToken);
    }

    /// <summary>Ends the conversation; a pack that is still arriving is cut off.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        _connection.Dispose();
    }

    private ReadOnlyMemory<byte> ReadLocal(IEnumerator<ReadOnlyMemory<byte>> parts)
    {
        try
        {
            return parts.MoveNext() ? parts.Current : default;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new GitProtocolException($"{Peer} can't be read: {e.Message}");
        }
    }
}
