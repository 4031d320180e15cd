using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Backup;

/// <summary>Symbolic links below the folder of a backup are followed by no one: not when it is written, and not when it is checked.</summary>
public sealed class LinkTests : IAsyncLifetime
{
    private readonly TempFolder _outside = new("elsewhere-");
    private BackupWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await BackupWorld.StartAsync();
        _world.Source.Commit("a", "1\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("acme/website")]
    public async Task Folder_that_is_a_link_gets_no_backup(string folder)
    {
        var link = Path.Combine(_world.Options.Folder, folder);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        Directory.CreateSymbolicLink(link, _outside.Path);

        await ShouldBeRefusedAsync(link);

        Directory.EnumerateFileSystemEntries(_outside.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData(".lock")]
    [InlineData("the bundle")]
    [InlineData(".manifest.json.0123456789abcdef0123456789abcdef.tmp")]
    [InlineData("notes.txt")]
    public async Task File_that_is_a_link_is_neither_read_nor_written(string name)
    {
        await _world.BackUpAsync();
        _world.Source.Commit("b", "2\n");
        var link = _world[name == "the bundle" ? _world.Listed[0] : name];
        var target = Path.Combine(_outside.Path, "target");
        if (File.Exists(link))
            File.Move(link, target);
        else
            await File.WriteAllTextAsync(target, "kept", TestContext.Current.CancellationToken);
        var before = await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(link, target);

        await ShouldBeRefusedAsync(link);

        (await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken)).ShouldBe(before);
        new FileInfo(link).LinkTarget.ShouldBe(target);
    }

    [Fact]
    public async Task Link_that_leads_nowhere_makes_no_file_there()
    {
        await _world.BackUpAsync();
        _world.Source.Commit("b", "2\n");
        File.Delete(_world[RepositoryFolder.LockName]);
        File.CreateSymbolicLink(_world[RepositoryFolder.LockName], Path.Combine(_outside.Path, "new"));

        await ShouldBeRefusedAsync(_world[RepositoryFolder.LockName]);

        Directory.EnumerateFileSystemEntries(_outside.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Folder_of_the_backup_may_be_a_link_itself()
    {
        Directory.CreateSymbolicLink(_world.Options.Folder, _outside.Path);

        await _world.BackUpAsync();

        await _world.ShouldBeWholeAsync();
        File.Exists(Path.Combine(_outside.Path, "acme", "website", RepositoryFolder.ManifestName)).ShouldBeTrue();
    }

    [Fact]
    public async Task Check_passes_over_no_folder_because_it_is_a_link()
    {
        await _world.BackUpAsync();
        Directory.Move(_world.Path, Path.Combine(_outside.Path, "website"));
        Directory.CreateSymbolicLink(_world.Path, Path.Combine(_outside.Path, "website"));

        await ShouldBeRefusedAsync(_world.Path);
    }

    private async Task ShouldBeRefusedAsync(string link)
    {
        foreach (var report in new[] { await _world.RunAsync(), await _world.CheckAsync() })
        {
            var repository = report.Repositories.ShouldHaveSingleItem();
            repository.Status.ShouldBe(RepositoryStatus.Failed);
            repository.Error!.Code.ShouldBe(ErrorCode.DestinationForbidden);
            repository.Error.Message.ShouldContain(link);
            repository.Error.Hint!.ShouldContain("backup-dir");
        }
    }
}
