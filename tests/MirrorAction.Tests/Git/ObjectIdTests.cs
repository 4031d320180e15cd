using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class ObjectIdTests
{
    [Theory]
    [InlineData(40, ObjectFormat.Sha1)]
    [InlineData(64, ObjectFormat.Sha256)]
    public void Hex_digits_of_either_length_are_read_and_written(int digits, ObjectFormat format)
    {
        var hex = string.Concat(Enumerable.Repeat("0123456789abcdef", 4))[..digits];

        var id = ObjectId.Parse(hex);

        id.Format.ShouldBe(format);
        id.ToString().ShouldBe(hex);
        ObjectId.Parse(hex.ToUpperInvariant()).ShouldBe(id);
        id.IsZero.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("000000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000000")]
    [InlineData("000000000000000000000000000000000000000g")]
    [InlineData(" 00000000000000000000000000000000000000 ")]
    [InlineData("0x00000000000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000000000\n0")]
    [InlineData("000000000000000000000000000000000000000\u00e9")]
    public void Anything_else_is_no_id(string text)
    {
        ObjectId.TryParse(Encoding.UTF8.GetBytes(text), out var id).ShouldBeFalse();
        id.ShouldBe(default);
        Should.Throw<FormatException>(() => ObjectId.Parse(text));
    }

    [Fact]
    public void Zero_ids_of_different_formats_are_different()
    {
        ObjectId.Zero(ObjectFormat.Sha1).IsZero.ShouldBeTrue();
        ObjectId.Zero(ObjectFormat.Sha256).ToString().ShouldBe(new string('0', 64));
        ObjectId.Zero(ObjectFormat.Sha1).ShouldNotBe(ObjectId.Zero(ObjectFormat.Sha256));
    }

    [Fact]
    public void Bytes_hex_and_value_say_the_same() =>
        Gens.Bytes(64)
            .Check(noise =>
            {
                foreach (var length in (int[])[20, 32])
                {
                    var bytes = noise.Concat(new byte[32]).Take(length).ToArray();
                    var id = ObjectId.FromBytes(bytes);
                    var copy = new byte[32];
                    copy[..id.CopyTo(copy)].ShouldBe(bytes);
                    ObjectId.Parse(Convert.ToHexString(bytes)).ShouldBe(id);
                    ObjectId.Parse(id.ToString()).GetHashCode().ShouldBe(id.GetHashCode());
                }

                _ = noise.Length is 20 or 32 ? null : Should.Throw<ArgumentException>(() => ObjectId.FromBytes(noise));
            });
}
