using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Rules 11, 15 and 20: which mirrors no run writes any more, and which show everyone what is private.</summary>
public sealed class MirrorCensusTests
{
    private static readonly Repository s_website = Samples.Repository("website", 1);
    private static readonly Repository s_fork = Samples.Repository("fork", 2) with { IsFork = true };

    [Theory]
    [InlineData("Mirror of github.com/acme/gone (id 9)", true)]
    [InlineData("Mirror of github.com/ACME/gone (id 9)", true)]
    [InlineData("Mirror of GITHUB.com/acme/gone (id 9)", true)]
    [InlineData("Mirror of github.com/acme/gone (id 9223372036854775807)", true)]
    [InlineData("Mirror of github.com/acme/website (id 1)", false)]
    [InlineData("Mirror of github.com/acme/old-name (id 1)", false)] // Renamed, and its mirror will be.
    [InlineData("Mirror of github.com/former/website (id 1)", false)]
    [InlineData("Mirror of github.com/acme/fork (id 2)", false)] // Listed, if only left out.
    [InlineData("Mirror of github.com/acme/old-fork (id 2)", true)]
    [InlineData("Mirror of github.com/someone-else/gone (id 9)", false)]
    [InlineData("Mirror of ghe.example/acme/gone (id 9)", false)] // Of another server, it is none of ours.
    [InlineData("Mirror of ghe.example/acme/old-name (id 1)", false)]
    [InlineData("Our own repository", false)]
    [InlineData("Mirror of github.com/acme/website.wiki (id 1)", false)] // A wiki is none while its repository is there.
    [InlineData("Mirror of github.com/acme/old-name.wiki (id 1)", false)]
    [InlineData("Mirror of github.com/acme/gone.wiki (id 9)", true)]
    public void Mirror_that_no_run_writes_any_more_is_an_orphan(string description, bool isOrphan) =>
        Take([s_website, s_fork], Samples.Mirror("thing", description))
            .Orphans.Select(orphan => orphan.Mirror)
            .ShouldBe(isOrphan ? ["acme-mirror/thing"] : []);

    [Fact]
    public void Orphan_of_a_renamed_source_that_has_another_mirror_is_told_with_the_new_name_and_the_cure()
    {
        var old = Samples.Mirror("old", "Mirror of github.com/acme/old (id 1)");
        var census = Take([s_website], old, Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)"));

        census
            .Orphans.ShouldHaveSingleItem()
            .ShouldBe(new Orphan("acme-mirror/old", MirrorDescription.Read(old.Description)!, OrphanFate.Replaced, "acme/website"));
        var concern = census.Concerns.ShouldHaveSingleItem();
        concern.Text.ShouldContain("acme-mirror/old");
        concern.Text.ShouldContain("acme/website");
        concern.Hint.ShouldContain("remove website");
    }

    [Fact]
    public void Mirror_of_a_renamed_source_that_is_left_out_is_an_orphan_with_the_new_name() =>
        Take([s_website, s_fork], Samples.Mirror("old-fork", "Mirror of github.com/acme/old-fork (id 2)"))
            .Orphans.Select(orphan => (orphan.Mirror, orphan.Fate, orphan.Now))
            .ShouldBe([("acme-mirror/old-fork", OrphanFate.Renamed, "acme/fork")]);

    [Theory]
    [InlineData("Mirror of github.com/acme/Website (id 1)")] // Its letters have changed.
    [InlineData("Mirror of github.com/former/website (id 1)")] // Its owner has.
    public void Renamed_source_that_keeps_its_place_leaves_nothing_behind(string description)
    {
        var census = Take([s_website], Samples.Mirror("website", description));

        census.Orphans.ShouldBeEmpty();
        census.Concerns.ShouldBeEmpty();
    }

