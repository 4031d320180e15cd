using System.Buffers;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class EmptyPackTests
{
    [Theory]
    [InlineData(ObjectFormat.Sha1, "5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e")]
    [InlineData(ObjectFormat.Sha256, "5041434b00000002000000007ed890d8a45760f3eecf73045b1d1047085af4776dc683d78eac82203df1993f")]
    public async Task Empty_pack_is_header_and_checksum(ObjectFormat format, string hex)
    {
        var pack = EmptyPack.Of(format);
        var written = new MemoryStream();

        await pack.CopyToAsync(written, () => false, Wire.Token);

        var bytes = written.ToArray();
        pack.Length.ShouldBe(bytes.Length);
        Convert.ToHexStringLower(bytes).ShouldBe(hex);
        using var inspector = new PackTrailerValidator(format, Wire.Peer);
        var output = new ArrayBufferWriter<byte>();
        inspector.Inspect(bytes, output);
        inspector.Finish(output);
        inspector.ObjectCount.ShouldBe(0u);
    }
}
