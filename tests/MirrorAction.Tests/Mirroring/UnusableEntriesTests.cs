using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

/// <summary>An entry of a listing that nobody can use fails alone, and is not taken for one that is gone.</summary>
public sealed class UnusableEntriesTests
{
    private static readonly Repository s_website = Samples.Repository("website", 1);

    private static readonly UnusableEntry s_api = new("acme", "api", "7", "its field 'size' is no size: -1");

    private static readonly UnusableEntry s_nameless = new("acme", "(entry 3)", null, "its field 'name' is missing");

    [Fact]
    public void Selected_one_fails_by_itself()
    {
        var selection = Select([s_api]);

        selection.Taken.ShouldBe([s_website]);
        var barred = selection.Barred.ShouldHaveSingleItem();
        barred.Source.ShouldBe("acme/api");
        barred.Error.Code.ShouldBe(ErrorCode.Protocol);
        barred.Error.Message.ShouldContain("'size'");
        selection.WorkList.Items.ShouldBe([s_website]);
        selection.WorkList.Barred.ShouldBe([barred]);
    }

    [Theory]
    [InlineData("website", "", 0)]
    [InlineData("*", "a*", 0)]
    [InlineData("acme/api", "", 1)]
    [InlineData("api, website", "website", 1)]
    public void Filter_by_name_holds_for_it(string include, string exclude, int barred)
    {
        var filter = new RepositoryFilter
        {
            Include = MirrorAction.Inputs.InputFormat.NamePatterns(include),
            Exclude = MirrorAction.Inputs.InputFormat.NamePatterns(exclude),
        };

        var selection = Select([s_api], filter: filter);

        selection.Barred.Count.ShouldBe(barred);
        selection.UnusedNames.Sentence.ShouldBeNull("it is there");
        Should.NotThrow(selection.RefuseMissedNames);
    }

    [Fact]
    public void Rule_that_skips_it_holds_for_it_too() =>
        Select([s_api], rules: [RepositorySettingsTests.Rule("*") with { Skip = false }, RepositorySettingsTests.Rule("api") with { Skip = true }])
            .Barred.ShouldBeEmpty();

    [Fact]
    public void It_fails_in_one_shard_only()
    {
        var counts = Enumerable.Range(1, 3).Select(i => Select([s_api], shard: new Shard(i, 3)).Barred.Count);

        counts.Sum().ShouldBe(1);
    }

    [Theory]
    [InlineData("Mirror of github.com/acme/api (id 7)", false)] // It is listed.
    [InlineData("Mirror of github.com/acme/renamed (id 7)", false)]
    [InlineData("Mirror of github.com/acme/gone (id 9)", true)]
    public void Its_mirror_is_no_orphan(string description, bool isOrphan) =>
        Select([s_api], existing: [Samples.Mirror("thing", description)])
            .Census.Orphans.Select(orphan => orphan.Mirror)
            .ShouldBe(isOrphan ? ["acme-mirror/thing"] : []);

    [Theory]
    [InlineData("Mirror of github.com/acme/gone (id 9)")]
    [InlineData("Mirror of github.com/ACME/gone (id 9)")]
    public void No_mirror_is_an_orphan_that_one_without_an_id_may_be_the_source_of(string description) =>
        Select([s_api, s_nameless], existing: [Samples.Mirror("thing", description)]).Census.Orphans.ShouldBeEmpty();

    [Fact]
    public void Repository_whose_mirror_is_unusable_fails_by_itself_and_nothing_is_created_for_it()
    {
        var other = Samples.Repository("docs", 2);
        var selection = Select([], [s_website, other], mirrors: [new("acme-mirror", "Website", null, "its field 'size' is no size: -1")]);

        selection.Taken.ShouldBe([other]);
        var barred = selection.Barred.ShouldHaveSingleItem();
        barred.Source.ShouldBe("acme/website");
        barred.Destination.ShouldBe("acme-mirror/Website");
        barred.Error.Code.ShouldBe(ErrorCode.Protocol);
        selection.UnusableSentence.ShouldBeNull("it is told with its repository");
    }

    [Fact]
    public void Anything_else_at_the_destination_is_told()
    {
        var selection = Select(
            [],
            mirrors:
            [
                new("acme-mirror", "tools", null, "its field 'size' is no size: -1"),
                new("acme-mirror", "(entry 2)", null, "it is not an object"),
            ]
        );

        selection.Barred.ShouldBeEmpty();
        selection
            .UnusableSentence.ShouldNotBeNull()
            .ShouldContain("acme-mirror/tools (its field 'size' is no size: -1), acme-mirror/(entry 2) (it is not an object)");
    }

    private static RepositorySelection Select(
        UnusableEntry[] sources,
        Repository[]? listed = null,
        Repository[]? existing = null,
        UnusableEntry[]? mirrors = null,
        RepositoryFilter? filter = null,
        RepositoryRule[]? rules = null,
        Shard? shard = null
    ) =>
        new(
            new(listed ?? [s_website], sources),
            new(existing ?? [], mirrors ?? []),
            new MirrorOptions
            {
                Owners = ["acme"],
                Filter = filter ?? new(),
                Rules = rules ?? [],
                Shard = shard,
            },
            name => name
        );
}
