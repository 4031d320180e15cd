using System.Globalization;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// One connection to a <see cref="WireServer"/>: reads HTTP/1.1 requests, keeps every byte of them, writes whatever the script wants.
/// </summary>
public sealed class WireConnection(Stream stream, CancellationToken stopped)
{
    private readonly List<byte> _received = [];
    private int _consumed;

    /// <summary>Fires when the test is over.</summary>
    public CancellationToken Stopped => stopped;

    /// <summary>Every byte that came, heads included.</summary>
    public byte[] Received => [.. _received];

    /// <summary>The next request with its whole body; null when the client has closed.</summary>
    public async Task<WireRequest?> ReadRequestAsync()
    {
        if (await ReadHeadAsync() is not { } head)
            return null;
        if (!head.IsChunked)
            return head with { Body = await TakeAsync(head.ContentLength) };

        var body = new List<byte>();
        while (true)
        {
            var size = int.Parse(
                await LineAsync() ?? throw new IOException("The client closed inside a chunked body."),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture
            );
            body.AddRange(await TakeAsync(size));
            await LineAsync();
            if (size == 0)
                return head with { Body = [.. body] };
        }
    }

    /// <summary>The head of the next request, its body left on the wire; null when the client has closed.</summary>
    public async Task<WireRequest?> ReadHeadAsync()
    {
        if (await LineAsync() is not { } first)
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync() is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var parts = first.Split(' ');
        return new WireRequest(parts[0], parts[1], headers, []);
    }

    /// <summary>Reads until the client closes or breaks the connection; returns all that came on it.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        try
        {
            while (await FillAsync())
            {
                // All of it is kept.
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }

        return Received;
    }

    /// <summary>Waits until so many bytes of a body have come, or the client closed.</summary>
    public async Task WaitForBytesAsync(int count)
    {
        while (_received.Count - _consumed < count && await FillAsync())
        {
            // Not yet.
        }
    }

    /// <summary>Writes an answer.</summary>
    public Task AnswerAsync(WireAnswer answer) => WriteAsync(answer.ToBytes());

    /// <summary>Writes bytes as they are.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stopped);
        await stream.FlushAsync(stopped);
    }

    private async Task<string?> LineAsync()
    {
        for (var at = _consumed; ; at++)
        {
            while (at >= _received.Count)
            {
                if (!await FillAsync())
                    return null;
            }

            if (_received[at] == '\n')
            {
                var line = Encoding.Latin1.GetString([.. _received[_consumed..at]]).TrimEnd('\r');
                _consumed = at + 1;
                return line;
            }
        }
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        await WaitForBytesAsync(count);
        if (_received.Count - _consumed < count)
            throw new IOException("The client closed inside a body.");
        var bytes = _received[_consumed..(_consumed + count)];
        _consumed += count;
        return [.. bytes];
    }

    private async Task<bool> FillAsync()
    {
        var buffer = new byte[1 << 16];
        var read = await stream.ReadAsync(buffer, stopped);
        _received.AddRange(buffer.AsSpan(0, read));
        return read > 0;
    }
}
