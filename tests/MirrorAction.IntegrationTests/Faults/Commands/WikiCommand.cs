using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>mirror</c> with <c>wikis</c>: the repository is equal, and its wiki has a new page.</summary>
internal sealed class WikiCommand : FaultCommand
{
    public override string Name => "mirror of a wiki";

    public override IReadOnlyList<Stage> Stages => [Stage.WikiRefs, Stage.WikiPush];

    public override IReadOnlyList<Stage> TypicalStages => [Stage.WikiAdvertisement];

    public override bool Fits(FaultPair pair) => pair.Origin is "github" or "gitlab" or "gitea";

    public override async Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        var original = world.AddOriginal();
        history.CopyNow(original.Path);
        var wiki = original.AddWiki();
        wiki.Commit("Home.md", "one\n", "master");
        world.Wikis = true;
        (await world.RunAsync()).Result.ShouldBe(RunResult.Success);
        wiki.Commit("Home.md", "two\n", "master");
    }

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new OrganizationMirror(run.Forth).RunAsync(cancellationToken);

    public override RepositoryReport? Pick(RunReport report) =>
        report.Repositories.SingleOrDefault(r => r.Source.EndsWith(SandboxWiki.Suffix, StringComparison.Ordinal));

    public override GitRepository Original(FaultWorld world) => world.Original.FindWiki()!;

    public override Task<IReadOnlyDictionary<string, string>> StateAsync(FaultWorld world) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(MirrorRefs(world));

    /// <summary>Where git finds nothing, there is no wiki any more: that is no failure, and deletes nothing.</summary>
    public override Verdict VerdictOf(FaultCase fault, Stage stage, HostRequests host) =>
        IsNoWiki(fault, stage) ? Verdict.Harmless : base.VerdictOf(fault, stage, host);

    public override bool IsSuccess(FaultWorld world, RunReport report, RepositoryReport? repository) =>
        base.IsSuccess(world, report, repository)
        || (
            world.Fault is { } fault
            && IsNoWiki(fault, Stage.WikiRefs)
            && repository is { Status: RepositoryStatus.Skipped, Reason: SkipReason.NoWiki }
        );

    public override IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository) =>
        Writes(world.OriginProxy).Concat(FaultCommand.Differences(world.Original, world.Mirrored)).ToAsyncEnumerable();

    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world) => Differences(Original(world), MirrorRefs(world));

    private static bool IsNoWiki(FaultCase fault, Stage stage) => stage == Stage.WikiRefs && fault.Name == "404";

    /// <summary>What the host made itself, for it wants a page before it takes any, is none of the source's.</summary>
    private static Dictionary<string, string> MirrorRefs(FaultWorld world) =>
        Mirror(world).ForEachRef().Where(r => r.Key != "refs/heads/main").ToDictionary();

    private static GitRepository Mirror(FaultWorld world) =>
        world.Mirrors.Repositories.SingleOrDefault(r => r.Name.EndsWith(SandboxWiki.Suffix, StringComparison.Ordinal))?.Git
        ?? world.Mirrors[FaultWorld.Name].Git.FindWiki()!;
}
