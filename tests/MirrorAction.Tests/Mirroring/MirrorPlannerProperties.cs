using FsCheck;
using FsCheck.Fluent;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Mirroring;

/// <summary>What holds for any two sets of refs.</summary>
public sealed class MirrorPlannerProperties
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Applied_plan_makes_the_mirrored_refs_equal() =>
        Samples.Check(sample =>
        {
            var after = sample.Apply();

            Mirrored(after, sample.Options).ShouldBe(Mirrored(sample.Source, sample.Options), ignoreOrder: true);
        });

    [Fact]
    public void Plan_after_the_plan_is_empty() =>
        Samples.Check(sample =>
            MirrorPlanner.Plan(sample.Source, sample.Apply(), new HashSet<RefUpdate>(), sample.Options, s_now).Changes.ShouldBeEmpty()
        );

    [Fact]
    public void Nothing_outside_the_patterns_is_touched_but_expired_tips() =>
        Samples.Check(sample =>
            sample.Plan.Changes.ShouldAllBe(c =>
                sample.Options.Patterns.Includes(c.Update.Name)
                || (c.Kind == RefChangeKind.Keep && c.Update.IsCreate && KeptRefs.IsKept(c.Update.Name))
                || (c.Kind == RefChangeKind.Delete && KeptRefs.IsExpired(c.Update.Name, s_now, sample.Options.KeepFor))
            )
        );

    [Fact]
    public void Every_overwritten_or_deleted_value_is_kept_first() =>
        Samples.Check(sample =>
        {
            var kept = new HashSet<ObjectId>();
            foreach (var change in sample.Plan.Changes)
            {
                if (change.Kind == RefChangeKind.Keep)
                    kept.Add(change.Update.New).ToString();
                else if (change.Kind is RefChangeKind.Force or RefChangeKind.Delete && !KeptRefs.IsKept(change.Update.Name))
                    kept.ShouldContain(change.Update.Old);
            }
        });

    [Fact]
    public void Push_can_be_applied_in_its_order() =>
        Samples.Check(sample =>
        {
            var refs = sample.Destination.Keys.ToHashSet();
            foreach (var change in sample.Plan.Changes)
            {
                if (change.Update.IsCreate)
                {
                    refs.ShouldNotContain(change.Update.Name);
                    refs.ShouldAllBe(r => !r.ConflictsWith(change.Update.Name));
                    refs.Add(change.Update.Name);
                }
                else if (change.Update.IsDelete)
                {
                    refs.Remove(change.Update.Name).ShouldBeTrue();
                }
            }
        });

    [Fact]
    public void Commands_carry_the_values_that_the_destination_has_and_each_ref_once() =>
        Samples.Check(sample =>
        {
            sample.Plan.Changes.ShouldAllBe(c => sample.Destination.GetValueOrDefault(c.Update.Name, Wire.Id(0)) == c.Update.Old);
            sample.Plan.Changes.Select(c => c.Update.Name).ShouldBeUnique();
            sample.Plan.Changes.ShouldAllBe(c => c.Update.Old != c.Update.New);
        });

    [Fact]
    public void Counts_are_those_of_the_changes() =>
        Samples.Check(sample =>
        {
            var mirrored = Mirrored(sample.Destination, sample.Options);
            sample.Plan.DestinationRefs.ShouldBe(mirrored.Count);
            sample.Plan.Deletions.ShouldBe(sample.Plan.Changes.Count(c => c.Kind == RefChangeKind.Delete && !KeptRefs.IsKept(c.Update.Name)));
            (
                sample.Plan.Unchanged + sample.Plan.Deletions + sample.Plan.Changes.Count(c => c.Kind is RefChangeKind.Force or RefChangeKind.Update)
            ).ShouldBe(mirrored.Count);
        });

    /// <summary>Few names, so that both sides often have the same, and some in the way of others.</summary>
    private static Gen<RefName> Names { get; } =
        from space in Gen.Elements(
            "refs/heads/",
            "refs/heads/",
            "refs/tags/",
            "refs/notes/",
            "refs/tags/mirror-kept/20261120T010000Z/heads/",
            "refs/tags/mirror-kept/20200101T010000Z/heads/"
        )
        from name in Gen.Elements("a", "b", "c", "a/b", "a/b/c", "wip/x", "b/c", "caf\u00e9")
        select RefName.FromText(space + name);

    private static Gen<Dictionary<RefName, ObjectId>> Sides { get; } =
        from names in Names.ListOf()
        from ids in Gen.Choose(1, 5).ArrayOf(names.Count)
        select Possible(names.Select((name, i) => (name, Wire.Id(ids[i]))));

    private static Gen<Sample> Samples { get; } =
        from source in Sides
        from destination in Sides
        from forward in Gen.Choose(0, 3)
        from excludes in Gen.Elements(true, false)
        select new Sample(
            source,
            destination,
            forward,
            new RefOptions
            {
                Patterns = excludes ? RefPatternSet.Parse("refs/heads/*", "refs/tags/*", "^refs/heads/wip/*") : RefPatternSet.BranchesAndTags,
            }
        );

    /// <summary>Leaves out what no repository can have beside the others.</summary>
    private static Dictionary<RefName, ObjectId> Possible(IEnumerable<(RefName Name, ObjectId Id)> refs)
    {
        var possible = new Dictionary<RefName, ObjectId>();
        foreach (var (name, id) in refs.Where(r => !possible.Keys.Any(r.Name.ConflictsWith)))
            possible[name] = id;
        return possible;
    }

    private static Dictionary<RefName, ObjectId> Mirrored(IReadOnlyDictionary<RefName, ObjectId> refs, RefOptions options) =>
        refs.Where(r => options.Patterns.Includes(r.Key)).ToDictionary();

    public sealed record Sample(Dictionary<RefName, ObjectId> Source, Dictionary<RefName, ObjectId> Destination, int Forward, RefOptions Options)
    {
        public MirrorPlan Plan { get; } =
            MirrorPlanner.Plan(
                Source,
                Destination,
                MirrorPlanner.UpdatesToProve(Source, Destination, Options.Patterns).Where((_, i) => i % 4 < Forward).ToHashSet(),
                Options,
                s_now
            );

        public Dictionary<RefName, ObjectId> Apply()
        {
            var refs = Destination.ToDictionary();
            foreach (var (update, _, _) in Plan.Changes)
            {
                if (update.IsDelete)
                    refs.Remove(update.Name);
                else
                    refs[update.Name] = update.New;
            }

            return refs;
        }

        public override string ToString() => $"{Show(Source)} -> {Show(Destination)} ({Forward})";

        private static string Show(Dictionary<RefName, ObjectId> refs) => string.Join(' ', refs.Select(r => $"{r.Key}={r.Value.ToString()[^1]}"));
    }
}
