using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Restore;

namespace MirrorAction.Tests.Mirroring.Restore;

/// <summary>How a mirror is traced back to its original.</summary>
public sealed class OriginalNameSourceTests
{
    private static readonly RunReport s_mirrored = Report(
        "github",
        "acme",
        "bitbucket",
        "acme-mirror",
        new RepositoryReport
        {
            Source = "acme/Website",
            Destination = "acme-mirror/website",
            Description = "Our website",
            Status = RepositoryStatus.Unchanged,
        }
    );

    private static RunReport Report(string source, string owner, string destination, string workspace, params RepositoryReport[] repositories) =>
        new()
        {
            Mode = "mirror",
            Version = "1.0.0",
            StartedAt = DateTimeOffset.UnixEpoch,
            DurationMs = 1,
            Source = new ReportSource(source, [owner]),
            Destination = new ReportDestination(destination, workspace),
            Result = RunResult.Success,
            Totals = new RunTotals(),
            Repositories = repositories,
        };

    private static Repository Mirror(string slug, string description = "") =>
        Samples.Repository(slug, owner: "acme-mirror", web: "https://bitbucket.org") with
        {
            Description = description,
            Visibility = Visibility.Private,
        };

    private static async Task<(Repository Original, OriginalNameSource OriginalNameSource)> OfAsync(
        Repository mirror,
        RunReport? previous = null,
        string owner = "acme-new",
        HostDefinition? kind = null
    )
    {
        var originals = new OriginalNameSource(new Workspace([mirror], kind), previous, owner);
        var found = (await originals.ListAsync("acme-mirror", default)).Repositories.ShouldHaveSingleItem();
        originals.MirrorOf(found).ShouldBeSameAs(mirror);
        return (found, originals);
    }

    [Theory]
    [InlineData("Mirror of github.com/acme/Website.wiki (id 7)", true)]
    [InlineData("Mirror of github.com/acme/Old.wiki (id 7)", true)] // The repository was renamed since.
    [InlineData("Mirror of github.com/acme/Website.wiki (id 8)", false)]
    [InlineData("Mirror of ghe.example/acme/Website.wiki (id 7)", false)]
    public async Task Mirror_of_a_wiki_belongs_to_the_mirror_of_the_same_id(string description, bool belongs)
    {
        Repository[] mirrors = [Mirror("website.wiki", description), Mirror("website", "Mirror of github.com/acme/Website (id 7)")];
        var originals = new OriginalNameSource(new Workspace(mirrors), null, "acme-new");

        var listed = (await originals.ListAsync("acme-mirror", default)).Repositories;

        listed[0].Parent.ShouldBe(belongs ? listed[1] : null);
        listed.Select(originals.MirrorOf).ShouldBe(mirrors);
        originals.MirrorOf(listed[1].ToWiki()).FullName.ShouldBe("acme-mirror/website.wiki");
    }

    [Theory]
    [InlineData("Mirror of github.com/acme/Website (id 7)", "acme/Website")]
    [InlineData("Mirror of github.com/Beta/.github (id 7). Please do not push here.", "Beta/.github")]
    public async Task Description_names_the_original(string description, string fullName)
    {
        var (original, originals) = await OfAsync(Mirror("website", description), s_mirrored);

        original.FullName.ShouldBe(fullName);
        originals.IsGuessed(original).ShouldBeFalse();
    }

