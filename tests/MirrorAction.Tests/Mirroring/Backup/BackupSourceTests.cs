using System.Text;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Mirroring.Backup;

/// <summary>What the folder of a backup lists as a source.</summary>
public sealed class BackupSourceTests : IDisposable
{
    private readonly TempFolder _folder = new("backup-source-");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Manifest_tells_what_its_host_said()
    {
        Write(
            "acme/platform/api",
            Manifest with
            {
                Repository = "acme/platform/api",
                Owner = "acme/platform",
                Host = "gitlab",
                HostName = "git.example.com:8443",
            }
        );

        var repository = await ListedAsync();

        (repository.Owner, repository.Name).ShouldBe(("acme/platform", "api"));
        (repository.Description, repository.IsPrivate, repository.DefaultBranch).ShouldBe(("Tells the world", false, "develop"));
        (repository.HostName, repository.WebUrl.AbsoluteUri).ShouldBe(("git.example.com:8443", "https://git.example.com:8443/acme/platform/api"));
        (repository.SizeBytes / 1024).ShouldBe(5);
    }

    [Fact]
    public async Task Manifest_of_version_1_tells_the_rest_by_its_kind_of_host()
    {
        Write("acme/Website", Manifest with { SchemaVersion = 1, Owner = null, HostName = null });

        var repository = await ListedAsync();

        (repository.FullName, repository.Owner, repository.HostName).ShouldBe(("acme/Website", "acme", "github.com"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData(null)]
    public async Task Damaged_manifest_leaves_the_repository_under_the_name_of_its_folder(string? text)
    {
        Write("acme/Website", Manifest);
        var path = _folder[$"acme/Website/{RepositoryFolder.ManifestName}"];
        await File.WriteAllTextAsync(_folder["acme/Website/full-20261121T020000Z.bundle"], "x", TestContext.Current.CancellationToken);
        File.Delete(path);
        if (text is not null)
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        var source = new BackupSource(_folder.Path);

        var repository = (await source.ListAsync("", default)).Repositories.ShouldHaveSingleItem();

        (repository.FullName, repository.IsPrivate).ShouldBe(("acme/Website", true));
        var failure = await Should.ThrowAsync<MirrorException>(() => source.OpenAsync(repository, null, default));
        failure.Error.Code.ShouldBe(ErrorCode.DamagedBackup);
        failure.Message.ShouldContain("acme/Website/manifest.json can't be used");
    }

    [Theory]
    [InlineData("acme/../../etc", null, null)]
    [InlineData("Website", null, null)]
    [InlineData("acme/Website", "other", null)]
    [InlineData("acme/Website", null, "github.com/evil?x=")]
    [InlineData("acme/Website", null, "user:secret@github.com")]
    public async Task What_no_host_would_say_is_not_believed(string name, string? owner, string? hostName)
    {
        Write("acme/Website", Manifest with { Repository = name, Owner = owner, HostName = hostName, Description = "not believed" });

        var repository = await ListedAsync();

        (repository.FullName, repository.Description, repository.IsPrivate).ShouldBe(("acme/Website", "", true));
    }

    [Theory]
    [InlineData("1001", "github.com", true)]
    [InlineData("1002", "github.com", false)]
    [InlineData("1001", "ghe.example", false)]
    public async Task Wiki_is_of_the_repository_whose_id_it_has(string id, string host, bool belongs)
    {
        Write("acme/Website", Manifest);
        Write("acme/Website.wiki", Manifest with { Repository = "acme/Website.wiki", Id = id, HostName = host });

        var listed = (await new BackupSource(_folder.Path).ListAsync("", default)).Repositories;

        listed.Select(repository => repository.FullName).ShouldBe(["acme/Website", "acme/Website.wiki"]);
        listed[0].IsWiki.ShouldBeFalse();
        listed[1].Parent.ShouldBe(belongs ? listed[0] : null);
    }

    [Fact]
    public async Task Description_is_one_line_without_control_characters()
    {
        Write("acme/Website", Manifest with { Description = "one\n::error::two\u001b[31m" });

        (await ListedAsync()).Description.ShouldNotContain('\n');
    }

    private static BackupManifest Manifest =>
        new()
        {
            SchemaVersion = BackupManifest.CurrentVersion,
            Repository = "acme/Website",
            Host = "github",
            HostName = "github.com",
            Owner = "acme",
            Id = "1001",
            Description = "Tells the world",
            Private = false,
            DefaultBranch = "develop",
            ObjectFormat = "sha1",
            Chains =
            [
                new BackupChain([
                    new BundleEntry
                    {
                        File = "full-20261121T020000Z.bundle",
                        Kind = BundleKind.Full,
                        CreatedAt = new DateTime(2026, 11, 21, 2, 0, 0, DateTimeKind.Utc),
                        Bytes = 6000,
                        Sha256 = new string('a', 64),
                        Objects = 30,
                        Refs = 3,
                        Prerequisites = 0,
                    },
                ]),
            ],
        };

    private void Write(string place, BackupManifest manifest)
    {
        Directory.CreateDirectory(_folder[place]);
        File.WriteAllText(_folder[$"{place}/{RepositoryFolder.ManifestName}"], Encoding.UTF8.GetString(ManifestForm.Write(manifest)));
    }

    private async Task<Repository> ListedAsync() => (await new BackupSource(_folder.Path).ListAsync("", default)).Repositories.ShouldHaveSingleItem();
}
