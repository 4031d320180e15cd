using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class PktLineProperties
{
    [Fact]
    public void What_is_written_is_read_in_any_chunking() =>
        (
            from payloads in Gens.ManyBytes(2000).Where(b => b.Length > 0).ListOf()
            from chunks in Gens.Chunks
            select (Payloads: payloads.ToArray(), Chunks: chunks)
        ).Check(sample =>
        {
            var writer = new PktLineWriter();
            foreach (var payload in sample.Payloads)
                writer.Line(payload).Delimiter();

            var lines = ReadAll(writer.Flush().Written.ToArray(), sample.Chunks);

            lines
                .Where(l => l.Kind == PktLineKind.Data)
                .Select(l => Convert.ToHexString(l.Payload))
                .ShouldBe(sample.Payloads.Select(Convert.ToHexString));
            lines.Count(l => l.Kind == PktLineKind.Delimiter).ShouldBe(sample.Payloads.Length);
            lines[^1].Kind.ShouldBe(PktLineKind.Flush);
        });

    [Fact]
    public void Random_bytes_are_lines_or_an_exception_of_git() =>
        Gens.Bytes(200)
            .Check(bytes =>
            {
                var e = Record.Exception(() => ReadAll(bytes, [3]));
                _ = e is null ? null : e.ShouldBeAssignableTo<GitException>();
            });

    [Fact]
    public void Digits_in_front_of_anything_are_lines_or_an_exception_of_git() =>
        (
            from digits in Gen.Elements("0000", "0001", "0004", "0005", "0010", "00ff", "fff0", "fff1", "0003").NonEmptyListOf()
            from noise in Gens.Bytes(30)
            select (byte[])[.. digits.SelectMany(d => Wire.Latin1(d)), .. noise]
        ).Check(bytes =>
        {
            var e = Record.Exception(() => ReadAll(bytes, [1]));
            _ = e is null ? null : e.ShouldBeAssignableTo<GitException>();
        });

    private static List<(PktLineKind Kind, byte[] Payload)> ReadAll(byte[] bytes, int[] chunks)
    {
        using var reader = new PktLineReader(new ChunkedStream(bytes, chunks));
        var lines = new List<(PktLineKind, byte[])>();
        while (true)
        {
            var line = reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (line.Kind == PktLineKind.EndOfStream)
                return lines;
            lines.Add((line.Kind, line.Payload.ToArray()));
        }
    }
}
