using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Hosts.Http;

public sealed class JsonTextCutterTests
{
    private static readonly string[] s_atoms =
    [
        "a",
        "ä",
        "€",
        "😀",
        "\\n",
        "\\\"",
        "\\\\",
        "\\u0041",
        "\\ud83d\\ude00",
        "\\uD83D\\uDE00",
        "0",
        " ",
        "{",
        "}",
        "[",
        ",",
    ];

    /// <summary>What is not too long is not touched, JSON or not.</summary>
    [Fact]
    public void Short_texts_are_kept_to_the_byte() =>
        (from bytes in Gens.ManyBytes(2 * JsonTextCutter.MaxText / 3) from chunks in Gens.Chunks select (bytes, chunks)).Check(sample =>
            Cut(sample.bytes, sample.chunks).ShouldBe(sample.bytes)
        );

    [Fact]
    public void Long_texts_are_cut_between_characters_and_the_rest_of_the_json_stays() =>
        (
            from atoms in Gen.Elements(s_atoms).NonEmptyListOf()
            from shift in Gen.Choose(0, 12)
            from chunks in Gens.Chunks
            select (
                Text: new string('x', shift)
                    + string.Concat(Enumerable.Repeat(string.Concat(atoms), (2 * JsonTextCutter.MaxText / atoms.Sum(atom => atom.Length)) + 1)),
                chunks
            )
        ).Check(sample =>
        {
            var json =
                $$$"""{"{{{sample.Text}}}":1,"before":[{{{sample.chunks.Length}}},"{{{sample.Text}}}"],"after":{"text":"short\"","more":"{{{sample.Text}}}"}}""";
            var whole = JsonDocument.Parse(json).RootElement;

            var cut = Cut(Encoding.UTF8.GetBytes(json), sample.chunks);

            cut.Length.ShouldBeLessThan((3 * JsonTextCutter.MaxText) + 200);
            var rest = JsonDocument.Parse(cut).RootElement;
            rest.EnumerateObject().Count().ShouldBe(3);
            rest.GetProperty("before")[0].GetInt32().ShouldBe(sample.chunks.Length);
            rest.GetProperty("after").GetProperty("text").GetString().ShouldBe("short\"");
            foreach (var text in new[] { rest.GetProperty("before")[1], rest.GetProperty("after").GetProperty("more") })
            {
                whole.GetProperty("before")[1].GetString()!.ShouldStartWith(text.GetString()!, Case.Sensitive);
                text.GetString()!.Length.ShouldBeGreaterThan(1000);
            }
        });

    [Fact]
    public void Text_without_a_place_for_a_cut_is_cut_all_the_same()
    {
        byte[] json = [(byte)'"', .. Enumerable.Repeat((byte)0x80, 10 * JsonTextCutter.MaxText), (byte)'"', (byte)',', (byte)'1'];

        var cut = Cut(json, [1000]);

        cut.Length.ShouldBeLessThan(2 * JsonTextCutter.MaxText);
        cut[^3..].ShouldBe("\",1"u8.ToArray());
    }

    private static byte[] Cut(byte[] bytes, int[] chunks)
    {
        var cutter = new JsonTextCutter();
        List<byte> kept = [];
        for (var (at, i) = (0, 0); at < bytes.Length; i++)
        {
            var piece = bytes[at..Math.Min(bytes.Length, at + chunks[i % chunks.Length])];
            kept.AddRange(piece.AsSpan(0, cutter.Cut(piece)));
            at += piece.Length;
        }

        return [.. kept];
    }
}
