using System.Security.Cryptography;
using MirrorAction.Git.Bundles;
using MirrorAction.IntegrationTests.Backup;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>backup</c>: into an empty folder where the pack is whole, else behind an earlier bundle.</summary>
internal sealed class BackupCommand(bool isOfMirrors) : FaultCommand
{
    public override string Name => isOfMirrors ? "backup of the mirrors" : "backup";

    public override IReadOnlyList<Stage> Stages => isOfMirrors ? [] : [Stage.FetchThin];

    public override IReadOnlyList<Stage> TypicalStages =>
        isOfMirrors
            ? [Stage.ListSource, Stage.LsRefs, Stage.Fetch, Stage.FetchThin]
            : [Stage.ListSource, Stage.LsRefs, Stage.Fetch, Stage.FetchLarge];

    public override bool ReadsMirrors => isOfMirrors;

    public override (Func<HttpHead, bool> Which, int Nth) Requests(Stage stage, HostRequests source, HostRequests destination) =>
        stage switch
        {
            Stage.Fetch or Stage.FetchLarge => Stage.FetchThin.Requests(source, destination),
            _ => stage.Requests(source, destination),
        };

    public override async Task PrepareAsync(FaultWorld world, Stage stage, FaultHistory history)
    {
        var path = (isOfMirrors ? await world.AddOrphanAsync() : world.AddOriginal()).Path;
        history.CopyThen(path);
        if (stage is not (Stage.Fetch or Stage.FetchLarge))
        {
            (await world.RunAsync()).Result.ShouldBe(RunResult.Success);
            world.Earlier = Files(world);
        }

        history.MoveOn(path);
    }

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken)
    {
        var source = isOfMirrors ? run.Mirrors.Source : run.Origin.Source;
        return new BackupRun(
            new BackupContext(source, run.Git, run.Options, Options(run.World), run.World.Observer, run.World.Time, "1.0.0")
        ).RunAsync(cancellationToken);
    }

    public override GitRepository Original(FaultWorld world) => isOfMirrors ? world.Mirror!.Git : world.Original;

    /// <summary>The refs of the last bundle.</summary>
    public override async Task<IReadOnlyDictionary<string, string>> StateAsync(FaultWorld world)
    {
        if (Bundles(world) is not [.., var last])
        {
            return new Dictionary<string, string>();
        }

        await using var bundle = File.OpenRead(last);
        var header = await BundleFile.ReadHeaderAsync(bundle, TestContext.Current.CancellationToken);
        return header.Refs.Where(r => r.Name.Raw != "HEAD").ToDictionary(r => r.Name.ToString(), r => r.Id.ToString());
    }

    public override async IAsyncEnumerable<string> ProblemsAsync(FaultWorld world, RepositoryReport? repository)
    {
        foreach (var problem in Writes(world.OriginProxy).Concat(Writes(world.MirrorsProxy)))
        {
            yield return problem;
        }

        var files = Files(world);
        foreach (var (name, sum) in world.Earlier.Where(file => !IsManifest(file.Key) && files.GetValueOrDefault(file.Key) != file.Value))
        {
            yield return $"{name} of the earlier chain was {sum} and is {files.GetValueOrDefault(name) ?? "gone"}";
        }

        foreach (var name in files.Keys.Where(name => !IsManifest(name) && !name.EndsWith(".bundle", StringComparison.Ordinal)))
        {
            yield return $"{name} was left behind";
        }

        if (repository is not ({ Verified: true } or { Status: RepositoryStatus.Unchanged }) && files.Except(world.Earlier).Any())
        {
            yield return $"it failed, and yet there is {string.Join(", ", files.Except(world.Earlier).Select(file => file.Key))}";
        }

        if (files.Count > 0)
        {
            var check = await new BackupCheckRun(new MirrorOptions { Owners = [] }, Options(world), world.Observer, world.Time, "1.0.0").RunAsync(
                TestContext.Current.CancellationToken
            );
            foreach (
                var checkedOne in check.Repositories.Where(r => r is not { Verified: true, Status: RepositoryStatus.Unchanged, Warnings.Count: 0 })
            )
            {
                yield return $"the check found {checkedOne.Error?.Message ?? string.Join(", ", checkedOne.Warnings)}";
            }
        }
    }

    /// <summary>Verified is what was read back: a run that wrote nothing read nothing.</summary>
    public override bool IsSuccess(FaultWorld world, RunReport report, RepositoryReport? repository) =>
        report.Result == RunResult.Success
        && repository is { Status: RepositoryStatus.Mirrored, Verified: true } or { Status: RepositoryStatus.Unchanged, Verified: false };

    /// <summary>Stock git has the last word.</summary>
    public override IEnumerable<string> ProblemsInTheEnd(FaultWorld world) =>
        Differences(Original(world), BackupWorld.Restore(world.Folder["restored.git"], Bundles(world)).ForEachRef());

    private static BackupOptions Options(FaultWorld world) => new(world.Folder["backup"]);

    private static string PathOf(FaultWorld world) =>
        Directory.Exists(world.Folder["backup"]) ? world.Folder["backup"] : world.Folder.CreateFolder("backup");

    private static IReadOnlyList<string> Bundles(FaultWorld world) =>
        [
            .. Directory
                .EnumerateDirectories(PathOf(world), "website", SearchOption.AllDirectories)
                .SelectMany(folder => RepositoryFolder.ReadManifest(folder)?.Files.Select(entry => Path.Combine(folder, entry.File)) ?? []),
        ];

    /// <summary>All files by their hashes, but the empty one that is locked.</summary>
    private static Dictionary<string, string> Files(FaultWorld world) =>
        Directory
            .EnumerateFiles(PathOf(world), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != RepositoryFolder.LockName)
            .ToDictionary(file => file, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    private static bool IsManifest(string file) => Path.GetFileName(file) == RepositoryFolder.ManifestName;
}
