using System.Runtime.CompilerServices;

namespace MirrorAction.Git.Transport;

/// <summary>Whether the server refused before the request had been sent.</summary>
internal sealed class EarlyAnswer
{
    private volatile bool _seen;

    /// <summary>The answer is there; nothing more need be sent.</summary>
    internal bool Seen
    {
        get => _seen;
        set => _seen = value;
    }
}

/// <summary>
/// The connection of one push. A server that refuses a push (403, 413, a quota) answers at once and closes, while <see cref="HttpClient"/> is
/// still sending and reads nothing; the next write fails and the reason is lost. As curl does, this stream reads while it writes: when a
/// refusal arrives, or the server hangs up after an answer, what is left of the body is discarded and the answer is read as usual.
/// </summary>
/// <remarks>For a connection that carries one request only. Owns the inner stream.</remarks>
internal sealed class EarlyAnswerStream(Stream inner, EarlyAnswer answer) : Stream
{
    /// <summary>How long an answer may trail behind the broken pipe that it explains.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly byte[] _ahead = new byte[4096];
    private readonly CancellationTokenSource _stopWriting = new();
    private Task<int>? _pending;
    private int _consumed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] // Runs once a packet of a pack; nothing may be left to collect.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _pending ??= ReadAheadAsync();
        if (answer.Seen)
        {
            return;
        }

        try
        {
            // HttpClient cancels by closing the connection, so that its token is none and this one is free for the refusal.
            await inner.WriteAsync(buffer, cancellationToken.CanBeCanceled ? cancellationToken : _stopWriting.Token);
        }
        catch (OperationCanceledException) when (answer.Seen)
        {
            // The refusal is there; the rest is discarded.
        }
        catch (IOException)
        {
            await Task.WhenAny(_pending, Task.Delay(s_grace, TimeProvider.System, CancellationToken.None));
            if (_pending is not { IsCompletedSuccessfully: true, Result: > 0 })
            {
                throw;
            }

            answer.Seen = true;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_pending is null)
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }

        var read = await _pending.WaitAsync(cancellationToken) - _consumed;
        if (buffer.Length == 0)
        {
            return 0;
        }

        if (read <= 0)
        {
            return _consumed == 0 ? 0 : await inner.ReadAsync(buffer, cancellationToken);
        }

        read = Math.Min(read, buffer.Length);
        _ahead.AsMemory(_consumed, read).CopyTo(buffer);
        _consumed += read;
        return read;
    }

    public override void Flush() { }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!answer.Seen)
        {
            await inner.FlushAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reading is asynchronous.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Writing is asynchronous.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _stopWriting.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadAheadAsync()
    {
        var read = await inner.ReadAsync(_ahead);
        if (IsRefusal(_ahead.AsSpan(0, read)))
        {
            answer.Seen = true;
            await _stopWriting.CancelAsync();
        }

        return read;
    }

    /// <summary>A success may come early too, from a server that reports progress while it reads; it stops nothing.</summary>
    private static bool IsRefusal(ReadOnlySpan<byte> head) => head.Length > 9 && head.StartsWith("HTTP/1."u8) && head[9] >= (byte)'4';
}