    [Fact]
    public void Second_mirror_of_a_source_that_kept_its_name_is_no_orphan() =>
        Take(
            [s_website],
            new MirrorOptions { Owners = ["acme"], Rules = [RepositorySettingsTests.Rule("website") with { Slug = "new" }] },
            Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)"),
            Samples.Mirror("new", "Mirror of github.com/acme/website (id 1)")
        )
            .Orphans.ShouldBeEmpty();

    [Theory]
    [InlineData("Mirror of github.com/acme/website (id 1)", false, true)]
    [InlineData("Mirror of github.com/acme/website (id 1)", true, false)]
    [InlineData("Mirror of github.com/acme/website (id 1)", null, false)]
    [InlineData("Our website", false, true)] // Somebody changed the description.
    [InlineData("Mirror of github.com/someone-else/website (id 5)", false, false)] // Not its mirror.
    public void Public_mirror_of_a_private_source_is_told(string description, bool? isPrivate, bool isTold)
    {
        var concerns = Take(
            [s_website with { Visibility = Visibility.Private }],
            Samples.Mirror("website", description) with
            {
                Visibility = Repository.VisibilityOf(isPrivate),
            }
        ).Concerns;

        concerns.Select(c => c.IsOfEntry).ShouldBe(isTold ? [true] : []); // The run itself sees to it.
        concerns.ShouldAllBe(c => c.Text.Contains("acme-mirror/website is public, but its source acme/website is private"));
    }

    [Theory]
    [InlineData(true, true)] // The run itself sees to it.
    [InlineData(false, false)]
    public void Public_mirror_of_a_private_wiki_is_told(bool wikis, bool isOfEntry)
    {
        var mirror = Samples.Mirror("website.wiki", "Mirror of github.com/acme/website.wiki (id 1)") with { Visibility = Visibility.Public };

        var concern = Take([s_website with { Visibility = Visibility.Private }], new MirrorOptions { Owners = ["acme"], Wikis = wikis }, mirror)
            .Concerns.ShouldHaveSingleItem();

        concern.IsOfEntry.ShouldBe(isOfEntry);
        concern.Text.ShouldContain("acme-mirror/website.wiki is public, but its source acme/website.wiki is private");
    }

    [Fact]
    public void Public_mirror_of_a_public_source_is_as_it_should_be() =>
        Take([s_website], Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)") with { Visibility = Visibility.Public })
            .Concerns.ShouldBeEmpty();

    [Theory]
    [InlineData("Mirror of github.com/acme/website (id 1)")]
    [InlineData("Our website")]
    public void Public_mirror_whose_source_became_private_and_is_left_out_for_that_is_told(string description)
    {
        var options = new MirrorOptions
        {
            Owners = ["acme"],
            Filter = new RepositoryFilter { OnlyPrivate = false },
        };

        var concern = Take(
            [s_website with { Visibility = Visibility.Private }],
            options,
            Samples.Mirror("website", description) with
            {
                Visibility = Visibility.Public,
            }
        )
            .Concerns.ShouldHaveSingleItem();

        concern.IsOfEntry.ShouldBeFalse();
        concern.Text.ShouldContain("'visibility' leaves it out");
    }

    [Fact]
    public void Public_repository_of_the_name_of_what_is_left_out_on_purpose_is_nobodys_concern()
    {
        var options = new MirrorOptions { Owners = ["acme"], Rules = [RepositorySettingsTests.Rule("website") with { Skip = true }] };

        Take(
            [s_website with { Visibility = Visibility.Private }],
            options,
            Samples.Mirror("website", "Our website") with
            {
                Visibility = Visibility.Public,
            }
        )
            .Concerns.ShouldBeEmpty();
        Take(
            [s_website with { Visibility = Visibility.Private }],
            options,
            Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)") with
            {
                Visibility = Visibility.Public,
            }
        )
            .Concerns.ShouldHaveSingleItem()
            .IsOfEntry.ShouldBeFalse();
    }

    [Fact]
    public void Second_public_mirror_of_a_private_source_is_told_though_no_run_writes_it() =>
        Take(
            [s_website with { Visibility = Visibility.Private }],
            Samples.Mirror("website", "Mirror of github.com/acme/website (id 1)"),
            Samples.Mirror("copy", "Mirror of github.com/acme/website (id 1)") with
            {
                Visibility = Visibility.Public,
            }
        )
            .Concerns.ShouldHaveSingleItem()
            .IsOfEntry.ShouldBeFalse();

    [Fact]
    public void Public_orphan_may_be_of_a_source_that_is_hidden_and_is_told()
    {
        var concern = Take([s_website], Samples.Mirror("gone", "Mirror of github.com/acme/gone (id 9)") with { Visibility = Visibility.Public })
            .Concerns.ShouldHaveSingleItem();

        concern.Text.ShouldContain("acme-mirror/gone is public");
        concern.Text.ShouldContain("private now");
    }

    private static MirrorCensus Take(IReadOnlyList<Repository> listed, params Repository[] existing) =>
        Take(listed, new MirrorOptions { Owners = ["acme"] }, existing);

    private static MirrorCensus Take(IReadOnlyList<Repository> listed, MirrorOptions options, params Repository[] existing) =>
        new RepositorySelection(new(listed, []), new(existing, []), options, name => name.ToLowerInvariant()).Census;
}
