using MirrorAction.IntegrationTests.Pairs;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Lfs;

/// <summary>Git LFS in the other modes, by the program itself.</summary>
public sealed class LfsModesTests
{
    [Fact]
    public async Task Refs_whose_objects_the_source_lost_are_declined_by_the_host_and_no_others()
    {
        await using var world = await PairWorld.StartAsync("gitea", "github");
        var website = world.Source.Add("website");
        var (kept, lost) = (new RandomBytes(1).Take(100), new RandomBytes(2).Take(100));
        world.Source.Lfs.Add(world.Source.LfsPathOf("website"), kept);
        website.Commit(".gitattributes", "*.bin filter=lfs\n");
        website.Commit("a.bin", SandboxLfs.PointerTo(kept));
        website.Branch("topic", "main");
        website.Commit("b.bin", SandboxLfs.PointerTo(lost), "topic");

        (await world.RunAsync("mirror")).ExitCode.ShouldBe(1);

        world.Destination["website"].Git.BranchesAndTags().Keys.ShouldBe(["refs/heads/main"]);
        var entry = world.Report["repositories"]![0]!;
        ((string?)entry["error"]!["code"], (long)entry["lfs"]!["missing"]!).ShouldBe(("lfs", 1));
        world.Destination.Requests.Count(r => r is { IsPush: true, RequestBytes: > 4 }).ShouldBe(2);
    }

    [Fact]
    public async Task Verify_finds_what_the_mirror_lost_and_repair_brings_it_back()
    {
        await using var world = await PairWorld.StartAsync("github", "gitlab");
        var website = world.Source.Add("website");
        var contents = new RandomBytes(1).Take(5000);
        var oid = world.Source.Lfs.Add(world.Source.LfsPathOf("website"), contents);
        website.Commit(".gitattributes", "*.bin filter=lfs\n");
        website.Commit("a.bin", SandboxLfs.PointerTo(contents));
        await world.RunWellAsync("mirror");
        await world.RunWellAsync("verify", "--deep");
        world.Report["repositories"]![0]!["lfs"]!.ToJsonString().ShouldBe("""{"objects":1,"transferred":1,"bytes":5000,"missing":0}""");

        var file = Path.Combine(world.Destination.Lfs.FolderOf(world.Destination.LfsPathOf("website")), oid);
        File.Delete(file);
        (await world.RunAsync("verify")).ExitCode.ShouldBe(1);
        ((string?)world.Report["repositories"]![0]!["error"]!["code"]).ShouldBe("lfs");

        await world.RunWellAsync("mirror", "--repair");
        await world.RunWellAsync("verify");

        File.WriteAllBytes(file, new byte[5000]);
        (await world.RunAsync("verify", "--deep")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Git_lfs_checks_files_out_of_a_backup()
    {
        Assert.SkipUnless(Programs.Find("git-lfs") is not null, "git-lfs is not installed");
        using var folder = new TempFolder("lfs-");
        await using var world = await PairWorld.StartAsync("github", "gitea");
        var website = world.Source.Add("website");
        var (one, two) = (new RandomBytes(1).Take(5000), new RandomBytes(2).Take(300_000));
        world.Source.Lfs.Add(world.Source.LfsPathOf("website"), one);
        website.Commit(".gitattributes", "*.bin filter=lfs\n");
        website.Commit("a.bin", SandboxLfs.PointerTo(one));
        await world.RunWellAsync("backup", "--backup-dir", folder["backup"]);
        world.Source.Lfs.Add(world.Source.LfsPathOf("website"), two);
        website.Commit("b.bin", SandboxLfs.PointerTo(two));

        await world.RunWellAsync("backup", "--backup-dir", folder["backup"]);

        world.Report["repositories"]![0]!["lfs"]!.ToJsonString().ShouldBe("""{"objects":1,"transferred":1,"bytes":300000,"missing":0}""");
        var backup = Path.Combine(folder["backup"], "acme", "website");
        await LfsClone.CheckOutAsync(folder["clone"], backup);
        File.ReadAllBytes(Path.Combine(folder["clone"], "a.bin")).ShouldBe(one);
        File.ReadAllBytes(Path.Combine(folder["clone"], "b.bin")).ShouldBe(two);

        await world.RunWellAsync("backup", "--check", "--backup-dir", folder["backup"]);
        var damaged = Directory.EnumerateFiles(Path.Combine(backup, "lfs", "objects"), "*", SearchOption.AllDirectories).First();
        File.AppendAllText(damaged, "x");
        (await world.RunAsync("backup", "--check", "--backup-dir", folder["backup"])).Text.ShouldContain(Path.GetFileName(damaged));
    }

    [Fact]
    public async Task Backup_has_the_objects_of_what_can_be_read()
    {
        await using var world = await PairWorld.StartAsync("github", "gitea");
        using var folder = new TempFolder("lfs-");
        var website = world.Source.Add("website");
        var contents = new RandomBytes(1).Take(5000);
        var oid = world.Source.Lfs.Add(world.Source.LfsPathOf("website"), contents);
        website.Commit(".gitattributes", "*.bin filter=lfs\n");
        var first = website.Commit("a.bin", SandboxLfs.PointerTo(contents));
        website.Commit("c", "1\n", "broken", from: first);
        FaultyObjects.Lose(website, website.Git("rev-parse", "broken^{tree}"));

        (await world.RunAsync("backup", "--backup-dir", folder["backup"])).ExitCode.ShouldBe(1);

        var objects = Path.Combine(folder["backup"], "acme", "website", "lfs", "objects");
        Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe([oid]);
        await world.RunWellAsync("backup", "--check", "--backup-dir", folder["backup"]);
    }

    [Fact]
    public async Task Backup_comes_back_with_its_objects_at_another_host()
    {
        using var folder = new TempFolder("lfs-");
        await using var world = await PairWorld.StartAsync("github", "gitea");
        var website = world.Source.Add("website");
        var contents = new RandomBytes(1).Take(300_000);
        world.Source.Lfs.Add(world.Source.LfsPathOf("website"), contents);
        website.Commit(".gitattributes", "*.bin filter=lfs\n");
        website.Commit("a.bin", SandboxLfs.PointerTo(contents));
        await world.RunWellAsync("backup", "--backup-dir", folder["backup"]);
        await using var rebuilt = await SandboxHost.StartAsync("gitlab", "acme-new"); // It declines pushes whose objects it lacks.
        world.PointSourceAt(rebuilt);

        await world.RunWellAsync("restore", "--from", "backup", "--backup-dir", folder["backup"]);

        world.Report["repositories"]![0]!["lfs"]!.ToJsonString().ShouldBe("""{"objects":1,"transferred":1,"bytes":300000,"missing":0}""");
        var clone = await LfsClone.FetchAllAsync(folder["clone"], rebuilt, "website");
        clone.Git("lfs", "fsck", "--objects");

        Directory.Delete(Path.Combine(folder["backup"], "acme", "website", "lfs"), recursive: true);
        await using var again = await SandboxHost.StartAsync("gitea", "acme-new"); // It takes pointers to nothing.
        world.PointSourceAt(again);
        await world.RunWellAsync("restore", "--from", "backup", "--backup-dir", folder["backup"]);
        ((long)world.Report["repositories"]![0]!["lfs"]!["missing"]!).ShouldBe(1);
    }
}
