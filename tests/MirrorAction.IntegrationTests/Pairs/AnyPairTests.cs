using System.Text.Json.Nodes;
using MirrorAction.Hosts;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Pairs;

/// <summary>What every pair of hosts does: the program itself between two stand-ins, from the first mirror to the restore.</summary>
public sealed class AnyPairTests
{
    /// <summary>Each kind in either role, and against another kind than its own.</summary>
    public static TheoryData<string, string> Pairs
    {
        get
        {
            string[] kinds = [.. KnownHosts.All.Select(host => host.Kind).Order(StringComparer.Ordinal)];
            return
            [
                .. kinds.Select((kind, i) => (kind, kinds[(i + 1) % kinds.Length])),
                .. kinds.Length > 2 ? kinds.Select((kind, i) => (kind, kinds[(i + kinds.Length - 1) % kinds.Length])) : [],
                ("github", "github"),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Pair_mirrors_proves_and_brings_back(string source, string destination)
    {
        await using var world = await PairWorld.StartAsync(source, destination);
        var website = world.Source.Add("website");
        website.Commit("a", "1\n");
        website.Branch("release/1.0", "main");
        website.TagAnnotated("v1", "main");
        world.Source.Add("docs").Commit("a", "of the docs\n", "trunk");
        world.Source["docs"].Git.Head = "trunk";
        world.Source.Add("empty");

        (await world.RunAsync("plan")).ExitCode.ShouldBe(0);
        world.Destination.Repositories.ShouldBeEmpty();

        // The first run creates and fills, the second finds nothing to do, by two requests for each repository.
        await world.RunWellAsync("mirror");
        world.ShouldBeEqual("website", "docs");
        world.Destination.Repositories.Select(copy => copy.Name).Order(StringComparer.Ordinal).ShouldBe(["docs", "empty", "website"]);
        world.Destination.Repositories.ShouldAllBe(copy => copy.IsPrivate);
        world.Destination["docs"].Git.Head.ShouldBe("trunk");
        world.Destination["website"].Description.ShouldMatch($@"^Mirror of \S+/{world.Source.Owner}/website \(id \S+\)");
        ((string?)world.Report["source"]!["host"], (string?)world.Report["destination"]!["host"]).ShouldBe((source, destination));
        ((string?)world.Report["source"]!["owners"]![0], (string?)world.Report["destination"]!["workspace"]).ShouldBe(
            (world.Source.Owner, world.Destination.Owner)
        );

        await world.RunWellAsync("mirror");
        world.Statuses.ShouldBe(["skipped", "unchanged", "unchanged"]);
        world.Source.Requests.Count(request => request.IsGit).ShouldBe(3);
        world.Destination.Requests.Count(request => request.IsGit).ShouldBe(3);

        // History that is rewritten, a branch that goes and one that comes: on the second push, which some hosts protect against.
        var old = website.Git("rev-parse", "main");
        website.Commit("b", "2\n");
        website.ResetHard("main", "main^");
        website.Commit("c", "rewritten\n");
        website.Git("commit-tree", "main^{tree}", "-m", "x");
        website.UpdateRef("refs/heads/main", website.Git("commit-tree", "main^{tree}", "-m", "another beginning"));
        website.DeleteBranch("release/1.0");
        website.Branch("next", "main");

        await world.RunWellAsync("mirror");
        world.ShouldBeEqual("website", "docs");
        world.Destination["website"].Git.ForEachRef("refs/tags/mirror-kept").Values.ShouldContain(old);

        await world.RunWellAsync("verify");
        await world.RunWellAsync("restore", "--drill");
        await world.RunWellAsync("backup", "--backup-dir", "of-the-source");
        await world.RunWellAsync("backup", "--from", "destination", "--backup-dir", "of-the-mirrors");
        await world.RunWellAsync("backup", "--check", "--backup-dir", "of-the-mirrors");
        await world.RunWellAsync("doctor");
    }

    /// <summary>Each kind as the destination once.</summary>
    public static TheoryData<string, string> Destinations
    {
        get
        {
            string[] kinds = [.. KnownHosts.All.Select(host => host.Kind).Order(StringComparer.Ordinal)];
            return [.. kinds.Select((kind, i) => (kinds[(i + 1) % kinds.Length], kind))];
        }
    }

    [Theory]
    [MemberData(nameof(Destinations))]
    public async Task Mirrors_follow_names_that_were_swapped_and_used_again(string source, string destination)
    {
        await using var world = await PairWorld.StartAsync(source, destination);
        foreach (var name in new[] { "left", "right", "api" })
            world.Source.Add(name).Commit("a", $"of {name}\n");
        await world.RunWellAsync("mirror");
        world.Source.Rename("left", "between");
        world.Source.Rename("right", "left");
        world.Source.Rename("between", "right");
        world.Source.Rename("api", "api-old");
        world.Source.Add("api").Commit("a", "of another\n");

        await world.RunWellAsync("mirror");

        world.ShouldBeEqual("left", "right", "api", "api-old");
        world.Destination.Repositories.Count.ShouldBe(4);
        world.Destination["right"].Description.ShouldMatch(@"/right \(id ");
        world.Report["repositories"]!
            .AsArray()
            .ToDictionary(r => (string)r!["destination"]!, r => (string?)r!["renamedFrom"])
            .ShouldBe(
                new Dictionary<string, string?>
                {
                    [$"{world.Destination.Owner}/left"] = $"{world.Destination.Owner}/right",
                    [$"{world.Destination.Owner}/right"] = $"{world.Destination.Owner}/left",
                    [$"{world.Destination.Owner}/api-old"] = $"{world.Destination.Owner}/api",
                    [$"{world.Destination.Owner}/api"] = null,
                },
                ignoreOrder: true
            );
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Worst_day_ends_with_the_repositories_at_a_new_host(string source, string destination)
    {
        await using var world = await PairWorld.StartAsync(source, destination);
        var website = world.Source.Add("website");
        website.Commit("a", "1\n");
        website.TagAnnotated("v1", "main");
        await world.RunWellAsync("mirror");

        await using var rebuilt = await SandboxHost.StartAsync(source, "acme-new");
        world.PointSourceAt(rebuilt);
        await world.RunWellAsync("restore");

        var restored = rebuilt["website"];
        restored.IsPrivate.ShouldBeTrue();
        restored.Git.BranchesAndTags().ShouldBe(website.BranchesAndTags(), ignoreOrder: true);
        restored.Git.Fsck();
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Repository_of_somebody_else_is_left_alone(string source, string destination)
    {
        await using var world = await PairWorld.StartAsync(source, destination);
        world.Source.Add("website").Commit("a", "1\n");
        var theirs = world.Destination.Add("website");
        theirs.Commit("theirs", "x\n");
        var before = theirs.ForEachRef();

        var outcome = await world.RunAsync("mirror");

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        theirs.ForEachRef().ShouldBe(before);
        ((string?)world.Report["repositories"]![0]!["error"]!["code"]).ShouldBe("not-a-mirror");
    }
}

/// <summary>Two stand-ins and the program between them.</summary>
public sealed class PairWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new("pair-");
    private readonly Dictionary<string, string> _inputs = new(StringComparer.Ordinal) { ["create-interval"] = "0ms" };
    private readonly string _workspace;

    private PairWorld(SandboxHost source, SandboxHost destination)
    {
        (Source, Destination) = (source, destination);
        _workspace = _folder.CreateFolder("workspace");
        Take(source.InputsAs("source"));
        Take(destination.InputsAs("destination"));
    }

    public SandboxHost Source { get; }

    public SandboxHost Destination { get; }

    public JsonNode Report => JsonNode.Parse(File.ReadAllText(Path.Combine(_workspace, "mirror-report", "report.json")))!;

    public IEnumerable<string> Statuses => Report["repositories"]!.AsArray().Select(r => (string?)r!["status"] ?? "").Order(StringComparer.Ordinal);

    public static async Task<PairWorld> StartAsync(string source, string destination) =>
        new(await SandboxHost.StartAsync(source, "acme"), await SandboxHost.StartAsync(destination, "acme-mirror"));

    public void PointSourceAt(SandboxHost host) => Take(host.InputsAs("source"));

    public async Task<ActionOutcome> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.WaitAsync();
    }

    /// <summary>Starts the program; the caller waits for its end.</summary>
    public ActionProcess Start(params string[] arguments)
    {
        Source.ClearRequests();
        Destination.ClearRequests();
        var environment = _inputs.ToDictionary(input => SandboxInputs.VariableOf(input.Key), input => input.Value);
        environment["GITHUB_WORKSPACE"] = _workspace;
        return ActionProcess.Start(arguments, environment, _workspace);
    }

    public async Task RunWellAsync(params string[] arguments)
    {
        var outcome = await RunAsync(arguments);
        outcome.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}:\n{outcome.Text}");
    }

    public void ShouldBeEqual(params string[] names)
    {
        foreach (var name in names)
        {
            var copy = Destination[name].Git;
            var kept = copy.ForEachRef("refs/tags/mirror-kept").Keys.ToHashSet();
            copy.BranchesAndTags()
                .Where(r => !kept.Contains(r.Key))
                .ToDictionary()
                .ShouldBe(Source[name].Git.BranchesAndTags(), ignoreOrder: true, name);
            copy.Fsck();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Destination.DisposeAsync();
        _folder.Dispose();
    }

    private void Take(IEnumerable<KeyValuePair<string, string>> inputs)
    {
        foreach (var (name, value) in inputs)
        {
            _inputs[name] = value;
        }
    }
}
