using System.Buffers;
using System.Diagnostics;
using System.Reflection;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class AllocationTests
{
    /// <summary>Bytes a packet. Without optimisation the compiler makes objects of the two state machines, and of nothing else.</summary>
    private static readonly int s_allowed = typeof(SidebandReader).Assembly.GetCustomAttribute<DebuggableAttribute>()
        is { IsJITOptimizerDisabled: true }
        ? 320
        : 8;

    [Theory]
    [InlineData(50)]
    [InlineData(8000)]
    [InlineData(65515)]
    public void Relaying_a_packet_leaves_nothing_to_collect(int size)
    {
        const int Packets = 500;
        var packet = Transcript.Packet([1, .. new byte[size]]);
        Relay(packet, Packets); // Code is compiled and pools are filled on the way.

        var once = Relay(packet, Packets);
        var twice = Relay(packet, 2 * Packets);

        (twice - once).ShouldBeLessThan(Packets * s_allowed, $"{Packets} packets more cost {twice - once} bytes");
    }

    /// <summary>Bytes that this thread allocated for relaying so many packets.</summary>
    private static long Relay(byte[] packet, int packets)
    {
        using var reader = new PktLineReader(new EndlessStream([], packet));
        var sideband = new SidebandReader(reader, Wire.Peer);
        using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
        var nowhere = new Nowhere();
        inspector.Inspect("PACK\0\0\0\u0002\0\0\0\u0001"u8, nowhere);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < packets; i++)
        {
            var read = sideband.ReadAsync(CancellationToken.None);
            Inspect(inspector, read, nowhere);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

#pragma warning disable CA2012 // It has completed: the stream never waits.
    private static void Inspect(PackTrailerValidator inspector, ValueTask<ReadOnlyMemory<byte>> read, Nowhere nowhere) =>
        inspector.Inspect(read.GetAwaiter().GetResult().Span, nowhere);
#pragma warning restore CA2012

    /// <summary>Takes bytes and keeps none.</summary>
    private sealed class Nowhere : IBufferWriter<byte>
    {
        private readonly byte[] _buffer = new byte[1 << 17];

        public void Advance(int count) { }

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer;
    }
}
