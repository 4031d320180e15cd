using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Rules 2, 3, 6, 15 and 20: a renamed source keeps its mirror.</summary>
public sealed class MirrorRenamingTests
{
    private readonly RenamedWorkspace _workspace = new();

    [Fact]
    public async Task Mirror_gets_the_new_name_of_its_source_and_a_new_mark()
    {
        _workspace.Add("old", Mark("old", 1) + ". Ours");
        var source = Samples.Repository("New", 1);

        var selection = await RunAsync([source]);

        _workspace.Renamed.ShouldBe(["old>new"]);
        _workspace.BySlug["new"].Description.ShouldBe(Mark("New", 1) + ". Ours");
        selection.MirrorOf(source)!.Name.ShouldBe("new");
        selection.DoneRenameOf(source)!.Mirror.FullName.ShouldBe("acme-mirror/old");
        selection.RenameOf(source).ShouldBeNull();
        _workspace.Said.ShouldHaveSingleItem().Text.ShouldStartWith("acme-mirror/old -> acme-mirror/new: renamed, as its source acme/old");
    }

    [Fact]
    public async Task Name_that_was_used_again_is_free_for_the_new_repository()
    {
        _workspace.Add("api", Mark("api", 1));
        var (former, newcomer) = (Samples.Repository("api-old", 1), Samples.Repository("api", 2));

        var selection = await RunAsync([former, newcomer]);

        _workspace.Renamed.ShouldBe(["api>api-old"]);
        selection.MirrorOf(former)!.Name.ShouldBe("api-old");
        selection.MirrorOf(newcomer).ShouldBeNull();
    }

    [Fact]
    public async Task Mirror_of_what_is_left_out_makes_way_for_a_selected_one_and_only_then_moves()
    {
        _workspace.Add("api", Mark("api", 1));
        _workspace.Add("docs", Mark("docs", 3));
        Repository[] sources =
        [
            Samples.Repository("api-old", 1) with
            {
                IsArchived = true,
            },
            Samples.Repository("api", 2),
            Samples.Repository("docs-old", 3) with
            {
                IsArchived = true,
            },
        ];

        await RunAsync(sources, o => o with { Filter = new RepositoryFilter { Archived = Inclusion.Exclude } });

        _workspace.Renamed.ShouldBe(["api>api-old"]);
    }

    [Fact]
    public async Task Plan_renames_nothing_and_sees_what_would_be()
    {
        _workspace.Add("api", Mark("api", 1));
        var (former, newcomer) = (Samples.Repository("api-old", 1), Samples.Repository("api", 2));

        var selection = await RunAsync([former, newcomer], o => o with { IsPlan = true });

        _workspace.Renamed.ShouldBeEmpty();
        selection.MirrorOf(former)!.Name.ShouldBe("api");
        selection.MirrorOf(newcomer).ShouldBeNull();
        selection.RenameOf(former)!.Slug.ShouldBe("api-old");
        _workspace.Said.ShouldHaveSingleItem().Text.ShouldContain("would be renamed");
    }

    [Theory]
    [InlineData("Our own repository", "does not say that it is a mirror")]
    [InlineData("Mirror of github.com/acme/gone (id 9)", "says that it is the mirror of github.com/acme/gone (id 9)")]
    [InlineData("Mirror of ghe.example/acme/new (id 1)", "ghe.example")] // The same id at another host.
    public async Task Repository_that_is_in_the_way_is_left_alone_and_told(string description, string told)
    {
        _workspace.Add("old", Mark("old", 1));
        _workspace.Add("new", description);
        var source = Samples.Repository("new", 1);

        var selection = await RunAsync([source]);

        _workspace.Renamed.ShouldBeEmpty();
        selection.MirrorOf(source)!.Name.ShouldBe("old"); // The mirroring goes on there.
        selection.RenameOf(source)!.Stays.ShouldNotBeNull().ShouldContain(told);
    }