    [Fact]
    public async Task Report_names_the_original_of_a_mirror_whose_description_was_changed()
    {
        var (original, originals) = await OfAsync(Mirror("Website", "by hand"), s_mirrored);

        original.FullName.ShouldBe("acme/Website");
        original.Description.ShouldBe("Our website");
        originals.IsGuessed(original).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_either_the_slug_stands_in()
    {
        var (original, originals) = await OfAsync(Mirror("website", "by hand"));

        original.FullName.ShouldBe("acme-mirror/website");
        original.Description.ShouldBeEmpty();
        originals.IsGuessed(original).ShouldBeTrue();
    }

    [Theory]
    [InlineData("website")]
    [InlineData("moved-to-another-slug")]
    public async Task Description_comes_from_the_report_by_mirror_or_by_original(string slug) =>
        (await OfAsync(Mirror(slug, "Mirror of github.com/acme/Website (id 7)"), s_mirrored)).Original.Description.ShouldBe("Our website");

    [Fact]
    public async Task Report_of_a_restore_that_was_stopped_serves_as_well()
    {
        var stopped = Report(
            "bitbucket",
            "acme-mirror",
            "github",
            "acme-new",
            new RepositoryReport
            {
                Source = "acme-mirror/website",
                Destination = "acme-new/Website",
                Description = "Our website",
                Status = RepositoryStatus.Failed,
            }
        ) with
        {
            Mode = "restore",
        };

        (await OfAsync(Mirror("website"), stopped)).Original.Name.ShouldBe("Website");
        (await OfAsync(Mirror("website", "Mirror of github.com/acme/Website (id 7)"), stopped)).Original.Description.ShouldBe("Our website");
    }

    [Theory]
    [InlineData("mirror", null, "acme", "acme-mirror")]
    [InlineData("restore", "drill", "acme", "acme-mirror")]
    [InlineData("restore", null, "acme-mirror", "acme")]
    public async Task Mode_of_a_report_tells_its_direction_where_both_hosts_are_of_one_kind(
        string mode,
        string? variant,
        string source,
        string destination
    )
    {
        var entry = new RepositoryReport
        {
            Source = $"{source}/website",
            Destination = $"{destination}/website",
            Description = "Our website",
            Status = RepositoryStatus.Unchanged,
        };
        var report = Report("github", source, "github", destination, entry) with { Mode = mode, Variant = variant };

        var (original, originals) = await OfAsync(Mirror("website"), report, kind: MirrorAction.Hosts.GitHub.GitHubHost.Definition);

        original.FullName.ShouldBe("acme/website");
        original.Description.ShouldBe("Our website");
        originals.HasReport.ShouldBeTrue();
    }

    [Theory]
    [InlineData("Acme/Platform", false, "acme/platform", "api")]
    [InlineData("acme", false, "acme", "platform/api")]
    [InlineData("elsewhere", false, "acme", "platform/api")]
    [InlineData("elsewhere", true, "acme/platform", "api")]
    [InlineData("acme/plat", false, "acme", "platform/api")]
    public async Task Name_is_what_follows_the_group_that_was_mirrored(string target, bool isReported, string owner, string name)
    {
        var report = Report("gitlab", "acme/platform", "bitbucket", "acme-mirror");

        var (original, _) = await OfAsync(Mirror("api", "Mirror of gitlab.com/acme/platform/api (id 7)"), isReported ? report : null, target);

        (original.Owner, original.Name).ShouldBe((owner, name));
    }

    [Fact]
    public async Task Report_about_other_hosts_says_nothing()
    {
        var other = s_mirrored with { Source = new ReportSource("folder", ["acme"]), Destination = new ReportDestination("folder", "acme-mirror") };

        var (original, originals) = await OfAsync(Mirror("website"), other);

        original.Description.ShouldBeEmpty();
        originals.IsGuessed(original).ShouldBeTrue();
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("acme//Website")]
    [InlineData("/Website")]
    [InlineData("acme/")]
    public async Task Name_in_a_report_that_is_none_is_not_used(string source)
    {
        var odd = s_mirrored with { Repositories = [s_mirrored.Repositories[0] with { Source = source }] };

        (await OfAsync(Mirror("website"), odd)).Original.FullName.ShouldBe("acme-mirror/website");
    }

    [Fact]
    public async Task Git_and_the_host_are_asked_for_the_mirror()
    {
        var (original, originals) = await OfAsync(Mirror("website", "Mirror of github.com/acme/Website (id 7)"));

        (await originals.ExistsAsync(original, default)).ShouldBeTrue();
        (await originals.GitCredentialsFor(original).GetAsync(default)).ShouldBe(HttpCredential.Basic("website", "x"));
        original.GitUrl.ShouldBe(originals.MirrorOf(original).GitUrl);
    }

    [Theory]
    [InlineData("https://bitbucket.org", "Unfinished restore of bitbucket.org/acme-mirror/website")]
    [InlineData("https://bb.example:8443", "Unfinished restore of bb.example:8443/acme-mirror/website")]
    public void Mark_of_an_unfinished_restore_names_the_mirror(string web, string mark)
    {
        var mirror = Samples.Repository("website", owner: "acme-mirror", web: web);

        RestoreDescription.For(mirror).ShouldBe(mark);
        RestoreDescription.IsOn(Samples.Mirror("Website", mark), mirror).ShouldBeTrue();
        RestoreDescription.IsOn(Samples.Mirror("Website", mark + "-2"), mirror).ShouldBeFalse();
        RestoreDescription.IsOn(Samples.Mirror("Website"), mirror).ShouldBeFalse();
    }

    private sealed class Workspace(Repository[] mirrors, HostDefinition? kind = null) : IRepositorySource
    {
        public HostDefinition Host => kind ?? MirrorAction.Hosts.Bitbucket.BitbucketHost.Definition;

        public long Requests => 0;

        public Task<HostListing<Repository>> ListAsync(string owner, CancellationToken cancellationToken) =>
            Task.FromResult(new HostListing<Repository>(mirrors, []));

        public Task<bool> ExistsAsync(Repository repository, CancellationToken cancellationToken) =>
            Task.FromResult(ReferenceEquals(repository, mirrors[0]));

        public Task<string?> FindFullNameAsync(string id, string fullName, CancellationToken cancellationToken) =>
            Task.FromResult(mirrors.FirstOrDefault(mirror => mirror.Id == id)?.FullName);

        public ICredentialProvider GitCredentialsFor(Repository repository) => StaticCredential.Basic(repository.Name, "x");

        public HostFailure? Explain(int? status, string text) => null;

        public Task<HostDiagnostics> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
            Task.FromResult(new HostDiagnostics([], IsUsable: true));

        public Task<IReadOnlyList<Diagnostic>> ExamineContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Diagnostic>>([]);
    }
}
