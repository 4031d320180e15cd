using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Mirroring.Doctor;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring.Doctor;

/// <summary>Numbers at the edges of the destination's limits.</summary>
public sealed class StorageAndSizeTests
{
    private static readonly HostDefinition s_host = BitbucketHost.Definition;

    [Theory]
    [InlineData(0, "ok: GitHub gives no size for any of them yet.")]
    [InlineData(1_953_124, "ok: The largest is acme/a (2.0 GB); Bitbucket takes up to 4 GB.")]
    [InlineData(1_953_125, "warning: From 2 GB on Bitbucket warns, at 4 GB it takes no more: acme/a (2.0 GB).")]
    [InlineData(3_906_249, "warning: From 2 GB on Bitbucket warns, at 4 GB it takes no more: acme/a (4.0 GB).")]
    [InlineData(3_906_250, "problem: At or over Bitbucket's 4 GB for a repository: acme/a (4.0 GB).")]
    [InlineData(long.MaxValue / 1024, "problem: At or over Bitbucket's 4 GB for a repository: acme/a (9223372037 GB).")]
    public void Size_of_a_repository_is_judged(long sizeKiB, string finding) =>
        SizeCheck.Run(Select([Repository("a", sizeKiB)]), GitHubHost.Definition, s_host).Select(Told).ShouldBe([finding]);

    [Theory]
    [InlineData(
        600_000_000,
        390_625,
        "ok: 1 repository in the workspace: 600 MB used; 1 repository to be created will need about 400 MB; a Free workspace holds 1 GB."
    )]
    [InlineData(
        600_000_001,
        390_625,
        "warning: 1 repository in the workspace: 600 MB used; 1 repository to be created will need about 400 MB: more than the 1 GB of a Free workspace, which then refuses every push."
    )]
    public void Storage_is_held_against_the_free_plan(long used, long neededKiB, string finding)
    {
        Repository[] existing = [Samples.Mirror("other") with { SizeBytes = used }];

        Told(StorageCheck.Run(Select([Repository("a", neededKiB)], existing), existing, s_host, null, new(1)).ShouldHaveSingleItem())
            .ShouldBe(finding);
    }

    [Fact]
    public void First_run_that_takes_more_than_an_hours_requests_is_told()
    {
        var many = Enumerable.Range(1, 500).Select(i => Repository($"r{i}", 1, i)).ToArray();

        Told(StorageCheck.Run(Select(many), [], s_host, 1000, new(1)).Last())
            .ShouldBe("warning: The first run will create 500 repositories and send about 1001 requests; Bitbucket allows 1000 an hour.");
        Told(StorageCheck.Run(Select(many[..499]), [], s_host, 1000, new(1)).Last()).ShouldStartWith("ok: ");
        Told(StorageCheck.Run(Select(many[..499]), [], s_host, 1000, new(2)).Last())
            .ShouldBe(
                "warning: The first run will create 499 repositories and send about 999 requests; Bitbucket allows 1000 an hour, 500 of them to this shard."
            );
    }

    [Fact]
    public void Listing_that_uses_up_the_share_of_a_shard_is_told()
    {
        Repository[] existing = [.. Enumerable.Range(0, 5000).Select(i => Samples.Mirror($"r{i}"))];

        var finding = StorageCheck.Run(Select([Repository("a", 1)], existing), existing, s_host, 1000, new(20)).Last();

        finding.Level.ShouldBe(DiagnosticLevel.Warning);
        finding.Hint!.ShouldContain("With 9 or fewer");
    }

    [Theory]
    [InlineData(0, "0.0 MB")]
    [InlineData(400_000, "0.4 MB")]
    [InlineData(9_960_000, "10 MB")]
    [InlineData(999_000_000, "999 MB")]
    [InlineData(1_000_000_000, "1.0 GB")]
    public void Bytes_are_told_in_decimal_units(double bytes, string text) => DecimalBytes.Text(bytes).ShouldBe(text);

    private static Repository Repository(string name, long sizeKiB, long id = 1) => Samples.Repository(name, id) with { SizeBytes = sizeKiB * 1024 };

    private static RepositorySelection Select(IReadOnlyList<Repository> listed, params Repository[] existing) =>
        new(new(listed, []), new(existing, []), new MirrorOptions { Owners = ["acme"] }, name => name);

    private static string Told(Diagnostic finding) => $"{finding.Level.ToString().ToLowerInvariant()}: {finding.Message}";
}
