using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Mirroring;

public sealed class ShardTests
{
    private static readonly Gen<string[]> s_names = Gen.Choose(0, 1_000_000)
        .Select(i => $"lib-{i}")
        .ArrayOf()
        .Select(names => names.Distinct().ToArray());

    private static readonly Gen<int> s_counts = Gen.Choose(1, Shard.MaxCount);

    /// <summary>A division that changed from one version to the next would move every repository to another job, and its reports with it.</summary>
    [Theory]
    [InlineData("acme", "website", 2, 2)]
    [InlineData("acme", "website", 5, 1)]
    [InlineData("acme", "website", 256, 190)]
    [InlineData("acme", "api", 5, 3)]
    [InlineData("acme", "docs", 5, 5)]
    [InlineData("acme-labs", "website", 256, 165)]
    public void Part_of_a_name_never_changes(string owner, string name, int count, int index) =>
        IndexOf(Samples.Repository(name, owner: owner), count).ShouldBe(index);

    [Fact]
    public void All_parts_together_are_the_whole_and_share_nothing() =>
        Prop.ForAll(
                s_names.ToArbitrary(),
                s_counts.ToArbitrary(),
                (names, count) =>
                {
                    var listed = names.Select((name, i) => Samples.Repository(name, i)).ToList();

                    var taken = Enumerable.Range(1, count).SelectMany(index => Taken(listed, new Shard(index, count))).ToList();

                    taken.Count.ShouldBe(listed.Count);
                    taken.ShouldBe(listed, ignoreOrder: true);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void New_repositories_move_no_other() =>
        Prop.ForAll(
                s_names.ToArbitrary(),
                s_names.ToArbitrary(),
                s_counts.ToArbitrary(),
                (names, added, count) =>
                {
                    var before = names.Select((name, i) => Samples.Repository(name, i)).ToList();
                    Repository[] after = [.. added.Select((name, i) => Samples.Repository($"new-{name}", 1000 + i)), .. before];
                    var shard = new Shard(count, count);

                    Taken(after, shard).Intersect(before).ShouldBe(Taken(before, shard));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Case_of_owner_and_name_does_not_matter() =>
        Prop.ForAll(
                s_names.ToArbitrary(),
                s_counts.ToArbitrary(),
                (names, count) =>
                    names
                        .ToList()
                        .ForEach(name =>
                            IndexOf(Samples.Repository(name.ToUpperInvariant(), owner: "ACME"), count)
                                .ShouldBe(IndexOf(Samples.Repository(name), count))
                        )
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void Parts_are_of_about_one_size(int count)
    {
        const int size = 500;
        var sizes = Enumerable
            .Range(0, size * count)
            .Select(i => IndexOf(Samples.Repository($"team-{i % 7}-service-{i}"), count))
            .CountBy(index => index);

        sizes.Count().ShouldBe(count);
        sizes.ShouldAllBe(part => part.Value > size * 0.8 && part.Value < size * 1.2);
    }

    [Fact]
    public void Collision_is_seen_from_whatever_shard()
    {
        // Of one slug, in different shards of 256.
        Repository[] listed = [Samples.Repository("website", 1), Samples.Repository("website", 2, "acme-labs")];
        IndexOf(listed[0], Shard.MaxCount).ShouldNotBe(IndexOf(listed[1], Shard.MaxCount));
        var options = new MirrorOptions { Owners = ["acme", "acme-labs"], Shard = new Shard(IndexOf(listed[0], Shard.MaxCount), Shard.MaxCount) };

        var selection = new RepositorySelection(new(listed, []), new([], []), options, name => name);

        selection.Taken.ShouldBe([listed[0]]);
        selection.Rivals("website", listed[0]).ShouldBe([listed[1]]);
    }

    [Theory]
    [InlineData("1/1")]
    [InlineData("2/5")]
    [InlineData("256/256")]
    public void Shard_is_read_and_written_alike(string text)
    {
        Shard.TryParse(text, out var shard).ShouldBeTrue();
        shard.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("0/5")]
    [InlineData("6/5")]
    [InlineData("-1/5")]
    [InlineData("1/0")]
    [InlineData("1/257")]
    [InlineData("1/2/3")]
    [InlineData("1 / 5")]
    [InlineData("a/b")]
    [InlineData("1/99999999999")]
    public void Anything_else_is_no_shard(string text) => Shard.TryParse(text, out _).ShouldBeFalse();

    private static IReadOnlyList<Repository> Taken(IReadOnlyList<Repository> listed, Shard shard) =>
        new RepositorySelection(new(listed, []), new([], []), new MirrorOptions { Owners = ["acme"], Shard = shard }, name => name).Taken;

    private static int IndexOf(Repository repository, int count) =>
        Enumerable.Range(1, count).Single(index => new Shard(index, count).Takes(repository));
}
