using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Which wikis a run takes, and where their mirrors are.</summary>
public sealed class WikiSelectionTests
{
    private static readonly Repository s_website = Samples.Repository("Website") with { HasWiki = true, Visibility = Visibility.Private };
    private static readonly MirrorOptions s_options = new() { Owners = ["acme"], Wikis = true };

    [Fact]
    public void Wiki_follows_its_repository_beside_the_mirror_with_its_id_and_privacy()
    {
        var selection = Select([s_website, Samples.Repository("api", 2)]);

        var wiki = selection.Wikis.ShouldHaveSingleItem();
        (wiki.FullName, wiki.Id, wiki.IsPrivate, wiki.Parent).ShouldBe(("acme/Website.wiki", "1", true, s_website));
        wiki.GitUrl.AbsoluteUri.ShouldBe("https://github.com/acme/repository.wiki.git");
        wiki.WebUrl.AbsoluteUri.ShouldBe("https://github.com/acme/repository/wiki");
        selection.WorkList.Items.Select(r => r.Name).ShouldBe(["Website", "api", "Website.wiki"]);
        selection.Taken.ShouldNotContain(wiki);
        var settings = selection.SettingsOf(wiki);
        (settings.Slug, settings.IsPrivate, settings.Refs.Prune).ShouldBe(("website.wiki", true, true));
        MirrorDescription.For(wiki).ToString().ShouldBe("Mirror of github.com/acme/Website.wiki (id 1)");
    }

    [Fact]
    public void Slug_of_a_wiki_is_one_that_the_destination_keeps()
    {
        var name = new string('a', 60);
        var selection = new RepositorySelection(
            new([Samples.Repository(name) with { HasWiki = true }], []),
            new([], []),
            s_options,
            BitbucketSlug.For
        );

        selection.SettingsOf(selection.Wikis[0]).Slug.ShouldMatch("^a{53}-[0-9a-f]{8}$");
    }

    [Fact]
    public void No_wiki_is_taken_unless_it_is_asked_for() => Select([s_website], s_options with { Wikis = false }).Wikis.ShouldBeEmpty();

    [Theory]
    [InlineData("website", null, 0)] // The repository itself is left out.
    [InlineData("*.wiki", null, 0)]
    [InlineData("other.wiki", null, 1)]
    [InlineData(null, "website.wiki", 0)]
    public void Wiki_is_left_out_with_its_repository_or_alone(string? exclude, string? skip, int count)
    {
        var options = s_options with
        {
            Filter = new RepositoryFilter { Exclude = exclude is null ? [] : [Pattern(exclude)] },
            Rules = skip is null ? [] : [RepositorySettingsTests.Rule(skip) with { Skip = true }],
        };

        var selection = Select([s_website], options);

        selection.Wikis.Count.ShouldBe(count);
        (selection.UnusedNames.Sentence is not null).ShouldBe(exclude == "other.wiki");
    }

    [Fact]
    public void Rules_for_the_repository_hold_for_the_wiki_but_for_its_branches()
    {
        var rule = RepositorySettingsTests.Rule("website") with
        {
            Slug = "site",
            Project = "WEB",
            Prune = false,
            Refs = RefPatternSet.Parse("refs/heads/main"),
        };
        var selection = Select([s_website], s_options with { Rules = [rule] });

        var settings = selection.SettingsOf(selection.Wikis[0]);

        (settings.Slug, settings.Project, settings.Refs.Prune).ShouldBe(("site.wiki", "WEB", false));
        settings.Refs.Patterns.ShouldBe(RefPatternSet.BranchesAndTags);
    }

    [Theory]
    [InlineData("Mirror of github.com/acme/Website.wiki (id 1)", true)] // Switched off: the mirror stays, and the run says so.
    [InlineData("Mirror of github.com/acme/Website (id 1)", false)]
    [InlineData("Mirror of github.com/acme/Other.wiki (id 2)", false)]
    public void Wiki_that_is_switched_off_is_looked_for_where_it_has_a_mirror(string description, bool isTaken) =>
        Select([s_website with { HasWiki = false }], s_options, Samples.Mirror("website.wiki", description)).Wikis.Count.ShouldBe(isTaken ? 1 : 0);

