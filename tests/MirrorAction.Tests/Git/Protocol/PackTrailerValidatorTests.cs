using System.Buffers;
using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class PackTrailerValidatorTests
{
    private static readonly byte[] s_pack = Kit.Fixtures.Pack("clone");
    private static readonly byte[] s_empty = Convert.FromHexString("5041434b0000000200000000029d08823bd8a8eab510ad6ac75c823cfd3ed31e");

    [Fact]
    public void Pack_passes_unchanged_in_every_size_of_chunk()
    {
        for (var size = 1; size <= s_pack.Length; size += size < 64 ? 1 : 61)
            Pass(s_pack, size).ShouldBe(s_pack, $"chunks of {size}");
    }

    [Fact]
    public void Pack_passes_unchanged_when_it_is_cut_in_two_anywhere()
    {
        for (var cut = 0; cut <= s_pack.Length; cut++)
        {
            using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
            var output = new ArrayBufferWriter<byte>();
            inspector.Inspect(s_pack.AsSpan(0, cut), output);
            inspector.Inspect(s_pack.AsSpan(cut), output);
            inspector.Finish(output);
            output.WrittenSpan.SequenceEqual(s_pack).ShouldBeTrue($"cut at {cut}");
        }
    }

    [Fact]
    public void Checksum_is_held_back_to_the_last_byte_until_the_pack_is_whole()
    {
        using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < s_pack.Length; i++)
        {
            inspector.Inspect(s_pack.AsSpan(i, 1), output);
            output.WrittenCount.ShouldBe(Math.Max(0, i + 1 - 20));
        }

        inspector.Finish(output);
        output.WrittenCount.ShouldBe(s_pack.Length);
        inspector.Length.ShouldBe(s_pack.Length);
    }

    [Fact]
    public void Any_chunking_passes_the_same_bytes() =>
        (from chunks in Gens.Chunks from body in Gens.ManyBytes(3000) select (chunks, body)).Check(sample =>
        {
            var builder = new PackBuilder();
            builder.Add(PackObjectType.Blob, sample.body);
            var pack = builder.Build();
            using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
            var output = new ArrayBufferWriter<byte>();
            for (int at = 0, i = 0; at < pack.Length; i++)
            {
                var size = Math.Min(sample.chunks[i % sample.chunks.Length], pack.Length - at);
                inspector.Inspect(pack.AsSpan(at, size), output);
                at += size;
            }

            inspector.Finish(output);
            output.WrittenSpan.SequenceEqual(pack).ShouldBeTrue();
        });

    [Fact]
    public void Number_of_objects_is_known_once_the_header_is_whole()
    {
        using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
        var output = new ArrayBufferWriter<byte>();

        inspector.Inspect(s_pack.AsSpan(0, 11), output);
        inspector.ObjectCount.ShouldBeNull();
        inspector.Inspect(s_pack.AsSpan(11, 1), output);
        inspector.ObjectCount.ShouldBe(7u);
    }

    [Fact]
    public void Empty_pack_is_a_pack() => Pass(s_empty, 5).ShouldBe(s_empty);

    [Fact]
    public void Pack_with_a_changed_byte_anywhere_never_passes()
    {
        for (var i = 0; i < s_pack.Length; i++)
        {
            var damaged = s_pack.ToArray();
            damaged[i] ^= 0x10;
            var passed = new ArrayBufferWriter<byte>();
            var e = Record.Exception(() => PassInto(passed, damaged, 100)).ShouldBeAssignableTo<GitException>($"byte {i}");
            e!.IsTransient.ShouldBe(i >= 8, $"byte {i}"); // What is no pack stays none; what was damaged on the way may arrive whole next time.
            passed.WrittenCount.ShouldBeLessThanOrEqualTo(damaged.Length - 20, $"byte {i}");
        }
    }

    [Fact]
    public void Pack_cut_anywhere_never_passes()
    {
        for (var length = 0; length < s_pack.Length; length++)
            Should.Throw<GitTransportException>(() => Pass(s_pack[..length], 50), $"cut after {length}").IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData("PACK\0\0\0\u0004\0\0\0\u0001")]
    [InlineData("PACK\0\0\0\u0001\0\0\0\u0001")]
    [InlineData("KCAP\0\0\0\u0002\0\0\0\u0001")]
    [InlineData("<!DOCTYPE html><html>")]
    [InlineData("DIRC\0\0\0\u0002\0\0\0\u0001")]
    public void What_is_no_pack_is_refused_by_its_header(string bytes) =>
        Should.Throw<GitProtocolException>(() => Pass(Wire.Latin1(bytes), 3)).Message.ShouldContain("header of a pack");

    [Fact]
    public void Version_three_is_a_pack_too()
    {
        var pack = s_empty.ToArray();
        pack[7] = 3;
        Should.Throw<GitTransportException>(() => Pass(pack, 32)).Message.ShouldContain("checksum"); // Past the header; only its checksum is that of version 2.
    }

    [Fact]
    public void Pack_without_objects_holds_nothing_else()
    {
        var builder = new PackBuilder();
        builder.Add(PackObjectType.Blob, [1]);
        Should.Throw<GitProtocolException>(() => Pass(builder.Build(count: 0), 32)).Message.ShouldContain("no objects");
    }

    [Fact]
    public void Pack_too_short_for_its_objects_is_cut()
    {
        var builder = new PackBuilder();
        builder.Add(PackObjectType.Blob, []);
        Pass(builder.Build(count: 1), 32).Length.ShouldBe(12 + 9 + 20);
        Should.Throw<GitTransportException>(() => Pass(builder.Build(count: 2), 32)).Message.ShouldContain("before its 2 objects");
        Should.Throw<GitTransportException>(() => Pass(builder.Build(count: int.MaxValue), 32));
    }

    [Fact]
    public void Sha256_pack_ends_with_its_own_checksum()
    {
        byte[] header = [.. "PACK"u8, 0, 0, 0, 2, 0, 0, 0, 0];
        byte[] pack = [.. header, .. System.Security.Cryptography.SHA256.HashData(header)];
        using var inspector = new PackTrailerValidator(ObjectFormat.Sha256, Wire.Peer);
        var output = new ArrayBufferWriter<byte>();
        inspector.Inspect(pack, output);
        output.WrittenCount.ShouldBe(12);
        inspector.Finish(output);
        output.WrittenSpan.ToArray().ShouldBe(pack);
    }

    private static byte[] Pass(byte[] pack, int chunk)
    {
        var output = new ArrayBufferWriter<byte>();
        PassInto(output, pack, chunk);
        return output.WrittenSpan.ToArray();
    }

    private static void PassInto(ArrayBufferWriter<byte> output, byte[] pack, int chunk)
    {
        using var inspector = new PackTrailerValidator(ObjectFormat.Sha1, Wire.Peer);
        for (var at = 0; at < pack.Length; at += chunk)
            inspector.Inspect(pack.AsSpan(at, Math.Min(chunk, pack.Length - at)), output);
        inspector.Finish(output);
    }
}
