using System.Diagnostics;
using System.Reflection;
using MirrorAction.Git.Model;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>The way of a relayed pack as a whole, from the body of one answer to the connection of the other request.</summary>
/// <remarks>Counts what the process allocates, for the way changes threads; runs alone for that reason.</remarks>
[Collection<AloneCollection>]
public sealed class RelayAllocationTests
{
    private const int Packets = 1000;

    /// <summary>A run of the test that somebody disturbs is repeated: others can only add.</summary>
    private const int MaxTries = 5;

    /// <summary>
    /// Bytes a packet. Without optimisation the compiler makes an object of the state machine of each method on the way, and nothing else may come.
    /// </summary>
    private static readonly int s_allowed = typeof(PackRelay).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true }
        ? 700
        : 8;

    [Theory]
    [InlineData(8000)]
    [InlineData(65515)]
    public async Task Relaying_a_packet_over_sockets_leaves_nothing_to_collect(int size)
    {
        var pack = PackOf(Packets * size);
        var allocated = long.MaxValue;
        for (var i = 0; i < MaxTries && allocated > Packets / 2 * s_allowed; i++)
            allocated = Math.Min(allocated, await RelayAsync(pack, size));

        allocated.ShouldBeLessThanOrEqualTo(Packets / 2 * s_allowed, $"{allocated / (double)(Packets / 2):0.0} bytes a packet");
    }

    /// <summary>Bytes allocated while the middle half of the packets went by.</summary>
    private static async Task<long> RelayAsync(byte[] pack, int size)
    {
        var (counter, time) = (new TransferCounter(), TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var reading = new IdleWatchdog(TimeSpan.FromMinutes(2), time, stop.Token);
        using var writing = new IdleWatchdog(TimeSpan.FromMinutes(2), time, stop.Token);
        using var meter = new Meter(pack.Length / 4, pack.Length / 4 * 3);
        await using var connection = new EarlyAnswerStream(new LateStream(meter), new EarlyAnswer());
        var session = GivenSession.Of(
            new MemoryStream(pack),
            packet: size,
            line: packets => new WatchedStream(new LateStream(packets), reading, counter, Wire.Peer, long.MaxValue)
        );

        await using var incoming = await PackPipe.OpenAsync(session, new GitHttpOptions { PackMemory = 1 << 20 }, null, _ => { }, stop.Token);
        using var content = new PushContent("0000"u8.ToArray(), incoming, new EarlyAnswer(), counter, TimeSpan.FromMinutes(10), stop.Token)
        {
            Watchdog = writing,
        };
        await content.CopyToAsync(connection, stop.Token);

        meter.Written.ShouldBe(pack.Length + 4);
        return meter.Allocated;
    }

    private static byte[] PackOf(int length)
    {
        var pack = new byte[length];
        "PACK\0\0\0\u0002\0\0\0\u0001"u8.CopyTo(pack);
        using var hash = ObjectFormat.Sha1.CreateHash();
        hash.AppendData(pack.AsSpan(..^20));
        hash.GetHashAndReset(pack.AsSpan(^20..));
        return pack;
    }

    /// <summary>Swallows bytes, and looks at what is allocated when the first and when the last of some go by.</summary>
    private sealed class Meter(long from, long to) : Stream
    {
        private long _before;

        internal long Written { get; private set; }

        internal long Allocated { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var written = Written + buffer.Length;
            if (Written < from && written >= from)
                _before = GC.GetTotalAllocatedBytes(precise: true);
            if (Written < to && written >= to)
                Allocated = GC.GetTotalAllocatedBytes(precise: true) - _before;
            Written = written;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