    [Fact]
    public void Repository_with_the_slug_of_a_wiki_is_its_rival_unless_the_mark_tells()
    {
        var other = Samples.Repository("website.wiki", 2);
        var selection = Select([s_website, other]);
        selection.Rivals("website.wiki", selection.Wikis[0]).ShouldBe([other]);
        selection.Rivals("website.wiki", other).ShouldBe(selection.Wikis);

        var marked = Select([s_website, other], s_options, Samples.Mirror("website.wiki", "Mirror of github.com/acme/Website.wiki (id 1)"));
        marked.OwnerOf("website.wiki").ShouldBe(marked.Wikis[0]);
        marked.Rivals("website.wiki", marked.Wikis[0]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Mirror of github.com/acme/Website (id 1)", "Mirror of github.com/acme/Website.wiki (id 1)")]
    [InlineData("Our website", "")]
    public void Own_wiki_is_beside_the_mirror_and_has_its_mark(string description, string mark)
    {
        var selection = Select([s_website], new Own(HasFixedBranch: false), Samples.Mirror("website", description));

        var place = selection.MirrorOf(selection.Wikis[0]).ShouldNotBeNull();

        (place.FullName, place.Description).ShouldBe(("acme-mirror/website.wiki", mark));
        place.GitUrl.AbsoluteUri.ShouldBe("https://bitbucket.org/acme-mirror/website.wiki.git");
        var none = Select([s_website], new Own(HasFixedBranch: false));
        none.MirrorOf(none.Wikis[0]).ShouldBeNull();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Own_wiki_keeps_the_branch_that_its_host_chose(bool hasFixedBranch, bool prunes)
    {
        var selection = Select([s_website], new Own(hasFixedBranch));

        selection.SettingsOf(selection.Wikis[0]).Refs.Prune.ShouldBe(prunes);
    }

    [Fact]
    public void Listed_wiki_is_no_repository_and_taken_with_its_repository_only()
    {
        var listed = Samples.Repository("Website.wiki", 7) with { Parent = s_website };

        Select([s_website, listed]).Wikis.ShouldBe([listed]);
        var without = Select([s_website, listed], s_options with { Wikis = false });
        (without.Taken.Count, without.Wikis.Count, without.ListedWikis.Count, without.LeftOut).ShouldBe((1, 0, 1, 0));
        Select([s_website, listed], s_options with { Filter = new RepositoryFilter { Exclude = [Pattern("website")] } }).Wikis.ShouldBeEmpty();
    }

    [Fact]
    public void Wiki_is_in_the_shard_of_its_repository()
    {
        Repository[] listed = [.. Enumerable.Range(1, 20).Select(i => Samples.Repository($"r{i}", i) with { HasWiki = true })];

        for (var i = 1; i <= 3; i++)
        {
            var selection = Select(listed, s_options with { Shard = new Shard(i, 3) });
            selection.Wikis.Select(wiki => wiki.Parent).ShouldBe(selection.Taken);
        }
    }

    private static NamePattern Pattern(string text) =>
        NamePattern.TryParse(text, out var pattern, out _) ? pattern! : throw new FormatException(text);

    private static RepositorySelection Select(IReadOnlyList<Repository> listed) => Select(listed, s_options);

    private static RepositorySelection Select(IReadOnlyList<Repository> listed, MirrorOptions options, params Repository[] existing) =>
        new(new(listed, []), new(existing, []), options, name => name.ToLowerInvariant());

    private static RepositorySelection Select(IReadOnlyList<Repository> listed, Own wikis, params Repository[] existing) =>
        new(new(listed, []), new(existing, []), s_options, name => name.ToLowerInvariant(), ownWikis: wikis);

    private sealed record Own(bool HasFixedBranch) : IOwnWikis
    {
        public Task<bool> PrepareAsync(string slug, string? branch, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
