using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Mirroring;

public sealed class RefDiffTests
{
    private static readonly Arbitrary<Dictionary<RefName, ObjectId>> s_refs = Gen.Elements(
            "heads/main",
            "heads/next",
            "heads/x/y",
            "tags/v1",
            "tags/v2",
            "pull/1/head",
            "tags/mirror-kept/t/heads/main",
            "tags/mirror-part"
        )
        .SelectMany(name => Gen.Choose(1, 4).Select(value => (Name: RefName.FromText($"refs/{name}"), Id: Wire.Id((byte)value))))
        .ListOf()
        .Select(list => list.DistinctBy(r => r.Name).ToDictionary(r => r.Name, r => r.Id))
        .ToArbitrary();

    [Fact]
    public void Equal_exactly_when_no_mirrored_ref_differs() =>
        Prop.ForAll(
                s_refs,
                s_refs,
                (source, mirror) =>
                {
                    var options = new RefOptions();
                    Mirrored(source)
                        .OrderBy(r => r.Key)
                        .SequenceEqual(Mirrored(mirror).OrderBy(r => r.Key))
                        .ShouldBe(RefDiff.Of(source, mirror, options).IsEqual);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Equality_alone_is_found_as_by_comparing() =>
        Prop.ForAll(
                s_refs,
                s_refs,
                (source, mirror) =>
                {
                    foreach (
                        var options in new RefOptions[]
                        {
                            new(),
                            new() { Prune = false },
                        }
                    )
                    {
                        RefDiff.AreEqual(source, mirror, options).ShouldBe(RefDiff.Of(source, mirror, options).IsEqual);
                        RefDiff.AreEqual(source, new Dictionary<RefName, ObjectId>(source), options).ShouldBeTrue();
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Differences_made_at_the_mirror_make_it_equal() =>
        Prop.ForAll(
                s_refs,
                s_refs,
                (source, mirror) =>
                {
                    var options = new RefOptions();
                    var comparison = RefDiff.Of(source, mirror, options);
                    foreach (var change in comparison.Differences)
                    {
                        var name = RefName.FromText(change.Ref);
                        (mirror.TryGetValue(name, out var old) ? old.ToString() : null).ShouldBe(change.Old);
                        if (change.New is null)
                            mirror.Remove(name);
                        else
                            mirror[name] = ObjectId.Parse(change.New);
                    }

                    RefDiff.Of(source, mirror, options).IsEqual.ShouldBeTrue();
                    comparison.Unchanged.ShouldBe(Mirrored(source).Count() - comparison.Counts.Created - comparison.Counts.Updated);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Without_prune_nothing_is_to_be_deleted() =>
        Prop.ForAll(
                s_refs,
                s_refs,
                (source, mirror) => RefDiff.Of(source, mirror, new RefOptions { Prune = false }).Differences.All(d => d.Kind != RefChangeKind.Delete)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Common_values_are_those_of_equal_refs_once_each()
    {
        var source = new Dictionary<RefName, ObjectId>
        {
            [Wire.Branch("a")] = Wire.Id(1),
            [Wire.Branch("b")] = Wire.Id(1),
            [Wire.Branch("c")] = Wire.Id(2),
        };
        var mirror = new Dictionary<RefName, ObjectId>(source) { [Wire.Branch("c")] = Wire.Id(3) };

        var comparison = RefDiff.Of(source, mirror, new RefOptions());

        comparison.Common.ShouldBe([Wire.Id(1)]);
        comparison.Differences.ShouldBe([new RefChange("refs/heads/c", RefChangeKind.Update, Wire.Id(3).ToString(), Wire.Id(2).ToString())]);
    }

    private static IEnumerable<KeyValuePair<RefName, ObjectId>> Mirrored(Dictionary<RefName, ObjectId> refs) =>
        refs.Where(r =>
            r.Key.Raw.StartsWith("refs/heads/", StringComparison.Ordinal)
            || (r.Key.Raw.StartsWith("refs/tags/", StringComparison.Ordinal) && !r.Key.Raw.Contains("mirror-", StringComparison.Ordinal))
        );
}
