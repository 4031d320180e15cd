using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;

namespace MirrorAction.TestKit;

/// <summary>One direction of one connection over a <see cref="ShapedLine"/>: what one socket receives, the other sends, later.</summary>
internal sealed class ShapedFlow(Socket from, Socket to, ShapedLine line, TimeSpan opens)
{
    private const int LongestPiece = 32 * 1024;

    // Bytes under way at the most, so that a receiver who does not read stops the sender: four times what 200 Mbit/s hold in 20 ms.
    private const int MostBytes = 2 << 20;

    // How far a sender runs ahead of the line, so that late timers leave it no gaps.
    private static readonly TimeSpan s_ahead = TimeSpan.FromMilliseconds(5);

    private readonly Pipe _bytes = new(
        new PipeOptions(
            pauseWriterThreshold: MostBytes,
            resumeWriterThreshold: MostBytes / 2,
            minimumSegmentSize: LongestPiece,
            useSynchronizationContext: false
        )
    );
    private readonly Channel<(int Count, TimeSpan Arrives)> _pieces = Channel.CreateUnbounded<(int, TimeSpan)>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }
    );

    /// <summary>Passes everything on to the end, and then the end.</summary>
    /// <exception cref="SocketException">One of the two is gone.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = StopOnFailureAsync(ReceiveAsync(either.Token), either);
        var sending = StopOnFailureAsync(SendAsync(either.Token), either);
        try
        {
            await Task.WhenAll(receiving, sending);
        }
        finally
        {
            await _bytes.Writer.CompleteAsync();
            await _bytes.Reader.CompleteAsync();
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await from.ReceiveAsync(_bytes.Writer.GetMemory(LongestPiece)[..LongestPiece], cancellationToken);
            _bytes.Writer.Advance(count);
            var (leaves, arrives) = line.Queue(count, opens);
            await _pieces.Writer.WriteAsync((count, arrives), cancellationToken);
            if (count == 0)
                return;
            await _bytes.Writer.FlushAsync(cancellationToken);
            await line.UntilAsync(leaves - s_ahead, cancellationToken);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (count, arrives) = await _pieces.Reader.ReadAsync(cancellationToken);
            await line.UntilAsync(arrives, cancellationToken);
            if (count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }

            var piece = (await _bytes.Reader.ReadAtLeastAsync(count, cancellationToken)).Buffer.Slice(0, count);
            foreach (var part in piece)
            {
                for (var left = part; left.Length > 0; )
                    left = left[await to.SendAsync(left, cancellationToken)..];
            }

            _bytes.Reader.AdvanceTo(piece.End);
        }
    }

    /// <summary>A side that is gone must not leave the other one waiting for it.</summary>
    private static async Task StopOnFailureAsync(Task part, CancellationTokenSource stop)
    {
        try
        {
            await part;
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }
}