    [Fact]
    public async Task Of_two_mirrors_with_one_mark_none_is_renamed()
    {
        _workspace.Add("old", Mark("old", 1));
        _workspace.Add("older", Mark("older", 1));
        var source = Samples.Repository("new", 1);

        var selection = await RunAsync([source]);

        _workspace.Renamed.ShouldBeEmpty();
        selection.SeveralMirrorsOf(source).Select(mirror => mirror.Name).ShouldBe(["old", "older"]);
        var e = Should.Throw<MirrorException>(() =>
            new RepositoryPair(Context(new MirrorOptions { Owners = ["acme"] }), selection, source).RefuseRivals()
        );
        e.Error.Code.ShouldBe(ErrorCode.NameCollision);
        e.Error.Message.ShouldContain("acme-mirror/old and acme-mirror/older");
    }

    [Fact]
    public async Task Mirror_under_the_right_name_goes_on_and_another_with_its_mark_stays()
    {
        _workspace.Add("new", Mark("new", 1));
        _workspace.Add("old", Mark("old", 1));
        var source = Samples.Repository("new", 1);

        var selection = await RunAsync([source]);

        _workspace.Renamed.ShouldBeEmpty();
        selection.MirrorOf(source)!.Name.ShouldBe("new");
        selection.SeveralMirrorsOf(source).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wiki_that_is_marked_with_the_id_of_its_repository_is_no_second_mirror()
    {
        _workspace.Add("old", Mark("old", 1));
        _workspace.Add("old.wiki", Mark("old.wiki", 1));

        await RunAsync([Samples.Repository("new", 1)]);

        _workspace.Renamed.ShouldBe(["old>new"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mirror_of_a_wiki_is_renamed_with_that_of_its_repository(bool isPlan)
    {
        foreach (var (name, id) in (ReadOnlySpan<(string, long)>)[("old", 1), ("a", 2), ("b", 3)])
        {
            _workspace.Add(name, Mark(name, id));
            _workspace.Add($"{name}.wiki", Mark($"{name}.wiki", id));
        }

        Repository[] sources = [Samples.Repository("new", 1), Samples.Repository("b", 2), Samples.Repository("a", 3)];

        var selection = await RunAsync(sources, o => o with { Wikis = true, IsPlan = isPlan });

        selection.Census.Orphans.ShouldBeEmpty();
        selection.Census.Concerns.ShouldBeEmpty();
        if (isPlan)
        {
            sources.Select(source => selection.RenameOf(selection.WikiOf(source)!)!.Slug).ShouldBe(["new.wiki", "b.wiki", "a.wiki"]);
            _workspace.Renamed.ShouldBeEmpty();
            return;
        }

        foreach (var source in sources)
        {
            var wiki = selection.WikiOf(source).ShouldNotBeNull();
            selection.MirrorOf(wiki)!.Name.ShouldBe($"{source.Name}.wiki");
            selection.DoneRenameOf(wiki).ShouldNotBeNull();
            var id = long.Parse(source.Id, System.Globalization.CultureInfo.InvariantCulture);
            _workspace.BySlug[source.Name].Description.ShouldBe(Mark(source.Name, id));
            _workspace.BySlug[wiki.Name].Description.ShouldBe(Mark(wiki.Name, id));
        }

        _workspace.Renamed.ShouldContain("old.wiki>new.wiki");
        _workspace.BySlug.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Mirror_of_the_wiki_of_what_is_left_out_makes_way_too()
    {
        _workspace.Add("api", Mark("api", 1));
        _workspace.Add("api.wiki", Mark("api.wiki", 1));
        Repository[] sources = [Samples.Repository("api-old", 1) with { IsArchived = true }, Samples.Repository("api", 2) with { HasWiki = true }];

        await RunAsync(
            sources,
            o =>
                o with
                {
                    Wikis = true,
                    Filter = new RepositoryFilter { Archived = Inclusion.Exclude },
                }
        );

        _workspace.Renamed.ShouldBe(["api>api-old", "api.wiki>api-old.wiki"], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_sources_of_one_new_slug_are_rivals_and_neither_mirror_moves()
    {
        _workspace.Add("a", Mark("a", 1));
        Repository[] sources = [Samples.Repository("new", 1), Samples.Repository("NEW", 2)];

        var selection = await RunAsync(sources);

        _workspace.Renamed.ShouldBeEmpty();
        selection.Rivals("new", sources[0]).ShouldBe([sources[1]]);
    }

    [Fact]
    public async Task Source_whose_slug_was_given_another_by_a_rule_moves_its_mirror_too()
    {
        _workspace.Add("website", Mark("website", 1));

        await RunAsync([Samples.Repository("website", 1)], o => o with { Rules = [RepositorySettingsTests.Rule("website") with { Slug = "web" }] });

        _workspace.Renamed.ShouldBe(["website>web"]);
        _workspace.Said.ShouldHaveSingleItem().Text.ShouldContain("its source acme/website has its mirror there");
    }

    [Fact]
    public async Task Refused_renaming_leaves_the_mirror_where_it_is_and_the_newcomer_waits()
    {
        _workspace.Add("api", Mark("api", 1));
        _workspace.Refuses = _ => true;
        var (former, newcomer) = (Samples.Repository("api-old", 1), Samples.Repository("api", 2));

        var selection = await RunAsync([former, newcomer]);

        selection.MirrorOf(former)!.Name.ShouldBe("api");
        selection.RenameOf(former)!.Stays.ShouldNotBeNull().ShouldContain("Access denied. Give it the right.");
        selection.InTheWayOf(newcomer).ShouldBe(former); // Not even adopted.
    }

    [Fact]
    public async Task Half_of_a_swap_that_is_refused_goes_back()
    {
        _workspace.Add("a", Mark("a", 1));
        var stubborn = _workspace.Add("b", Mark("b", 2));
        _workspace.Refuses = repository => repository.Id == stubborn.Id;
        Repository[] sources = [Samples.Repository("b", 1), Samples.Repository("a", 2)];

        var selection = await RunAsync(sources);

        _workspace.BySlug.Keys.ShouldBe(["a", "b"], ignoreOrder: true);
        sources.Select(source => selection.MirrorOf(source)!.Name).ShouldBe(["a", "b"]);
        sources.ShouldAllBe(source => selection.RenameOf(source)!.Obstacle != null && selection.DoneRenameOf(source) == null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Public_mirror_never_shows_the_new_name_of_what_is_private(bool isRefused)
    {
        _workspace.Add("old", Mark("old", 1), isPrivate: false);
        _workspace.RefusesPrivate = isRefused;
        var source = Samples.Repository("secret", 1) with { Visibility = Visibility.Private };

        var selection = await RunAsync([source]);

        _workspace.Renamed.ShouldBe(isRefused ? [] : ["old>secret"]);
        selection.MirrorOf(source)!.IsPrivate.ShouldBe(!isRefused);
        _workspace.BySlug.Values.Single().IsPrivate.ShouldBe(!isRefused);
    }

    [Fact]
    public async Task Shard_renames_the_mirrors_of_its_own_sources_only()
    {
        Repository[] sources = [.. Enumerable.Range(1, 12).Select(i => Samples.Repository($"new-{i}", i))];
        foreach (var source in sources)
            _workspace.Add($"old-{source.Id}", Mark($"old-{source.Id}", long.Parse(source.Id, System.Globalization.CultureInfo.InvariantCulture)));
        var shard = new Shard(1, 3);

        await RunAsync(sources, o => o with { Shard = shard });

        _workspace.Renamed.ShouldBe(sources.Where(source => shard.Takes(source)).Select(source => $"old-{source.Id}>new-{source.Id}"));
        _workspace.Renamed.Count.ShouldBeInRange(1, 11);
    }

    /// <summary>
    /// Sources whose names were passed round, of which some are new and some are gone, and repositories of others: whenever a run is killed, the next
    /// one brings every mirror to its name that has a way there, and touches nothing else.
    /// </summary>
    [Fact]
    public void Any_names_are_reached_whenever_a_run_is_killed() =>
        Prop.ForAll(
                (
                    from count in Gen.Choose(1, 7)
                    from permutation in Gen.Shuffle(Enumerable.Range(0, count + 2).ToArray())
                    from foreign in Gen.Choose(0, (2 * count) + 4)
                    select (Count: count, Permutation: permutation, Foreign: foreign)
                ).ToArbitrary(),
                sample =>
                {
                    var steps = Settled(sample, killedAfter: null).Renamed.Count;
                    for (var killedAfter = 1; killedAfter <= steps; killedAfter++)
                    {
                        Settled(sample, killedAfter);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    private static RenamedWorkspace Settled((int Count, int[] Permutation, int Foreign) sample, int? killedAfter)
    {
        // Names n0 to n(count+1); the sources 1 to count had the first names when they were mirrored, and one that is gone had the last.
        var workspace = new RenamedWorkspace { KilledAfter = killedAfter };
        for (var i = 0; i < sample.Count; i++)
            workspace.Add($"n{i}", Mark($"n{i}", i + 1));
        var gone = workspace.Add($"n{sample.Count}", Mark($"n{sample.Count}", 900));
        var foreign =
            sample.Foreign > sample.Count + 1 ? null
            : workspace.BySlug.ContainsKey($"n{sample.Foreign}") ? null
            : workspace.Add($"n{sample.Foreign}", "Ours");
        Repository[] sources = [.. Enumerable.Range(0, sample.Count).Select(i => Samples.Repository($"n{sample.Permutation[i]}", i + 1))];

        if (killedAfter is not null)
        {
            Run(workspace, sources);
            workspace.BySlug.Count.ShouldBe(sample.Count + (foreign is null ? 1 : 2));
            workspace.KilledAfter = null;
        }

        var selection = Run(workspace, sources);

        workspace.BySlug[gone.Name].ShouldBe(gone);
        if (foreign is not null)
            workspace.BySlug[foreign.Name].ShouldBe(foreign);
        string[] blocked = [gone.Name, .. foreign is null ? [] : new[] { foreign.Name }];
        for (var before = -1; before != blocked.Length; )
        {
            before = blocked.Length;
            blocked = [.. blocked.Union(sources.Where(source => blocked.Contains(source.Name)).Select(source => selection.MirrorOf(source)!.Name))];
        }

        foreach (var source in sources)
        {
            var mirror = selection.MirrorOf(source).ShouldNotBeNull();
            MirrorDescription.Read(workspace.BySlug[mirror.Name].Description)!.Id.ShouldBe(source.Id);
            if (selection.RenameOf(source) is not null)
            {
                blocked.ShouldContain(source.Name, $"{mirror.Name} could be called {source.Name}");
            }
            else
            {
                mirror.Name.ShouldBe(source.Name);
                MirrorDescription.Read(workspace.BySlug[mirror.Name].Description)!.Name.ShouldBe(source.Name);
            }
        }

        return workspace;

        static RepositorySelection Run(RenamedWorkspace at, Repository[] sources) => RunAsync(at, sources, o => o).GetAwaiter().GetResult();
    }

    private Task<RepositorySelection> RunAsync(Repository[] sources, Func<MirrorOptions, MirrorOptions>? change = null) =>
        RunAsync(_workspace, sources, change ?? (o => o));

    private static async Task<RepositorySelection> RunAsync(
        RenamedWorkspace workspace,
        Repository[] sources,
        Func<MirrorOptions, MirrorOptions> change
    )
    {
        var options = change(new MirrorOptions { Owners = ["acme"], CreateInterval = TimeSpan.Zero });
        var selection = new RepositorySelection(new(sources, []), await workspace.ListAsync(default), options, workspace.SlugFor);
        using var pacer = new CreationPacer(TimeSpan.Zero, TimeProvider.System);
        return await new MirrorRenaming(Context(workspace, options), selection, pacer).RunAsync(default);
    }

    private RunContext Context(MirrorOptions options) => Context(_workspace, options);

    private static RunContext Context(RenamedWorkspace workspace, MirrorOptions options) =>
        new(null!, workspace, null!, options, workspace, TimeProvider.System, "1.0.0");

    private static string Mark(string name, long id) => FormattableString.Invariant($"Mirror of github.com/acme/{name} (id {id})");
}
