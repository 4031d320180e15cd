using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Proof;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary><c>backup</c> with <c>check</c> and <c>deep</c>: chains are brought back, and libgit2 walks them.</summary>
public sealed class DeepCheckTests : IAsyncLifetime
{
    private readonly TempFolder _scratch = new("check-");
    private BackupWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await BackupWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Each_bundle_of_a_chain_is_walked_and_nothing_stays()
    {
        for (var i = 0; i < 5; i++)
        {
            using (var import = _world.Source.Import())
            {
                var tip = _world.Source.Resolve("refs/heads/main");
                for (var j = 0; j < 20; j++)
                {
                    var text = string.Join('\n', Enumerable.Range(i * 20 + j, 200));
                    import.Commit("main", $"dir/file-{j % 5}", text, from: j == 0 ? tip : null);
                }

                import.Complete();
            }

            _world.Source.TagAnnotated($"v{i}", "main");
            await _world.BackUpAsync();
        }

        _world.Source.Branch("old", "main~50");
        await _world.BackUpAsync();
        _world.Manifest.Chains.ShouldHaveSingleItem().Files.Count.ShouldBe(6);

        var reading = await ShouldBeWholeAsync();

        reading!.Objects.ShouldBe(_world.Source.Git("rev-list", "--objects", "--all").Split('\n').Length);
        _world.Said.ShouldContain($"every one of the {reading.Objects} objects that the refs reach is there");
    }

    [Fact]
    public async Task All_chains_are_walked()
    {
        _world.Options = _world.Options with { FullEvery = 1 };
        _world.Source.Commit("a", "1\n");
        await _world.BackUpAsync();
        _world.Source.Commit("a", "2\n");
        await _world.BackUpAsync();

        (await ShouldBeWholeAsync())!.Objects.ShouldBe(3 + 6);
    }

    [Fact]
    public async Task Check_that_is_not_deep_has_no_second_reader()
    {
        _world.Source.Commit("a", "1\n");
        await _world.BackUpAsync();

        (await _world.CheckAsync()).Repositories.Single().SecondReading.ShouldBeNull();
    }

    /// <summary>What only a walk sees: every object is whole, and every ref's object is there, so that our own reader finds nothing.</summary>
    [Theory]
    [InlineData(Damage.Tree)]
    [InlineData(Damage.File)]
    [InlineData(Damage.Parent)]
    [InlineData(Damage.TagTarget)]
    [InlineData(Damage.Malformed)]
    [InlineData(Damage.WrongKind)]
    public async Task Damage_that_only_the_second_reader_sees_fails_the_repository(Damage damage)
    {
        DamagedHistory.Build(_world.Source);
        await _world.BackUpAsync();
        var (culprit, isLeftOut) = DamagedHistory.Prepare(_world.Source, damage);
        Replace(isLeftOut ? DamagedHistory.PackWithout(_world.Source, culprit) : DamagedHistory.PackWithout(_world.Source));
        await _world.ShouldBeWholeAsync();

        _world.Options = _world.Options with { Scratch = _scratch.Path };
        var message = await _world.ShouldBeDamagedAsync();

        message.ShouldStartWith($"{_world.Listed.Single()}: The two readers disagree. MirrorAction's own: ");
        message.ShouldContain("libgit2 (LibGit2Sharp ");
        message.ShouldContain(culprit);
        message.ShouldContain("Nothing of its chain can be relied on");
        (await _world.CheckAsync()).Repositories.Single().Error!.Hint!.ShouldContain("git fsck");
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Repository_of_sha256_is_checked_by_one_reader_alone_and_that_is_told()
    {
        Directory.Delete(_world.Source.Path, recursive: true);
        GitRepository.Init(_world.Source.Path, objectFormat: "sha256").Commit("a", "1\n");
        await _world.BackUpAsync();
        _world.Options = _world.Options with { Scratch = _scratch.Path };

        var report = (await _world.CheckAsync()).Repositories.Single();

        (report.Status, report.Verified, report.Error).ShouldBe((RepositoryStatus.Unchanged, true, null));
        report.SecondReading.ShouldBeNull();
        report.Warnings.ShouldHaveSingleItem().ShouldContain("sha256");
        _world.Said.ShouldContain("only MirrorAction's own checks were made");
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_told()
    {
        _world.Source.Commit("a", "1\n");
        await _world.BackUpAsync();
        _world.Options = _world.Options with { Scratch = _scratch["missing"] };

        var report = await _world.CheckAsync();

        report.Error!.Message.ShouldContain(_scratch["missing"]);
        report.Error.Hint!.ShouldContain("RUNNER_TEMP");
    }

    [Fact]
    public async Task Signal_during_the_walk_leaves_nothing()
    {
        await using var world = await ActionWorld.StartAsync();
        using (var import = world.GitHub.AddRepository("acme", "website").Git.Import())
        {
            for (var i = 0; i < 5_000; i++)
            {
                import.Commit("main", $"{i % 40}/{i % 39}/file", $"{i}\n");
            }

            import.Complete();
        }

        (await world.RunAsync("backup", "--backup-dir", "bundles")).ExitCode.ShouldBe(0);
        world.Environment["RUNNER_TEMP"] = _scratch.Path;
        using var process = world.Start("backup", "--check", "--deep", "--backup-dir", "bundles");
        while (!Directory.EnumerateFiles(_scratch.Path, "packed-refs", SearchOption.AllDirectories).Any())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        process.Signal("TERM");
        var outcome = await process.WaitAsync();

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        ((string)world.ReportOf("acme/website")["error"]!["code"]!).ShouldBe("cancelled");
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();

        var whole = await world.RunAsync("backup", "--check", "--deep", "--backup-dir", "bundles");
        whole.ExitCode.ShouldBe(0, whole.Text);
        var reading = world.ReportOf("acme/website")["secondReading"]!;
        ((long)reading["objects"]!).ShouldBeGreaterThan(15_000);
        ((string)reading["reader"]!).ShouldStartWith("libgit2");
        world.Summary.ShouldContain($"** · {reading["objects"]} objects walked by libgit2");
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();
    }

    private async Task<SecondReading?> ShouldBeWholeAsync()
    {
        _world.Options = _world.Options with { Scratch = _scratch.Path };
        await _world.ShouldBeWholeAsync();
        Directory.GetFileSystemEntries(_scratch.Path).ShouldBeEmpty();
        return (await _world.CheckAsync()).Repositories.Single().SecondReading;
    }

    /// <summary>Puts a pack into the only bundle, and what it is then into the manifest: as if the source had sent it.</summary>
    private void Replace(byte[] pack)
    {
        var refs = _world.Source.BranchesAndTags().Select(r => new Ref(RefName.FromBytes(Encoding.Latin1.GetBytes(r.Key)), ObjectId.Parse(r.Value)));
        var header = new BundleHeader { ObjectFormat = ObjectFormat.Sha1, Refs = [.. refs] };
        byte[] bundle = [.. BundleHeaderFormat.Write(header), .. pack];
        var entry = _world.Manifest.Files.Single() with
        {
            Bytes = bundle.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bundle)),
            Objects = (int)BinaryPrimitives.ReadUInt32BigEndian(pack.AsSpan(8)),
            Refs = header.Refs.Count,
        };
        var manifest = _world.Manifest with { Chains = [new BackupChain([entry])] };
        File.WriteAllBytes(_world[entry.File], bundle);
        File.WriteAllBytes(_world[RepositoryFolder.ManifestName], ManifestForm.Write(manifest));
    }
}
