using BenchmarkDotNet.Attributes;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>A pack on its way through the program: packets, side-bands, checksum, pipe; everything but the two connections.</summary>
public class RelayBenchmarks
{
    private const int PackLength = 64_000_000;

    /// <summary>As much as a relay holds, see <c>PackRelay</c>.</summary>
    private const int Memory = 4 << 20;

    private byte[] _wire = [];

    /// <summary>Bytes of the pack in each packet.</summary>
    [Params(8_191, 65_515)]
    public int Packet { get; set; }

    [GlobalSetup]
    public void SetUp() => _wire = PackWire.Answer(PackLength, Packet);

    [Benchmark]
    [Throughput(PackLength)]
    public async Task Relay()
    {
        var connection = new MemoryStream(_wire);
        var session = new FetchSession(connection, new PktLineReader(connection), first: null, ObjectFormat.Sha1, "The source");
        await using var pack = await PackPipe.OpenAsync(
            session,
            new GitHttpOptions { PackMemory = Memory },
            limit: null,
            progress: null,
            CancellationToken.None
        );
        await pack.CopyToAsync(Stream.Null, () => false, CancellationToken.None);
    }
}
