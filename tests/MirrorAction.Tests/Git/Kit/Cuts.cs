using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>What every decoder must withstand.</summary>
internal static class Cuts
{
    /// <summary>An answer that ends at any byte before its last is never taken for a whole one.</summary>
    internal static async Task NeverPassAsync(byte[] answer, Func<PktLineReader, Task> decode)
    {
        for (var length = 0; length < answer.Length; length++)
        {
            using var reader = new PktLineReader(new ChunkedStream(answer.AsMemory(0, length)));
            var e = await Record.ExceptionAsync(() => decode(reader));
            e.ShouldBeOfType<GitTransportException>($"cut after {length} of {answer.Length} bytes").IsTransient.ShouldBeTrue();
        }
    }

    /// <summary>Damaged answers give a result or an exception of git, and nothing else.</summary>
    internal static void RandomDamageIsTold(byte[] answer, Func<PktLineReader, Task> decode) =>
        DamagedAnswers(answer)
            .Check(damaged =>
            {
                using var reader = new PktLineReader(new ChunkedStream(damaged));
                var e = Record.Exception(() => decode(reader).GetAwaiter().GetResult());
                _ = e is null ? null : e.ShouldBeAssignableTo<GitException>();
            });

    private static FsCheck.Gen<byte[]> DamagedAnswers(byte[] answer) => FsCheck.Fluent.Gen.OneOf(Gens.Bytes(300), Damage(answer));

    private static FsCheck.Gen<byte[]> Damage(byte[] answer) =>
        FsCheck.Fluent.Gen.Select(
            FsCheck.Fluent.Gen.Two(FsCheck.Fluent.Gen.Choose(0, int.MaxValue - 1)),
            pair =>
            {
                var damaged = answer.ToArray();
                damaged[pair.Item1 % damaged.Length] = (byte)pair.Item2;
                return damaged;
            }
        );
}
