using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Compare.Scenarios;

/// <summary>Both hosts as a scenario begins, and what it takes to begin it again.</summary>
internal sealed class World : IAsyncDisposable
{
    internal const string Owner = "acme";
    internal const string Workspace = "acme-mirror";

    private readonly TempFolder _folder = new("compare-");
    private readonly bool _isFirst;

    private World(SandboxGitHub gitHub, SandboxBitbucket bitbucket, bool isFirst) => (GitHub, Bitbucket, _isFirst) = (gitHub, bitbucket, isFirst);

    internal SandboxGitHub GitHub { get; }

    internal SandboxBitbucket Bitbucket { get; }

    /// <summary>Each repository and its mirror, in the order of their names.</summary>
    internal IEnumerable<(SandboxGitHubRepository Source, SandboxBitbucketRepository Destination)> Pairs =>
        GitHub.Repositories.Select(source => (source, Bitbucket.Find(Workspace, source.Name)!));

    private string Template => _folder["template"];

    private string Mirrors => Path.Combine(Bitbucket.Folder, Workspace);

    internal static async Task<World> BuildAsync(Scenario scenario, Seeds seeds)
    {
        var world = new World(await SandboxGitHub.StartAsync(), await SandboxBitbucket.StartAsync(), scenario.IsFirst);
        scenario.Seed(world.GitHub, seeds);
        foreach (var source in world.GitHub.Repositories)
        {
            var mirror = world.Bitbucket.AddRepository(Workspace, source.Name);
            mirror.Description = $"Mirror of github.com/{source.FullName} (id {source.Id})";
            if (!scenario.IsFirst)
                LinkedCopy.Replace(source.Git.Path, mirror.Git.Path);
        }

        LinkedCopy.Copy(world.Mirrors, world.Template);
        scenario.Change?.Invoke(world.GitHub);
        return world;
    }

    /// <summary>Puts a network before both hosts, for all that is asked until it is disposed of.</summary>
    internal IAsyncDisposable Connect(Network network) => new NetworkLine(GitHub, Bitbucket, network);

    /// <summary>Puts the mirrors back to the scenario's beginning and makes an empty folder for a tool, with an empty one in it to work in.</summary>
    /// <param name="keepsClones">Whether the tool has clones from the last run: <c>clones/NAME.git</c>, as <c>git clone --mirror</c> makes
    /// them.</param>
    internal RunFolder Restore(bool keepsClones)
    {
        LinkedCopy.Replace(Template, Mirrors);
        var run = _folder["run"];
        if (Directory.Exists(run))
            Directory.Delete(run, recursive: true);
        var folder = new RunFolder(run, Pairs.Select(pair => (pair.Source.Name, SourceUrl(pair.Source), DestinationUrl(pair.Destination))));
        if (keepsClones && !_isFirst)
        {
            LinkedCopy.Copy(Template, folder.Clones);
            foreach (var (source, _) in Pairs)
                File.AppendAllText(
                    Path.Combine(folder.Clones, source.Name + ".git", "config"),
                    $"[remote \"origin\"]\n\turl = {SourceUrl(source)}\n\tfetch = +refs/*:refs/*\n\tmirror = true\n"
                );
        }

        return folder;
    }

    /// <summary>Counting begins anew.</summary>
    internal void ForgetRequests()
    {
        GitHub.ClearRequests();
        Bitbucket.ClearRequests();
    }

    /// <summary>Whether branches and tags are equal on both sides.</summary>
    internal bool IsMirrored() => MirrorComparison.Compare(GitHub, Owner, Bitbucket, Workspace, fsck: false).Count == 0;

    public async ValueTask DisposeAsync()
    {
        await GitHub.DisposeAsync();
        await Bitbucket.DisposeAsync();
        _folder.Dispose();
    }

    private string SourceUrl(SandboxGitHubRepository repository) =>
        WithLogin(GitHub.ServerUrl, "x-access-token", GitHub.FullToken) + repository.FullName + ".git";

    private string DestinationUrl(SandboxBitbucketRepository repository) =>
        WithLogin(Bitbucket.GitUrl, "x-token-auth", Bitbucket.Token) + repository.FullName + ".git";

    private static string WithLogin(Uri url, string user, string secret) => $"{url.Scheme}://{user}:{secret}@{url.Authority}/";
}
