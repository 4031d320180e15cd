using System.Text;
using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Protocol;

public sealed class PackDeltaTests
{
    private static readonly byte[] s_base = Encoding.ASCII.GetBytes("0123456789");

    [Theory]
    [InlineData("0a03" + "03616263", "abc")]
    [InlineData("0a04" + "9004", "0123")]
    [InlineData("0a03" + "910703", "789")]
    [InlineData("0a06" + "910703" + "03616263", "789abc")]
    [InlineData("0a00", "")]
    [InlineData("0a03" + "b00300", "012")]
    [InlineData("0a03" + "9f0700000003", "789")]
    public void Legal_delta_is_applied(string delta, string result) =>
        Encoding.ASCII.GetString(PackDelta.Apply(s_base, Convert.FromHexString(delta), 100)).ShouldBe(result);

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("0a", "no size of the result")]
    [InlineData("0b03" + "03616263", "another base")]
    [InlineData("0a04" + "03616263", "a shorter result")]
    [InlineData("0a02" + "03616263", "a longer result")]
    [InlineData("0a03" + "036162", "literal bytes that are not there")]
    [InlineData("0a03" + "00", "the instruction 0")]
    [InlineData("0a03" + "910803", "a copy beyond the base")]
    [InlineData("0a03" + "9fffffffff03", "an offset beyond the base")]
    [InlineData("0a03" + "91", "an offset that is not there")]
    [InlineData("0a03" + "80", "a copy of 64 KiB")]
    [InlineData("0a65" + "9004", "a result beyond the limit")]
    [InlineData("0affffffff7f" + "9004", "a result of 32 GiB")]
    [InlineData("8a8080808080808080", "a size without end")]
    public void Illegal_delta_is_refused(string delta, string because) =>
        Should.Throw<GitProtocolException>(() => PackDelta.Apply(s_base, Convert.FromHexString(delta), 100), because).IsTransient.ShouldBeFalse();

    [Fact]
    public void Copy_without_a_size_is_64_kibibytes()
    {
        var data = new byte[0x10000];
        Random.Shared.NextBytes(data);
        PackDelta.Apply(data, Convert.FromHexString("808004" + "808004" + "80"), 1 << 20).ShouldBe(data);
    }

    [Fact]
    public void Random_delta_is_applied_within_the_limit_or_refused() =>
        Gens.Bytes(20)
            .Check(noise =>
            {
                byte[] result = [];
                var e = Record.Exception(() => result = PackDelta.Apply(s_base, [10, .. noise], 100));
                _ = e?.ShouldBeOfType<GitProtocolException>();
                result.Length.ShouldBeLessThanOrEqualTo(100);
            });

    [Fact]
    public void Copies_and_literals_give_what_they_say() =>
        Gen.Choose(0, 9)
            .Two()
            .Zip(Gens.Bytes(10).Where(b => b.Length > 0))
            .ListOf()
            .Check(parts =>
            {
                var delta = new List<byte>();
                var expected = new List<byte>();
                foreach (var ((from, length), literal) in parts.Take(5))
                {
                    var size = Math.Min(length + 1, 10 - from);
                    delta.AddRange([0x91, (byte)from, (byte)size, (byte)literal.Length, .. literal]);
                    expected.AddRange([.. s_base[from..(from + size)], .. literal]);
                }

                PackDelta.Apply(s_base, [10, (byte)expected.Count, .. delta], 127).ShouldBe(expected.ToArray());
            });
}
