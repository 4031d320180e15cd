using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Mirroring.Backup;

public sealed class RepositoryFolderTests : IDisposable
{
    private readonly TempFolder _folder = new("backup-folder-");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("acme", ".github")]
    [InlineData("acme-2", "a..b")]
    [InlineData("Acme_x", "Web.Site-1")]
    [InlineData("acme/platform", "core/api")]
    [InlineData("~ada", "website")]
    public void Names_of_hosts_are_folders(string owner, string name) =>
        RepositoryFolder.RelativePath(Samples.Repository(name, owner: owner)).ShouldBe($"{owner}/{name}");

    [Theory]
    [InlineData("acme", "..")]
    [InlineData("..", "website")]
    [InlineData("acme", ".")]
    [InlineData("acme", "")]
    [InlineData("acme", "a/../b")]
    [InlineData("acme", "a//b")]
    [InlineData("acme", "/a")]
    [InlineData("acme", "a\\b")]
    [InlineData("acme", "a\0b")]
    [InlineData("acme", "C:")]
    [InlineData("acme", "a\n")]
    public void Names_that_lead_elsewhere_are_refused(string owner, string name) =>
        Should
            .Throw<MirrorException>(() => RepositoryFolder.RelativePath(Samples.Repository(name, owner: owner)))
            .Error.Code.ShouldBe(ErrorCode.Protocol);

    [Fact]
    public async Task File_whose_writing_fails_is_not_there()
    {
        using var folder = RepositoryFolder.Open(_folder.Path);

        await Should.ThrowAsync<InvalidOperationException>(() =>
            folder.WriteAsync<bool>(
                "full-20261121T020000Z.bundle",
                async stream =>
                {
                    await stream.WriteAsync(new byte[100_000], TestContext.Current.CancellationToken);
                    throw new InvalidOperationException("halfway");
                }
            )
        );

        RepositoryFolder.FilesOf(_folder.Path).ShouldBe([RepositoryFolder.LockName]);
    }

    [Fact]
    public async Task Bundle_never_takes_the_place_of_another()
    {
        using var folder = RepositoryFolder.Open(_folder.Path);
        await File.WriteAllTextAsync(folder["full-20261121T020000Z.bundle"], "first", TestContext.Current.CancellationToken);

        await Should.ThrowAsync<IOException>(() => folder.WriteAsync("full-20261121T020000Z.bundle", _ => Task.FromResult(true)));

        File.ReadAllText(folder["full-20261121T020000Z.bundle"]).ShouldBe("first");
        RepositoryFolder.FilesOf(_folder.Path).Count().ShouldBe(2);
    }

    [Fact]
    public void Folder_is_held_until_it_is_let_go()
    {
        using (RepositoryFolder.Open(_folder.Path))
        {
            Should.Throw<MirrorException>(() => RepositoryFolder.Open(_folder.Path)).Error.Message.ShouldContain(_folder.Path);
            Should.Throw<MirrorException>(() => RepositoryFolder.LockForReading(_folder.Path));
        }

        using (RepositoryFolder.LockForReading(_folder.Path))
        using (RepositoryFolder.LockForReading(_folder.Path))
            Should.Throw<MirrorException>(() => RepositoryFolder.Open(_folder.Path));
        RepositoryFolder.Open(_folder.Path).Dispose();
    }

    [Theory]
    [InlineData(28, ErrorCode.DestinationQuota)]
    [InlineData(122, ErrorCode.DestinationQuota)]
    [InlineData(5, ErrorCode.DestinationNotFound)]
    internal void Refusals_of_the_disk_name_the_path_and_the_cure(int number, ErrorCode code)
    {
        var error = DiskFailure.Explain(new IOException("refused", number), "/backups/acme/website").Error;

        error.Code.ShouldBe(code);
        error.Message.ShouldBe("/backups/acme/website: refused");
        error.Hint.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Missing_permission_is_told_as_such() =>
        DiskFailure.Explain(new UnauthorizedAccessException("denied"), "/backups").Error.Code.ShouldBe(ErrorCode.DestinationForbidden);
}
