using FsCheck;
using FsCheck.Fluent;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>What the properties are tried with.</summary>
internal static class Gens
{
    /// <summary>Any bytes, up to so many.</summary>
    internal static Gen<byte[]> Bytes(int max) =>
        from length in Gen.Choose(0, max)
        from bytes in Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(length)
        select bytes;

    /// <summary>Many bytes, from a seed: fast to make, and no smaller sample would say more.</summary>
    internal static Gen<byte[]> ManyBytes(int max) =>
        from length in Gen.Choose(0, max)
        from seed in Gen.Choose(0, int.MaxValue)
        select new RandomBytes((ulong)seed).Take(length);

    /// <summary>The sizes in which a network may deliver: some tiny, some large.</summary>
    internal static Gen<int[]> Chunks { get; } =
        Gen.OneOf(Gen.Choose(1, 3), Gen.Choose(1, 100), Gen.Choose(1, 70_000)).NonEmptyListOf().Select(l => l.Take(20).ToArray());

    /// <summary>Tries a hundred samples; a failure names the smallest sample that fails and the seed.</summary>
    internal static void Check<T>(this Gen<T> gen, Action<T> assertion) =>
        Prop.ForAll(gen.ToArbitrary(), assertion).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true));
}
