using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;
using MirrorAction.Mirroring.Runs;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>restore</c> of a mirror whose original is gone into an organisation that has another repository.</summary>
/// <param name="intoEmpty">Somebody has created the repository already, and it is empty.</param>
internal sealed class RestoreCommand(bool intoEmpty = false) : FaultCommand
{
    private const string NewOwner = "acme-new";
    private const string Description = "Our website";

    public override string Name => intoEmpty ? "restore into an empty repository" : "restore";

    public override IReadOnlyList<Stage> Stages => intoEmpty ? [] : [Stage.Create];

    public override IReadOnlyList<Stage> TypicalStages =>
        intoEmpty
            ? [Stage.MarkAsRestoring, Stage.Advertisement, Stage.Report, Stage.MainBranch, Stage.Description]
            :
            [
                Stage.ListSource,
                Stage.ListDestination,
                Stage.LsRefs,
                Stage.Advertisement,
                Stage.Fetch,
                Stage.FetchLarge,
                Stage.PushSmall,
                Stage.PushMedium,
                Stage.Probe,
                Stage.PushLarge,
                Stage.Report,
                Stage.ReRead,
                Stage.MainBranch,
                Stage.Description,
            ];

    public override bool ReadsGitHub => false;

    public override string Owner => "acme-mirror";

    public override (Func<HttpHead, bool> Which, int Nth) Requests(Stage stage) =>
        stage switch
        {
            Stage.ListSource => Stage.ListDestination.Requests(),
            Stage.ListDestination => (h => h.Method == "GET" && IsRepositories(h), 1),
            Stage.Create => (h => h.Method == "POST" && IsRepositories(h), 1),
            Stage.Fetch or Stage.FetchLarge => Stage.FetchThin.Requests(), // A new repository needs no proof of what moved forward.
            Stage.Probe or Stage.PushSmall or Stage.PushMedium or Stage.Report => (StageFacts.IsReceivePack, 1), // Nor is anything overwritten.
            Stage.PushLarge => (StageFacts.IsReceivePack, 2),
            Stage.MarkAsRestoring => (h => h.Method == "PATCH", 1),
            Stage.MainBranch => (h => h.Method == "PATCH", intoEmpty ? 2 : 1),
            Stage.Description => (h => h.Method == "PATCH", intoEmpty ? 3 : 2),
            _ => stage.Requests(),
        };

    /// <summary>A repository that was just created may not be known to every git server yet.</summary>
    public override Verdict VerdictOf(FaultCase fault, Stage stage) =>
        !intoEmpty && !stage.IsRest() && !stage.IsSource() && fault.Name.StartsWith("404", StringComparison.Ordinal)
            ? Verdict.Passing
            : base.VerdictOf(fault, stage);

    public override bool IsWarning(Stage stage) => stage == Stage.Description;

    public override Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        world.GitHub.AddRepository(NewOwner, "other");
        world.GitHub.AcceptsWrites = true;
        if (intoEmpty)
        {
            world.GitHub.AddRepository(NewOwner, "website").Private = true;
        }

        history.CopyNow(world.AddMirror(sourceId: 7).Git.Path);
        return Task.CompletedTask;
    }

    public override GitHubOptions Adapt(GitHubOptions options, FaultWorld world) => options with { Token = world.GitHub.WriteToken, Writes = true };

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new WorkspaceRestore(
            run.Between(new BitbucketSource(_ => run.Bitbucket), new GitHubDestination(run.GitHub, NewOwner)),
            new RestoreOptions(NewOwner),
            Earlier(run.World)
        ).RunAsync(cancellationToken);

    public override GitRepository Original(FaultWorld world) => world.Bitbucket.Repositories[0].Git;

    public override Task<IReadOnlyDictionary<string, string>> StateAsync(FaultWorld world) =>
        Task.FromResult(Restored(world)?.Git.ForEachRef() ?? new Dictionary<string, string>());

    public override async IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository)
    {
        foreach (
            var problem in Writes(world.BitbucketProxy)
                .Concat(world.GitHubProxy.Requests.Where(r => r.Method == "DELETE").Select(r => $"something was deleted: {r}"))
        )
        {
            yield return problem;
        }

        if (repository is { Created: true } && Restored(world) is null)
        {
            yield return "it was not created";
        }

        if (world.GitHub.Repositories.Count != (Restored(world) is null ? 1 : 2) || world.GitHub.Find(NewOwner, "other")!.Git.ForEachRef().Count > 0)
        {
            yield return $"there are {string.Join(", ", world.GitHub.Repositories)}, and the first was empty";
        }

        await Task.CompletedTask;
    }

    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world)
    {
        var restored = Restored(world)!;
        if ((restored.Description, restored.DefaultBranch, restored.Private) != (Description, "trunk", true))
        {
            yield return $"restored as '{restored.Description}' with {restored.DefaultBranch}{(restored.Private ? "" : ", public")}";
        }

        foreach (var difference in Differences(Original(world), restored.Git.ForEachRef()))
        {
            yield return difference;
        }

        restored.Git.Fsck();
    }

    private static SandboxGitHubRepository? Restored(FaultWorld world) => world.GitHub.Find(NewOwner, "website");

    private static bool IsRepositories(HttpHead head) => head.Path.EndsWith($"/orgs/{NewOwner}/repos", StringComparison.Ordinal);

    /// <summary>The report of the last mirror run, which knows what the repository was about.</summary>
    private static RunReport Earlier(FaultWorld world) =>
        new()
        {
            Mode = "mirror",
            Version = "1.0.0",
            StartedAt = world.Time.GetUtcNow(),
            DurationMs = 0,
            Source = new ReportSource("github", ["acme"]),
            Destination = new ReportDestination("bitbucket", "acme-mirror"),
            Result = RunResult.Success,
            Totals = RunTally.Sum([], 0),
            Repositories =
            [
                new RepositoryReport
                {
                    Source = "acme/website",
                    Destination = "acme-mirror/website",
                    Description = Description,
                    Status = RepositoryStatus.Unchanged,
                },
            ],
        };
}
