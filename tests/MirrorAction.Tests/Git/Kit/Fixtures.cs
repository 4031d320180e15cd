using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>Conversations and packs recorded from git.</summary>
internal static class Fixtures
{
    /// <summary>A transcript by its name, such as <c>v2/clone</c>.</summary>
    internal static Transcript Transcript(string name) => MirrorAction.TestKit.Transcript.Load(PathOf(name + ".pkt"));

    /// <summary>A recorded pack.</summary>
    internal static byte[] Pack(string name) => File.ReadAllBytes(PathOf("packs", name + ".pack"));

    private static string PathOf(params string[] parts) => Checkout.PathOf(["tests", "MirrorAction.Tests", "Git", "Fixtures", .. parts]);
}
