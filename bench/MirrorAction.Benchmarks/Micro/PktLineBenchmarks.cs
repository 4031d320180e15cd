using BenchmarkDotNet.Attributes;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>Cutting a stream into pkt-lines, and nothing else.</summary>
public class PktLineBenchmarks
{
    private const int PackLength = 16_000_000;

    private byte[] _wire = [];

    /// <summary>Bytes of the pack in each packet.</summary>
    [Params(8_191, 65_515)]
    public int Packet { get; set; }

    [GlobalSetup]
    public void SetUp() => _wire = PackWire.Answer(PackLength, Packet);

    [Benchmark]
    [Throughput(PackLength)]
    public async Task<int> Decode()
    {
        using var reader = new PktLineReader(new MemoryStream(_wire));
        var lines = 0;
        while ((await reader.ReadAsync(CancellationToken.None)).Kind == PktLineKind.Data)
        {
            lines++;
        }

        return lines;
    }
}
