using System.Security.Cryptography;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>A check finds what is damaged, and says what, where, and what can still be brought back.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private const int Seed = 20261121;
    private const int PositionsPerFile = 60;

    private BackupWorld _world = null!;

    /// <summary>A chain of a full bundle and three that follow: one large thin pack, one small one, one without objects.</summary>
    public async ValueTask InitializeAsync()
    {
        _world = await BackupWorld.StartAsync();
        using (var import = _world.Source.Import())
        {
            for (var i = 1; i <= 40; i++)
                import.Commit("main", $"file-{i % 5}", string.Join('\n', Enumerable.Range(0, 200 + i)));
            import.Complete();
        }

        _world.Source.TagAnnotated("v1", "main");
        await _world.BackUpAsync();
        var tip = _world.Source.Resolve("main");
        using (var import = _world.Source.Import())
        {
            for (var i = 1; i <= 120; i++)
                import.Commit("main", $"file-{i % 5}", string.Join('\n', Enumerable.Range(i, 200 + i)), from: i == 1 ? tip : null);
            import.Complete();
        }

        await _world.BackUpAsync();
        _world.Source.Commit("file-1", "small\n");
        await _world.BackUpAsync();
        _world.Source.Branch("another", "main~5");
        _world.Source.Branch("v", "v1^{commit}");
        await _world.BackUpAsync();
        _world.Manifest.Chains.ShouldHaveSingleItem().Files.Count.ShouldBe(4);
        await _world.ShouldBeWholeAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_changed_byte_is_found(int which)
    {
        var file = _world.Listed[which];
        var whole = await File.ReadAllBytesAsync(_world[file], TestContext.Current.CancellationToken);
        var random = new Random(Seed + which);
        for (var i = 0; i < PositionsPerFile; i++)
        {
            var position = random.Next(whole.Length);
            await WriteAsync(file, whole, position, (byte)(1 << random.Next(8)));

            var message = await _world.ShouldBeDamagedAsync();

            message.ShouldContain($"{file}: its SHA-256 is ", customMessage: $"byte {position}");
            ShouldTellWhatIsLeft(message, which);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Changed_pack_is_found_even_when_the_manifest_was_changed_with_it(int which)
    {
        var manifest = _world.Manifest;
        var entry = manifest.Chains[0].Files[which];
        var whole = await File.ReadAllBytesAsync(_world[entry.File], TestContext.Current.CancellationToken);
        var pack = whole.AsSpan().IndexOf("\n\nPACK"u8) + 2;
        var random = new Random(Seed + which);
        for (var i = 0; i < PositionsPerFile; i++)
        {
            var position = random.Next(pack, whole.Length);
            var changed = await WriteAsync(entry.File, whole, position, (byte)(1 << random.Next(8)));
            await WriteAsync(Replace(manifest, which, entry with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(changed)) }));

            var message = await _world.ShouldBeDamagedAsync();

            message.ShouldStartWith($"{entry.File}: ", customMessage: $"byte {position}");
            message.ShouldNotContain(".. ");
            ShouldTellWhatIsLeft(message, which);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Missing_file_is_named(int which)
    {
        var file = _world.Listed[which];
        File.Delete(_world[file]);

        var message = await _world.ShouldBeDamagedAsync();

        message.ShouldContain($"{file}: it is missing.");
        ShouldTellWhatIsLeft(message, which);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)]
    public async Task File_that_was_cut_is_told_with_both_lengths(int length)
    {
        var entry = _world.Manifest.Chains[0].Files[1];
        using (var file = File.OpenWrite(_world[entry.File]))
            file.SetLength(length < 0 ? entry.Bytes + length : length);

        (await _world.ShouldBeDamagedAsync()).ShouldContain(
            FormattableString.Invariant($"{entry.File}: it has {(length < 0 ? entry.Bytes + length : length)} bytes, the manifest says {entry.Bytes}")
        );
    }

    [Fact]
    public async Task Swapped_files_are_told_as_such()
    {
        var (one, other) = (_world.Listed[1], _world.Listed[2]);
        File.Move(_world[one], _world["x"]);
        File.Move(_world[other], _world[one]);
        File.Move(_world["x"], _world[other]);

        (await _world.ShouldBeDamagedAsync()).ShouldContain($"(it holds what should be {other})");
    }

    [Fact]
    public async Task Bundle_out_of_its_place_is_told_though_file_and_manifest_agree()
    {
        var manifest = _world.Manifest;
        var files = manifest.Chains[0].Files;
        File.Delete(_world[files[1].File]);
        await WriteAsync(manifest with { Chains = [new BackupChain([files[0], files[2], files[3]])] });

        (await _world.ShouldBeDamagedAsync()).ShouldContain($"{files[2].File}: it requires ");
    }

    [Fact]
    public async Task Every_number_of_the_manifest_is_checked()
    {
        var manifest = _world.Manifest;
        var entry = manifest.Chains[0].Files[1];
        (BundleEntry Changed, string Expected)[] cases =
        [
            (entry with { Bytes = entry.Bytes + 1 }, $"the manifest says {entry.Bytes + 1}"),
            (entry with { Sha256 = new string('0', 64) }, "although it is whole in itself: one of the two was changed"),
            (entry with { Objects = entry.Objects + 1 }, $"the manifest says {entry.Objects + 1},"),
            (entry with { Refs = entry.Refs + 1 }, $"the manifest says {entry.Objects}, {entry.Refs + 1} and"),
            (entry with { Prerequisites = entry.Prerequisites + 1 }, $"and {entry.Prerequisites + 1}"),
        ];
        foreach (var (changed, expected) in cases)
        {
            await WriteAsync(Replace(manifest, 1, changed));

            (await _world.ShouldBeDamagedAsync()).ShouldContain(expected);
        }
    }

    [Fact]
    public async Task Damaged_and_missing_manifests_are_told()
    {
        var text = await File.ReadAllTextAsync(_world["manifest.json"], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _world["manifest.json"],
            text.Replace("\"incr\"", "\"incremental\"", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        (await _world.ShouldBeDamagedAsync()).ShouldContain("manifest.json can't be used: line ");

        await File.WriteAllTextAsync(
            _world["manifest.json"],
            text.Replace("\"schemaVersion\": 2", "\"schemaVersion\": 7", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        (await _world.ShouldBeDamagedAsync()).ShouldContain("its schemaVersion is 7");

        File.Delete(_world["manifest.json"]);
        (await _world.ShouldBeDamagedAsync()).ShouldContain("there are bundles, but no manifest.json");
    }

    [Fact]
    public async Task Bundle_that_no_manifest_names_is_told_and_fails_nothing()
    {
        File.Copy(_world[_world.Listed[0]], _world["full-20200101T000000Z.bundle"]);

        var repository = (await _world.CheckAsync()).Repositories.ShouldHaveSingleItem();

        repository.Status.ShouldBe(RepositoryStatus.Unchanged);
        repository.Warnings.ShouldHaveSingleItem().ShouldBe("full-20200101T000000Z.bundle is not in manifest.json and was not checked.");
    }

    [Fact]
    public async Task Damage_of_one_chain_leaves_the_others_to_restore_from()
    {
        _world.Options = _world.Options with { FullEvery = 1, Keep = null };
        _world.Source.Commit("a", "next\n");
        await _world.BackUpAsync();
        var (damaged, whole) = (_world.Listed[0], _world.Listed[^1]);
        File.Delete(_world[damaged]);

        var message = await _world.ShouldBeDamagedAsync();

        message.ShouldContain("Nothing of its chain can be relied on");
        message.ShouldEndWith($" Whole: {whole}.");
    }

    [Fact]
    public async Task After_the_damaged_file_is_moved_away_a_backup_and_a_check_are_content_again()
    {
        var files = _world.Listed;
        await WriteAsync(files[2], await File.ReadAllBytesAsync(_world[files[2]], TestContext.Current.CancellationToken), 50, 1);
        await _world.ShouldBeDamagedAsync();
        File.Delete(_world[files[2]]);

        (await _world.BackUpAsync()).Warnings.ShouldHaveSingleItem().ShouldContain("a new one begins");

        var check = (await _world.CheckAsync()).Repositories.ShouldHaveSingleItem();
        check.Status.ShouldBe(RepositoryStatus.Unchanged);
        check.Warnings.ShouldHaveSingleItem().ShouldContain(files[3]);
        _world.ShouldRestoreTheSource();
    }

    [Fact]
    public async Task Folder_without_any_backup_is_no_success()
    {
        _world.Options = new(Path.Combine(_world.Options.Folder, "nothing-here"));

        var report = await _world.CheckAsync();

        report.Error!.Message.ShouldContain("nothing could be checked");
        (report.Result, report.Variant, report.Mode).ShouldBe((RunResult.Failure, "check", "backup"));
    }

    private void ShouldTellWhatIsLeft(string message, int which) =>
        message.ShouldContain(
            which == 0 ? "Nothing of its chain can be relied on" : $"The chain is whole up to {_world.Listed[which - 1]}: restore until there"
        );

    private static BackupManifest Replace(BackupManifest manifest, int which, BundleEntry entry) =>
        manifest with
        {
            Chains = [new BackupChain([.. manifest.Chains[0].Files.Select((file, i) => i == which ? entry : file)])],
        };

    private async Task<byte[]> WriteAsync(string file, byte[] whole, int position, byte flip)
    {
        var changed = whole.ToArray();
        changed[position] ^= flip;
        await File.WriteAllBytesAsync(_world[file], changed, TestContext.Current.CancellationToken);
        return changed;
    }

    private Task WriteAsync(BackupManifest manifest) =>
        File.WriteAllBytesAsync(_world["manifest.json"], ManifestForm.Write(manifest), TestContext.Current.CancellationToken);
}
