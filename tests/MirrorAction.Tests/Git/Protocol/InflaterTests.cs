using System.IO.Compression;
using FsCheck.Fluent;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class InflaterTests
{
    private static readonly FsCheck.Gen<byte[]> s_data = FsCheck.Fluent.Gen.OneOf(
        Gens.Bytes(400),
        Gens.ManyBytes(200_000),
        Gens.ManyBytes(200_000).Select(bytes => Array.ConvertAll(bytes, b => (byte)((b & 3) + 'a'))), // Compresses well, with codes of its own.
        FsCheck.Fluent.Gen.Choose(0, 300_000).Select(length => new byte[length])
    ); // Compresses as well as can be.

    private static readonly CompressionLevel[] s_levels =
    [
        CompressionLevel.NoCompression,
        CompressionLevel.Fastest,
        CompressionLevel.Optimal,
        CompressionLevel.SmallestSize,
    ];

    [Fact]
    public void What_zlib_deflates_is_inflated_again_whatever_the_parts_and_to_the_byte_where_it_ends() =>
        (from data in s_data from level in FsCheck.Fluent.Gen.Elements(s_levels) from parts in Gens.Chunks select (data, level, parts)).Check(
            sample =>
            {
                var stream = Deflate(sample.data, sample.level);

                var (output, taken) = Inflate(new Inflater(), [.. stream, .. "what is behind it"u8], sample.parts);

                output.ShouldBe(sample.data);
                taken.ShouldBe(stream.Length);
            }
        );

    [Fact]
    public void One_inflater_takes_one_stream_after_another()
    {
        var inflater = new Inflater();
        foreach (var length in new[] { 100_000, 0, 5, 70_000 })
        {
            var data = new RandomBytes(5).Take(length);
            Inflate(inflater, Deflate(data, CompressionLevel.Optimal), [1000]).Output.ShouldBe(data);
        }
    }

    [Fact]
    public void Damaged_stream_is_refused_or_what_zlib_makes_of_it() =>
        (
            from data in Gens.ManyBytes(3000).Select(bytes => Array.ConvertAll(bytes, b => (byte)(b & 31)))
            from level in FsCheck.Fluent.Gen.Elements(s_levels)
            from at in FsCheck.Fluent.Gen.Choose(0, 1 << 20)
            from value in FsCheck.Fluent.Gen.Choose(0, 255)
            select (data, level, at, value)
        ).Check(sample =>
        {
            var stream = Deflate(sample.data, sample.level);
            stream[sample.at % stream.Length] = (byte)sample.value;
            byte[] output;
            try
            {
                output = Inflate(new Inflater(), stream, [64, 70_000]).Output;
            }
            catch (InvalidDataException)
            {
                return;
            }

            using var zlib = new ZLibStream(new MemoryStream(stream), CompressionMode.Decompress);
            using var expected = new MemoryStream();
            zlib.CopyTo(expected);
            output.ShouldBe(expected.ToArray());
        });

    [Fact]
    public void Noise_gives_data_or_the_one_exception() =>
        Gens.Bytes(200)
            .Check(noise =>
            {
                foreach (var bits in new byte[] { 0x01, 0x03, 0x05, 0x04 })
                {
                    var e = Record.Exception(() => Inflate(new Inflater(), [0x78, 0x9c, bits, .. noise], [70_000]));
                    _ = e?.ShouldBeOfType<InvalidDataException>();
                }
            });

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Stream_cut_anywhere_is_refused(CompressionLevel level)
    {
        var stream = Deflate(new RandomBytes(1).Take(300).Select(b => (byte)(b & 15)).ToArray(), level);
        for (var length = 0; length < stream.Length; length++)
            Should.Throw<InvalidDataException>(() => Inflate(new Inflater(), stream[..length], [7]), $"cut after {length} of {stream.Length}");
    }

    private static byte[] Deflate(byte[] data, CompressionLevel level)
    {
        if (data.Length == 0)
            return PackBuilder.Deflate(data);
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, level, leaveOpen: true))
            zlib.Write(data);
        return output.ToArray();
    }

    /// <summary>Gives the input as it would arrive in such parts, what was not taken with the next.</summary>
    private static (byte[] Output, int Taken) Inflate(Inflater inflater, byte[] input, int[] parts)
    {
        using var output = new MemoryStream();
        inflater.Reset();
        var (taken, arrived) = (0, 0);
        for (var i = 0; !inflater.IsDone; )
        {
            var count = inflater.Inflate(input.AsSpan(taken, arrived - taken), arrived == input.Length, out var data);
            output.Write(data);
            taken += count;
            if (count == 0 && data.Length == 0 && !inflater.IsDone)
            {
                arrived.ShouldBeLessThan(input.Length, "no progress and nothing to come");
                arrived = Math.Min(input.Length, arrived + parts[i++ % parts.Length]);
            }
        }

        return (output.ToArray(), taken);
    }
}
