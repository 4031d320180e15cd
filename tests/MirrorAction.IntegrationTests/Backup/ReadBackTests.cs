using System.Text;
using System.Text.RegularExpressions;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>A bundle is read again before anything relies on it, and before an older chain goes.</summary>
public sealed partial class ReadBackTests
{
    [Fact]
    public async Task Only_good_chain_stays_when_the_new_bundle_is_not_whole()
    {
        await using var world = await StartAsync();
        var before = world.Files;
        var chain = world.Listed;
        world.Source.Commit("a", Lines(2));

        // A pack with the right checksum and a delta whose base is nowhere: git takes such a bundle for whole until it is cloned.
        var thin = RealGit
            .Try(world.Source.Path, ["pack-objects", "--thin", "--revs", "--stdout", "-q"], "main\n^main~1\n"u8.ToArray())
            .EnsureSuccess()
            .Output;
        world.GitHub.Intercept = AnswerFetch(thin);

        var report = (await world.RunAsync()).Repositories.ShouldHaveSingleItem();

        (report.Status, report.Verified).ShouldBe((RepositoryStatus.Failed, false));
        report.Error!.Code.ShouldBe(ErrorCode.DamagedBackup);
        report.Error.Message.ShouldContain("acme/website");
        report.Error.Hint!.ShouldContain("git fsck");
        world.Files.ShouldBe(before);
        world.Listed.ShouldBe(chain);
        await world.ShouldBeWholeAsync();

        world.GitHub.Intercept = null;
        (await world.BackUpAsync()).Verified.ShouldBeTrue();
        world.Listed.ShouldHaveSingleItem().ShouldNotBe(chain[0]);
        world.Files.ShouldNotContain(chain[0]);
        world.ShouldRestoreTheSource();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Bundle_that_the_disk_gives_back_changed_is_removed_and_told(int which)
    {
        await using var world = await StartAsync(fullEvery: 30);
        world.Source.Commit("b", Lines(3));
        await world.BackUpAsync();
        var entry = world.Manifest.Files.ElementAt(which);
        var bytes = await File.ReadAllBytesAsync(world[entry.File], TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 4;
        await File.WriteAllBytesAsync(world[entry.File], bytes, TestContext.Current.CancellationToken);
        using var folder = RepositoryFolder.Open(world.Path);

        var e = await Should.ThrowAsync<MirrorException>(() =>
            new BundleReadBack(folder, "acme/website").RunAsync(entry, TestContext.Current.CancellationToken)
        );

        e.Error.Code.ShouldBe(ErrorCode.DamagedBackup);
        e.Error.Message.ShouldContain(entry.File);
        e.Error.Message.ShouldContain(entry.Sha256);
        e.Error.Hint!.ShouldContain("backup-dir");
        world.Files.ShouldNotContain(entry.File);
    }

    [Fact]
    public async Task Verified_is_what_this_run_wrote_and_read_again()
    {
        await using var world = await StartAsync(fullEvery: 30);

        (await world.BackUpAsync()).Verified.ShouldBeFalse(); // Nothing new: only a header was read.
        world.Source.Commit("b", Lines(3));
        (await world.BackUpAsync()).Verified.ShouldBeTrue();
    }

    [Fact]
    public async Task New_name_is_on_the_disk_before_anything_old_goes()
    {
        Assert.SkipUnless(Programs.Find("strace") is not null, "strace is not installed");
        await using var world = await ActionWorld.StartAsync();
        using var scratch = new TempFolder("strace-");
        var source = world.GitHub.AddRepository("acme", "website").Git;
        source.Commit("a", "1\n");
        string[] arguments = ["backup", "--backup-dir", "bundles", "--full-every", "1", "--keep", "1"];
        (await world.RunAsync(arguments)).ExitCode.ShouldBe(0);
        source.Commit("a", "2\n");

        string[] calls = ["rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "open", "openat", "fsync"];
        world.Under = [Programs.Find("strace")!, "-f", "-s", "4096", "-e", $"trace={string.Join(',', calls)}", "-o", scratch["trace"]];

        var outcome = await world.RunAsync(arguments);

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        var made = await File.ReadAllLinesAsync(scratch["trace"], TestContext.Current.CancellationToken);
        var named = made.Index().Where(call => NewName().IsMatch(call.Item)).ToList();
        named.Count.ShouldBe(2, "the bundle and the manifest");
        var oldGoes = made.Index()
            .First(call =>
                call.Item.Contains("unlink", StringComparison.Ordinal)
                && call.Item.Contains("/full-", StringComparison.Ordinal)
                && !call.Item.Contains(".tmp", StringComparison.Ordinal)
            )
            .Index;
        foreach (var (at, call) in named)
        {
            var path = NewName().Match(call).Groups["path"].Value;
            var opened = made.Index()
                .Skip(at)
                .First(c => c.Item.Contains($"\"{path}\"", StringComparison.Ordinal) && c.Item.Contains("open", StringComparison.Ordinal));
            var handle = opened.Item[(opened.Item.LastIndexOf("= ", StringComparison.Ordinal) + 2)..];
            var flushed = made.Index().Skip(opened.Index).First(c => c.Item.Contains($"fsync({handle}", StringComparison.Ordinal)).Index;
            flushed.ShouldBeLessThan(oldGoes, call);
        }
    }

    /// <summary>A chain of one bundle, which is the only one kept.</summary>
    private static async Task<BackupWorld> StartAsync(int fullEvery = 1)
    {
        var world = await BackupWorld.StartAsync();
        world.Options = world.Options with { FullEvery = fullEvery, Keep = 1 };
        world.Source.Commit("a", Lines(1));
        await world.BackUpAsync();
        return world;
    }

    private static string Lines(int seed) => string.Join('\n', Enumerable.Range(seed, 400));

    /// <summary>The listing passes, the fetch after it is answered with this pack.</summary>
    private static Interception AnswerFetch(byte[] pack)
    {
        var body = $"000dpackfile\n{pack.Length + 5:x4}\u0001{Encoding.Latin1.GetString(pack)}0000";
        return async (context, next) =>
        {
            var request = new MemoryStream();
            await context.Request.Body.CopyToAsync(request, context.RequestAborted);
            request.Position = 0;
            context.Request.Body = request;
            var asked = Encoding.Latin1.GetString(request.ToArray());

            // With a filter it is a question about LFS.
            var isForPack = context.Request.IsUploadPackPost() && asked.Contains("command=fetch") && !asked.Contains("filter ");
            await (isForPack ? Interceptions.Answer(200, body, "application/x-git-upload-pack-result")(context, next) : next());
        };
    }

    // .NET gives a file a new name by a link where none may be overwritten.
    [GeneratedRegex("""(?:rename|link)[a-z0-9]*\(.*\.tmp", .*"(?<path>[^"]+/(?:full-[0-9TZ]+\.bundle|manifest\.json))""")]
    private static partial Regex NewName();
}
