using MirrorAction.Hosts;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class RepositorySelectionTests
{
    [Fact]
    public void Two_sources_of_one_slug_are_rivals_of_each_other()
    {
        Repository[] listed = [Samples.Repository("Web.Site", 1), Samples.Repository("web.site", 2), Samples.Repository("api", 3)];
        var selection = Select(listed);

        selection.Rivals("web.site", listed[0]).ShouldBe([listed[1]]);
        selection.Rivals("web.site", listed[1]).ShouldBe([listed[0]]);
        selection.Rivals("api", listed[2]).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_filter_leaves_out_is_no_rival()
    {
        Repository[] listed = [Samples.Repository("website", 1), Samples.Repository("WEBSITE", 2) with { IsFork = true }];
        var selection = Select(listed);

        selection.Taken.ShouldBe([listed[0]]);
        selection.Listed.Count.ShouldBe(2);
        selection.Rivals("website", listed[0]).ShouldBeEmpty();
    }

    [Fact]
    public void Owners_with_equal_names_are_rivals() =>
        Select([Samples.Repository("website", 1), Samples.Repository("website", 2, "acme-labs")])
            .Rivals("website", Samples.Repository("other"))
            .Count()
            .ShouldBe(2);

    [Theory]
    [InlineData("website", new[] { "website", "WEBSITE" }, 1)] // The mark names the first, which goes on.
    [InlineData("WEBSITE", new[] { "website", "WEBSITE" }, 2)]
    [InlineData(null, new[] { "website", "WEBSITE" }, 9)] // It names neither: both fail.
    public void Mark_of_the_mirror_decides_between_rivals(string? goesOn, string[] names, long id)
    {
        var listed = names.Select((name, i) => Samples.Repository(name, i + 1)).ToList();
        var selection = Select(listed, Samples.Mirror("website", $"Mirror of github.com/acme/whatever (id {id})"));

        listed.Where(r => !selection.Rivals("website", r).Any()).Select(r => r.Name).ShouldBe(goesOn is null ? [] : [goesOn]);
        selection.OwnerOf("website")?.Name.ShouldBe(goesOn);
        if (goesOn is not null)
            selection.Rivals("website", listed.Single(r => r.Name != goesOn)).Single().Name.ShouldBe(goesOn);
    }

    [Fact]
    public void Mark_of_another_server_decides_nothing()
    {
        Repository[] listed = [Samples.Repository("website", 1), Samples.Repository("WEBSITE", 2)];

        Select(listed, Samples.Mirror("website", "Mirror of ghe.example/acme/website (id 1)")).Rivals("website", listed[0]).ShouldBe([listed[1]]);
    }

    [Fact]
    public void Existing_mirrors_are_found_in_any_case()
    {
        var mirror = Samples.Mirror("website");

        Select([], mirror).Existing("WebSite").ShouldBe(mirror);
        Select([], mirror).Existing("web").ShouldBeNull();
    }

    [Fact]
    public void Slug_of_a_rule_meets_the_slug_of_a_name()
    {
        Repository[] listed = [Samples.Repository("website", 1), Samples.Repository("api", 2), Samples.Repository("other", 3)];
        var selection = Select(listed, [RepositorySettingsTests.Rule("api") with { Slug = "website" }]);

        selection.Rivals("website", listed[0]).ShouldBe([listed[1]]);
        selection.Rivals("website", listed[1]).ShouldBe([listed[0]]);
        selection.SettingsOf(listed[1]).Slug.ShouldBe("website");
    }

    [Fact]
    public void Slug_of_a_rule_parts_those_that_had_one()
    {
        Repository[] listed = [Samples.Repository("website", 1), Samples.Repository("website", 2, "acme-labs")];

        Select(listed, [RepositorySettingsTests.Rule("acme-labs/*") with { Slug = "labs-website" }]).Rivals("website", listed[0]).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_rule_skips_is_left_out_and_no_rival_and_no_orphan()
    {
        Repository[] listed = [Samples.Repository("website", 1), Samples.Repository("WEBSITE", 2)];
        var selection = Select(
            listed,
            [RepositorySettingsTests.Rule("/x/"), RepositorySettingsTests.Rule("website") with { Skip = true }],
            Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)")
        );

        selection.Taken.ShouldBeEmpty();
        selection.Census.Orphans.ShouldBeEmpty();
    }

    private static RepositorySelection Select(IReadOnlyList<Repository> listed, params Repository[] existing) => Select(listed, [], existing);

    private static RepositorySelection Select(IReadOnlyList<Repository> listed, RepositoryRule[] rules, params Repository[] existing) =>
        new(new(listed, []), new(existing, []), new MirrorOptions { Owners = ["acme"], Rules = rules }, name => name.ToLowerInvariant());
}
