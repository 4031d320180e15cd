using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

public sealed class SampleOrganizationTests
{
    [Fact]
    public async Task Every_special_case_is_there_and_the_changes_can_be_made()
    {
        await using var host = await SandboxGitHub.StartAsync();

        var organization = SampleOrganization.Seed(host, small: 2);

        host.Repositories.Count.ShouldBe(16);
        host.Find("acme", SampleOrganization.LongName)!.Name.Length.ShouldBe(80);
        host.Find("acme", "handbook")!.Git.Git("rev-list", "--count", "main").ShouldBe("3000");
        host.Find("acme", "widgets")!.Git.ForEachRef("refs/pull/").Count.ShouldBe(30);
        host.Find("acme", "odd-refs")!.Git.ForEachRef().Keys.ShouldContain("refs/heads/caf\u00e9-in-latin-1");
        host.Find("acme", "empty")!.Git.ForEachRef().ShouldBeEmpty();
        var before = host.Repositories.ToDictionary(repository => repository.Name, repository => repository.Git.ForEachRef());

        var changes = organization.ApplyChanges();

        var changed = host.Repositories.Where(repository =>
            !before.TryGetValue(repository.Name, out var refs)
            || !refs.OrderBy(entry => entry.Key).SequenceEqual(repository.Git.ForEachRef().OrderBy(entry => entry.Key))
        );
        changed.Select(repository => repository.Name).ShouldBe(["Website", "api", "brand-new", "handbook", "tools", "widgets"]);
        changes.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_mirror_made_by_git_compares_equal_until_a_ref_moves()
    {
        await using var source = await SandboxGitHub.StartAsync();
        await using var destination = await SandboxBitbucket.StartAsync();
        var original = source.AddRepository("acme", "site");
        original.Git.Commit("a", "1\n");
        MirrorComparison.Compare(source, "acme", destination, "acme-mirror").ShouldBe(["acme/site: has no mirror"]);
        var mirror = destination.AddRepository("acme-mirror", "site");
        mirror.Description = $"Mirror of github.com/acme/site (id {original.Id})";

        mirror.Git.Git("fetch", "--quiet", original.Git.Path, "+refs/heads/*:refs/heads/*");
        MirrorComparison.Compare(source, "acme", destination, "acme-mirror").ShouldBeEmpty();

        original.Git.Branch("more");
        mirror.Git.Branch("extra");
        MirrorComparison
            .Compare(source, "acme", destination, "acme-mirror")
            .ShouldBe(["acme-mirror/site: refs/heads/more is missing", "acme-mirror/site: refs/heads/extra is too much"]);
    }
}
