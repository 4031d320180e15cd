using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

public sealed class TranscriptParseTests
{
    [Theory]
    [InlineData("hello", "000ahello\n")]
    [InlineData(@"hello\n", "000ahello\n")]
    [InlineData(@"hello\c", "0009hello")]
    [InlineData("0000", "0000")]
    [InlineData("0001", "0001")]
    [InlineData("0002", "0002")]
    [InlineData(@"a\0b\x07\\", "000aa\0b\u0007\\\n")]
    [InlineData(@"\x02text", "0009\u0002text")]
    [InlineData(@"\x01", "0005\u0001")]
    [InlineData("hex:50414b", "PAK")]
    [InlineData(@"\x01hex:5041", "0007\u0001PA")]
    [InlineData(@"raw:0004\n", "0004\n")]
    [InlineData("pack:some.pack", "some.pack")]
    [InlineData(@"\x01pack:some.pack", "000e\u0001some.pack")]
    public void Each_line_becomes_its_bytes(string line, string bytes) =>
        Transcript.Parse($"# a comment\n= POST git-upload-pack\n> {line}\n", Wire.Latin1).Exchanges.Single().Request.ShouldBe(Wire.Latin1(bytes));

    [Theory]
    [InlineData("> before any request")]
    [InlineData("= POST git-upload-pack\nno mark")]
    [InlineData("= POST git-upload-pack\n>no space")]
    [InlineData("= POST git-upload-pack\n> \\q")]
    [InlineData("= POST git-upload-pack\n> hex:5")]
    [InlineData("= POST git-upload-pack\n> pack:none.pack")]
    public void Line_of_no_known_form_is_refused(string text) => Should.Throw<FormatException>(() => Transcript.Parse(text));

    [Fact]
    public void Escaped_text_is_read_back() => Gens.Bytes(200).Check(bytes => Escaped.Read(Escaped.Write(bytes)).ShouldBe(bytes));

    [Fact]
    public void Long_data_of_a_band_is_split_into_packets() =>
        Transcript.Parse("= POST git-upload-pack\n< \\x01pack:x\n", _ => new byte[65516]).Exchanges[0].Answer.Length.ShouldBe(65516 + 10);
}
