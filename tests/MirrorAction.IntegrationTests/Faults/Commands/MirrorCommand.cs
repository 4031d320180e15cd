using System.Security.Cryptography;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>mirror</c>: what moved since the last run is pushed; at the creation everything.</summary>
internal sealed class MirrorCommand : FaultCommand
{
    public override string Name => "mirror";

    public override IReadOnlyList<Stage> Stages { get; } =
    [
        Stage.ListSource,
        Stage.ListDestination,
        Stage.Create,
        Stage.LsRefs,
        Stage.Advertisement,
        Stage.Ancestry,
        Stage.Origins,
        Stage.Keep,
        Stage.Fetch,
        Stage.FetchLarge,
        Stage.PushSmall,
        Stage.PushMedium,
        Stage.Probe,
        Stage.PushLarge,
        Stage.Report,
        Stage.ReRead,
        Stage.MainBranch,
        Stage.LfsUploadBatch,
        Stage.LfsDownloadBatch,
        Stage.LfsDownload,
        Stage.LfsUpload,
        Stage.LfsVerify,
    ];

    public override IReadOnlyList<Stage> TypicalStages => [Stage.LfsUse];

    public override async Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        history.CopyNow(world.AddOriginal().Path);
        if (stage.IsLfs())
        {
            world.Origin.Lfs.Add(world.Origin.LfsPathOf(FaultWorld.Name), FaultHistory.LfsObject);
        }

        if (stage != Stage.Create)
        {
            history.CopyThen((await world.AddMirrorAsync()).Path);
            world.Earlier = world.Mirrored;
        }
    }

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new OrganizationMirror(run.Forth).RunAsync(cancellationToken);

    public override IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository) =>
        Writes(world.OriginProxy).Concat(LostValues(world)).Concat(LfsProblems(world, repository)).ToAsyncEnumerable();

    /// <summary>No ref is there before its objects, unless the source itself has lost them, and no object is there in part.</summary>
    private static IEnumerable<string> LfsProblems(FaultWorld world, RepositoryReport? repository)
    {
        if (world.Mirror is not { } mirror)
        {
            yield break;
        }

        var folder = world.Mirrors.Lfs.FolderOf(world.Mirrors.LfsPathOf(mirror.Name));
        string[] files = [.. world.Mirrors.LfsObjectsOf(mirror.Name).Select(oid => Path.Combine(folder, oid))];
        foreach (var file in files.Where(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) != Path.GetFileName(file)))
        {
            yield return $"{file} is no whole object";
        }

        var pointers = mirror.Git.ForEachRef().Keys.Where(name => mirror.Git.Resolve($"{name}:{FaultHistory.LfsFile}") is not null).ToArray();
        if (pointers.Length > 0 && files.Length == 0 && repository is { Lfs.Missing: not 1 })
        {
            yield return $"{string.Join(", ", pointers)} came before the object";
        }
    }

    /// <summary>Old values that no ref of the mirror leads to any more: the host may delete them at any time.</summary>
    private static IEnumerable<string> LostValues(FaultWorld world)
    {
        if (world.Earlier.Count == 0)
        {
            return [];
        }

        var mirror = world.Mirror!.Git;
        var reached = mirror.Git("rev-list", "--all").Split('\n').Concat(mirror.ForEachRef().Values).ToHashSet();
        return world
            .Earlier.Where(r => !reached.Contains(r.Value))
            .Select(r => $"the old value of {r.Key}, {r.Value}, is out of reach at the mirror");
    }

    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world) => world.DifferencesOfMirror();
}
