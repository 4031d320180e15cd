using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Kit;

/// <summary>The files of this checkout.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds the solution.</summary>
    internal static string Root { get; } = FindRoot();

    internal static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A transcript by its name, such as <c>v2/clone</c>.</summary>
    internal static Transcript Transcript(string name) => MirrorAction.TestKit.Transcript.Load(PathOf("tests", "MirrorAction.Tests", "Git", "Fixtures", name + ".pkt"));

    /// <summary>A recorded pack.</summary>
    internal static byte[] Pack(string name) => File.ReadAllBytes(PathOf("tests", "MirrorAction.Tests", "Git", "Fixtures", "packs", name + ".pack"));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "MirrorAction.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException($"No MirrorAction.sln above {AppContext.BaseDirectory}; tests run from a checkout.");
    }
}
