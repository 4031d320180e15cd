using System.Text;
using MirrorAction.Git.Lfs;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Lfs;

public sealed class LfsPointerTests
{
    private const string Version = "version https://git-lfs.github.com/spec/v1\n";
    private const string Oid = "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n";

    public static TheoryData<string> Pointers =>
        [
            $"{Version}{Oid}size 12345\n",
            $"{Version}{Oid}size 0",
            $"version https://hawser.github.com/spec/v1\n{Oid}size 1\n",
            $"version http://git-media.io/v/2\n{Oid}size 1\n",
            $"{Version}ext-0-foo sha256:{new string('a', 64)}\next-1-bar sha256:{new string('b', 64)}\n{Oid}size 1\n",
            $"{Version}{Oid}size 1\n".Replace("\n", "\r\n", StringComparison.Ordinal),
        ];

    public static TheoryData<string> Others =>
        [
            "",
            "# A page about version https://git-lfs.github.com/spec/v1\n",
            Version,
            $"{Version}{Oid}",
            $"{Version}{Oid}size -1\n",
            $"{Version}{Oid}size 99999999999999999999\n",
            $"{Version}{Oid}size 1 2\n",
            $"{Version}size 1\n{Oid}",
            $"{Version}{Oid}size 1\nmore\n",
            $"{Version}oid sha256:{new string('A', 64)}\nsize 1\n",
            $"{Version}oid sha256:{new string('a', 63)}\nsize 1\n",
            $"{Version}oid md5:{new string('a', 64)}\nsize 1\n",
            $"version https://git-lfs.github.com/spec/v2\n{Oid}size 1\n",
            $"{Version}ext-0-foo {new string('x', 900)}\n{Oid}size 1\n",
        ];

    [Theory]
    [MemberData(nameof(Pointers))]
    public void Pointer_of_any_age_is_read(string text)
    {
        LfsPointer.TryParse(Encoding.UTF8.GetBytes(text), out var pointer).ShouldBeTrue();

        pointer.Oid.ShouldBe(Oid[11..^1]);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Any_other_file_is_none(string text) => LfsPointer.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Pointer_that_is_cut_anywhere_is_none_or_has_another_size()
    {
        var whole = Encoding.ASCII.GetBytes(SandboxLfs.PointerTo([1, 2, 3]));

        for (var length = 0; length < whole.Length - 2; length++)
        {
            LfsPointer.TryParse(whole.AsSpan(0, length), out _).ShouldBeFalse();
        }
    }
}
