using MirrorAction.Hosts;
using MirrorAction.Mirroring;

namespace MirrorAction.Tests.Mirroring;

public sealed class SelectionTests
{
    [Fact]
    public void Two_sources_of_one_slug_are_rivals_of_each_other()
    {
        HostedRepository[] listed = [Samples.Repository("Web.Site", 1), Samples.Repository("web.site", 2), Samples.Repository("api", 3)];
        var selection = Select(listed);

        selection.Rivals("web.site", listed[0]).ShouldBe([listed[1]]);
        selection.Rivals("web.site", listed[1]).ShouldBe([listed[0]]);
        selection.Rivals("api", listed[2]).ShouldBeEmpty();
    }

    [Fact]
    public void What_the_filter_leaves_out_is_no_rival()
    {
        HostedRepository[] listed = [Samples.Repository("website", 1), Samples.Repository("WEBSITE", 2) with { IsFork = true }];
        var selection = Select(listed);

        selection.Taken.ShouldBe([listed[0]]);
        selection.Listed.Count.ShouldBe(2);
        selection.Rivals("website", listed[0]).ShouldBeEmpty();
    }

    [Fact]
    public void Owners_with_equal_names_are_rivals() =>
        Select([Samples.Repository("website", 1), Samples.Repository("website", 2, "acme-labs")]).Rivals("website", Samples.Repository("other")).Count().ShouldBe(2);

    [Theory]
    [InlineData("Mirror of github.com/acme/gone (id 9)", true)]
    [InlineData("Mirror of github.com/ACME/gone (id 9)", true)]
    [InlineData("Mirror of github.com/acme/website (id 1)", false)]
    [InlineData("Mirror of github.com/acme/old-name (id 1)", false)] // Renamed, not gone.
    [InlineData("Mirror of github.com/acme/fork (id 2)", false)] // Listed, if only left out.
    [InlineData("Mirror of github.com/someone-else/gone (id 9)", false)]
    [InlineData("Our own repository", false)]
    public void Mirror_whose_source_is_listed_no_more_is_an_orphan(string description, bool isOrphan) =>
        Select([Samples.Repository("website", 1), Samples.Repository("fork", 2) with { IsFork = true }], Samples.Mirror("thing", description)).Orphans
            .ShouldBe(isOrphan ? ["acme-mirror/thing"] : []);

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
        HostedRepository[] listed = [Samples.Repository("website", 1), Samples.Repository("api", 2), Samples.Repository("other", 3)];
        var selection = Select(listed, [RepositorySettingsTests.Rule("api") with { Slug = "website" }]);

        selection.Rivals("website", listed[0]).ShouldBe([listed[1]]);
        selection.Rivals("website", listed[1]).ShouldBe([listed[0]]);
        selection.SettingsOf(listed[1]).Slug.ShouldBe("website");
    }

    [Fact]
    public void Slug_of_a_rule_parts_those_that_had_one()
    {
        HostedRepository[] listed = [Samples.Repository("website", 1), Samples.Repository("website", 2, "acme-labs")];

        Select(listed, [RepositorySettingsTests.Rule("acme-labs/*") with { Slug = "labs-website" }]).Rivals("website", listed[0]).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_rule_skips_is_left_out_and_no_rival_and_no_orphan()
    {
        HostedRepository[] listed = [Samples.Repository("website", 1), Samples.Repository("WEBSITE", 2)];
        var selection = Select(listed, [RepositorySettingsTests.Rule("/x/"), RepositorySettingsTests.Rule("website") with { Skip = true }], Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)"));

        selection.Taken.ShouldBeEmpty();
        selection.Orphans.ShouldBeEmpty();
    }

    [Fact]
    public void Second_mirror_of_a_source_is_no_orphan() =>
        Select(
            [Samples.Repository("website", 1)], [RepositorySettingsTests.Rule("website") with { Slug = "new" }],
            Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)"), Samples.Mirror("new", "Mirror of github.com/acme/website (id 1)")).Orphans.ShouldBeEmpty();

    private static Selection Select(IReadOnlyList<HostedRepository> listed, params DestinationRepository[] existing) => Select(listed, [], existing);

    private static Selection Select(IReadOnlyList<HostedRepository> listed, RepositoryRule[] rules, params DestinationRepository[] existing) =>
        new(listed, existing, new MirrorOptions { Owners = ["acme"], Rules = rules }, name => name.ToLowerInvariant());
}
