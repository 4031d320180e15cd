using System.Text.Json.Nodes;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Verify;

/// <summary>Mirrors that were made by a run, and the program that looks at them and may change nothing at either host.</summary>
internal sealed class ReadOnlyWorld(ActionWorld world) : IAsyncDisposable
{
    internal ActionWorld World => world;

    internal static async Task<ReadOnlyWorld> StartAsync() => new(await ActionWorld.StartAsync());

    /// <summary>Adds a repository with two branches and a tag.</summary>
    internal SandboxGitHubRepository Add(string name)
    {
        var repository = world.GitHub.AddRepository("acme", name);
        var first = repository.Git.Commit("README.md", $"{name}\n");
        repository.Git.Commit("README.md", $"{name}, again\n");
        repository.Git.Branch("release", first);
        repository.Git.TagAnnotated("v1", first);
        return repository;
    }

    internal SandboxBitbucketRepository Mirror(string slug) => world.Bitbucket.Find("acme-mirror", slug)!;

    /// <summary>Mirrors everything, and takes the right to write away then.</summary>
    internal async Task MirrorAllAsync()
    {
        var outcome = await world.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        world.Inputs["bitbucket-token"] = world.Bitbucket.Add(BitbucketCredential.AccessToken("ATCTT3x-reads").WithScopes("repository")).Secret;
    }

    /// <summary>Runs, and both hosts are as before.</summary>
    internal async Task<ActionOutcome> RunAsync(string mode, params (string Input, string Value)[] inputs)
    {
        world.Inputs["mode"] = mode;
        foreach (var (input, value) in inputs)
        {
            world.Inputs[input] = value;
        }

        var before = Everything();
        var outcome = await world.RunAsync();
        Everything().ShouldBe(before);
        world.GitHub.WriteAttempts.ShouldBeEmpty();
        world.Bitbucket.Requests.ShouldNotContain(r =>
            r.PathAndQuery.Contains("receive-pack", StringComparison.Ordinal) || (!r.IsGit && r.Method != "GET")
        );
        return outcome;
    }

    internal JsonNode ReportOf(string name) => world.ReportOf($"acme/{name}");

    internal string StatusOf(string name) => (string)ReportOf(name)["status"]!;

    /// <summary>The differences that were reported, as <c>kind ref</c>.</summary>
    internal string[] ChangesOf(string name) => [.. ReportOf(name)["changes"]!.AsArray().Select(c => $"{(string)c!["kind"]!} {(string)c["ref"]!}")];

    internal string[] WarningsOf(string name) => [.. ReportOf(name)["warnings"]!.AsArray().Select(w => (string)w!)];

    public ValueTask DisposeAsync() => world.DisposeAsync();

    private string[] Everything() =>
        [
            .. world.GitHub.Repositories.SelectMany(r => r.Git.ForEachRef().Select(e => $"{r.FullName} {e.Key} {e.Value}")),
            .. world.Bitbucket.Repositories.SelectMany(r =>
                r.Git.ForEachRef().Select(e => $"{r.FullName} {e.Key} {e.Value}").Prepend($"{r.FullName} {r.Description} {r.IsPrivate} {r.Git.Head}")
            ),
        ];
}
