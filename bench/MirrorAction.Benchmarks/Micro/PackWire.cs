using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>The answer of upload-pack to a fetch, from the first packet of the pack to the flush behind it, as git sends it.</summary>
internal static class PackWire
{
    /// <summary>A pack of noise between a right header and a right checksum, on band 1.</summary>
    /// <param name="length">Bytes of the pack.</param>
    /// <param name="packet">Bytes of the pack in each packet; git puts 65,515 into one when it has as many, and often 8,191.</param>
    internal static byte[] Answer(int length, int packet)
    {
        var pack = new byte[length];
        new Random(1).NextBytes(pack);
        "PACK\0\0\0\u0002\0\0\0\u0001"u8.CopyTo(pack);
        var checksum = length - ObjectFormat.Sha1.ByteLength();
        using var hash = ObjectFormat.Sha1.CreateHash();
        hash.AppendData(pack.AsSpan(0, checksum));
        hash.GetHashAndReset().CopyTo(pack, checksum);
        var writer = new PktLineWriter();
        foreach (var part in pack.Chunk(packet))
        {
            writer.Line([1, .. part]);
        }

        return writer.Flush().Written.ToArray();
    }
}
