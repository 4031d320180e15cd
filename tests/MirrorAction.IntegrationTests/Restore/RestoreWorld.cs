using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>An organisation, its mirror, and an owner without repositories into which the mirror is restored.</summary>
internal sealed class RestoreWorld : IAsyncDisposable
{
    /// <summary>Where everything goes.</summary>
    internal const string NewOwner = "acme-new";

    private RestoreWorld(ActionWorld action) => Action = action;

    internal ActionWorld Action { get; }

    internal SandboxGitHub GitHub => Action.GitHub;

    internal SandboxBitbucket Bitbucket => Action.Bitbucket;

    internal Dictionary<string, string> Inputs => Action.Inputs;

    /// <summary>What lies in the new owner's account.</summary>
    internal IReadOnlyList<SandboxGitHubRepository> Restored => [.. GitHub.Repositories.Where(repository => repository.Owner == NewOwner)];

    internal static async Task<RestoreWorld> StartAsync(bool organization = true)
    {
        var world = new RestoreWorld(await ActionWorld.StartAsync());
        world.GitHub.AddAccount(NewOwner, organization);
        return world;
    }

    /// <summary>Adds a repository and its mirror, made by the program itself.</summary>
    internal static async Task<RestoreWorld> MirroredAsync(params string[] names)
    {
        var world = await StartAsync();
        foreach (var name in names)
            world.GitHub.AddRepository("acme", name).Git.Commit("README.md", $"{name}\n");
        await world.MirrorAsync();
        return world;
    }

    /// <summary>Mirrors the organisation, then turns round.</summary>
    internal async Task MirrorAsync()
    {
        var outcome = await Action.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        TurnRound();
    }

    /// <summary>From here on the program restores.</summary>
    internal void TurnRound()
    {
        GitHub.AcceptsWrites = true;
        Inputs["mode"] = "restore";
        Inputs["github-owner"] = NewOwner;
        Inputs["github-token"] = GitHub.WriteToken;
    }

    internal SandboxGitHubRepository Find(string name) => GitHub.Find(NewOwner, name).ShouldNotBeNull($"{NewOwner}/{name}");

    /// <summary>Restores, and holds what must hold of every restore: nothing is written to Bitbucket, nothing secret is shown.</summary>
    internal async Task<ActionOutcome> RestoreAsync(int exitCode = 0)
    {
        var outcome = await Action.RunAsync();
        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        ShouldNotHaveWrittenToBitbucket();
        SecretForms
            .Find(outcome.Text + Action.Summary + Action.Outputs + Action.Report.ToJsonString(), [GitHub.WriteToken, Bitbucket.Token])
            .ShouldBeNull();
        return outcome;
    }

    internal void ShouldNotHaveWrittenToBitbucket()
    {
        Bitbucket.RestRequests.ShouldAllBe(request => request.Method == "GET");
        Bitbucket.GitRequests.ShouldNotContain(request => request.PathAndQuery.Contains("git-receive-pack", StringComparison.Ordinal));
    }

    /// <summary>Original and restored repository are the same, whatever of it a mirror can know.</summary>
    internal void ShouldBeRestored(SandboxGitHubRepository original, string? description = null)
    {
        var restored = Find(original.Name);
        restored.Name.ShouldBe(original.Name);
        Refs(restored).ShouldBe(Refs(original), original.Name);
        restored.Private.ShouldBeTrue(original.Name);
        (restored.Description ?? "").ShouldBe(description ?? original.Description ?? "", original.Name);
        if (Refs(original).Length > 0)
            restored.DefaultBranch.ShouldBe(original.DefaultBranch, original.Name);
        restored.Git.Fsck();
    }

    internal static string[] Refs(SandboxGitHubRepository repository) =>
        [.. repository.Git.BranchesAndTags().Select(entry => $"{entry.Key} {entry.Value}").Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => Action.DisposeAsync();
}
