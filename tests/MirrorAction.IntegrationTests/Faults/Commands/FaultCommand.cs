using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>A command of the matrix: its conversations, how it is run, and what must hold of it. Knows nothing of a single world.</summary>
internal abstract class FaultCommand
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultCommand> All { get; } =
    [
        new MirrorCommand(),
        new WikiCommand(),
        new RenameCommand(),
        new VerifyCommand(),
        new VerifyCommand(isBehind: true),
        new DeepVerifyCommand(),
        new DrillCommand(),
        new RestoreCommand(),
        new RestoreCommand(intoEmpty: true),
        new BackupCommand(isOfMirrors: false),
        new BackupCommand(isOfMirrors: true),
    ];

    /// <summary>For the list of cells.</summary>
    public abstract string Name { get; }

    /// <summary>Its conversations that meet every fault.</summary>
    public abstract IReadOnlyList<Stage> Stages { get; }

    /// <summary>Its conversations that meet one fault of each kind: they are the same code as those of another command.</summary>
    public virtual IReadOnlyList<Stage> TypicalStages => [];

    /// <summary>The mirrors are the source, and their originals' host, if any, the destination; or the other way round.</summary>
    public virtual bool ReadsMirrors => false;

    /// <summary>Whether it can be run between these two.</summary>
    public virtual bool Fits(FaultPair pair) => true;

    /// <summary>What it says of changes it has made; else the changes of a report are differences that it saw.</summary>
    public virtual bool ReportsMoves => true;

    /// <summary>Which request a stage is, and the how manieth of its kind.</summary>
    public virtual (Func<HttpHead, bool> Which, int Nth) Requests(Stage stage, HostRequests source, HostRequests destination) =>
        stage.Requests(source, destination);

    /// <summary>What a fault that happens once is to it.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="stage">Where it happens.</param>
    /// <param name="host">The host that it happens at.</param>
    public virtual Verdict VerdictOf(FaultCase fault, Stage stage, HostRequests host) => fault.At(stage, host.AsksAgainAfter401);

    /// <summary>The fault changes nothing even when it lasts: the host did what it was asked, and whoever looks afterwards finds it done.</summary>
    public virtual bool IsWorkedAround(FaultCase fault, Stage stage) =>
        stage is Stage.Report or Stage.LfsVerify || ((stage == Stage.Create || stage.IsPush()) && fault.IsAfterTheWork);

    /// <summary>What fails there is told as a warning, and the rest is a success.</summary>
    public virtual bool IsWarning(Stage stage) => false;

    /// <summary>Makes the world as it is before the fault.</summary>
    public abstract Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history);

    public abstract Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken);

    /// <summary>The repository that it reads.</summary>
    public virtual GitRepository Original(FaultWorld world) => world.Original;

    /// <summary>What is said of the repository that it is about.</summary>
    public virtual RepositoryReport? Pick(RunReport report) => report.Repositories.SingleOrDefault();

    /// <summary>The refs that there are where it writes, or could.</summary>
    public virtual Task<IReadOnlyDictionary<string, string>> StateAsync(FaultWorld world) => Task.FromResult(world.Mirrored);

    /// <summary>What is told of a run that did all it should.</summary>
    public virtual bool IsSuccess(FaultWorld world, RunReport report, RepositoryReport? repository) =>
        report.Result == RunResult.Success
        && repository is { Verified: true }
        && repository.Status == (repository.Changes.Count > 0 ? RepositoryStatus.Mirrored : RepositoryStatus.Unchanged);

    /// <summary>What is wrong after any run, in words: where it wrote, and what it left.</summary>
    public abstract IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository);

    /// <summary>What is wrong after the run that followed, without any fault.</summary>
    public virtual IEnumerable<string> ProblemsInTheEnd(FaultWorld world) => [];

    public sealed override string ToString() => Name;

    /// <summary>Requests for something to be changed, allowed or not, as far as they came to the proxy.</summary>
    protected static IEnumerable<string> Writes(FaultProxy proxy) =>
        from request in proxy.Requests
        where
            request.Target.Contains("git-receive-pack", StringComparison.Ordinal)
            || (
                request.Method is not ("GET" or "HEAD")
                && !request.Path.EndsWith("/git-upload-pack", StringComparison.Ordinal)
                && !request.Path.EndsWith("/info/lfs/objects/batch", StringComparison.Ordinal)
            )
        select $"it was written to: {request}";

    /// <summary>How refs differ from those that are wanted, kept ones apart.</summary>
    internal static IEnumerable<string> Differences(GitRepository original, IReadOnlyDictionary<string, string> found)
    {
        var wanted = original.BranchesAndTags();
        return found
            .Where(r => !r.Key.StartsWith(RefPatternSet.KeptPrefix, StringComparison.Ordinal) && wanted.GetValueOrDefault(r.Key) != r.Value)
            .Select(r => $"{r.Key} is {r.Value}")
            .Concat(wanted.Keys.Where(name => !found.ContainsKey(name)).Select(name => $"{name} is missing"));
    }
}
