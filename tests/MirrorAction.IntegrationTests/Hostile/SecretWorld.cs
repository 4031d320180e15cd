using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>Both hosts with tokens that look like nothing else, for tests that search whatever the program leaves behind.</summary>
internal static class SecretWorld
{
    internal const string SourceToken = "ghp_Distinct1veSourceT0kenOfThisTest0000";
    internal const string DestinationToken = "ATCTT3xDistinct1veDestinati0nToken-_=1A2B3C";

    /// <summary>The program is given both tokens, tells all that it can, and tries nothing twice.</summary>
    internal static async Task<ActionWorld> StartAsync()
    {
        var world = await ActionWorld.StartAsync();
        world.GitHub.AddToken(new SandboxGitHubToken(SourceToken, "mirror-bot", SeesPrivate: true));
        world.Bitbucket.Add(BitbucketCredential.AccessToken(DestinationToken));
        world.Inputs["github-token"] = SourceToken;
        world.Inputs["bitbucket-token"] = DestinationToken;
        world.Inputs["max-attempts"] = "1";
        world.Inputs["log-level"] = "debug";
        return world;
    }

    /// <summary>All files that the program can have written.</summary>
    internal static IEnumerable<string> FilesOf(ActionWorld world) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(world.Workspace)!, "*", SearchOption.AllDirectories);

    /// <summary>No file holds a token in any form.</summary>
    internal static void ShouldHoldNone(IEnumerable<string> files, params string[] tokens)
    {
        foreach (var file in files)
        {
            SecretForms.Find(File.ReadAllText(file), tokens).ShouldBeNull(Path.GetFileName(file));
        }
    }
}
