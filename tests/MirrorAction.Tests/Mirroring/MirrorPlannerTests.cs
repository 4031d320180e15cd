using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Mirroring;

/// <summary>Rules 4 and 5 of the mirror, and the order in which one push can keep them.</summary>
public sealed class MirrorPlannerTests
{
    private const string Folder = "refs/tags/mirror-kept/20261121T020000Z/";
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Equal_sides_need_nothing()
    {
        var plan = Plan("refs/heads/main=1 refs/tags/v1=2", "refs/heads/main=1 refs/tags/v1=2");

        plan.IsEmpty.ShouldBeTrue();
        (plan.Unchanged, plan.DestinationRefs, plan.Deletions).ShouldBe((2, 2, 0));
    }

    [Fact]
    public void Missing_refs_are_created_in_the_order_of_their_names() =>
        Changes("refs/tags/v1=3 refs/heads/b=2 refs/heads/a=1", "")
            .ShouldBe(["Create refs/heads/a 0>1", "Create refs/heads/b 0>2", "Create refs/tags/v1 0>3"]);

    [Fact]
    public void Branch_that_moved_forward_is_updated_and_nothing_is_kept() =>
        Changes("refs/heads/main=2", "refs/heads/main=1", forward: true).ShouldBe(["Update refs/heads/main 1>2"]);

    [Fact]
    public void Rewritten_branch_is_forced_behind_the_copy_of_its_old_tip() =>
        Changes("refs/heads/main=2", "refs/heads/main=1").ShouldBe([$"Keep {Folder}heads/main 0>1", "Force refs/heads/main 1>2"]);

    [Fact]
    public void Moved_tag_is_always_a_rewrite_and_never_asked_about()
    {
        MirrorPlanner
            .UpdatesToProve(Refs("refs/tags/v1=2 refs/heads/main=2"), Refs("refs/tags/v1=1 refs/heads/main=1"), RefPatternSet.BranchesAndTags)
            .Select(u => u.Name.Raw)
            .ShouldBe(["refs/heads/main"]);
        Changes("refs/tags/v1=2", "refs/tags/v1=1").ShouldBe([$"Keep {Folder}tags/v1 0>1", "Force refs/tags/v1 1>2"]);
    }

    [Fact]
    public void Ref_that_is_gone_at_the_source_is_deleted_last_and_its_tip_kept_first() =>
        Changes("refs/heads/main=1 refs/heads/new=3", "refs/heads/main=1 refs/heads/gone=2")
            .ShouldBe([$"Keep {Folder}heads/gone 0>2", "Create refs/heads/new 0>3", "Delete refs/heads/gone 2>0"]);

    [Fact]
    public void Change_names_the_copy_without_which_it_must_not_be_made()
    {
        var plan = Plan("refs/heads/main=2", "refs/heads/main=1 refs/heads/gone=3");

        plan.Changes.Single(c => c.Kind == RefChangeKind.Force).KeptAs.ShouldBe(RefName.FromText($"{Folder}heads/main"));
        plan.Changes.Single(c => c.Kind == RefChangeKind.Delete).KeptAs.ShouldBe(RefName.FromText($"{Folder}heads/gone"));
        plan.Changes.Where(c => c.Kind == RefChangeKind.Keep).ShouldAllBe(c => c.KeptAs == null);
    }

    [Fact]
    public void Without_prune_nothing_is_deleted() =>
        Changes("refs/heads/main=1", "refs/heads/main=1 refs/heads/gone=2", options: new RefOptions { Prune = false }).ShouldBeEmpty();

    [Fact]
    public void Without_keep_overwritten_nothing_is_kept() =>
        Changes("refs/heads/main=2", "refs/heads/main=1 refs/heads/gone=2", options: new RefOptions { KeepOverwritten = false })
            .ShouldBe(["Force refs/heads/main 1>2", "Delete refs/heads/gone 2>0"]);

    [Fact]
    public void Refs_of_other_namespaces_are_kept_like_branches_and_tags() =>
        Changes("refs/notes/a=2", "refs/notes/a=1 refs/notes/b=3", options: new RefOptions { Patterns = RefPatternSet.Parse("refs/notes/*") })
            .ShouldBe([$"Keep {Folder}notes/a 0>1", $"Keep {Folder}notes/b 0>3", "Force refs/notes/a 1>2", "Delete refs/notes/b 3>0"]);

    [Theory]
    [InlineData("refs/heads/x=1", "refs/heads/x/y=1", "Keep heads/x/y|Delete refs/heads/x/y 1>0|Create refs/heads/x 0>1")]
    [InlineData("refs/heads/x/y=1", "refs/heads/x=1", "Keep heads/x|Delete refs/heads/x 1>0|Create refs/heads/x/y 0>1")]
    [InlineData(
        "refs/heads/x/y/z=1",
        "refs/heads/x=1 refs/heads/a=2",
        "Keep heads/a|Keep heads/x|Delete refs/heads/x 1>0|Create refs/heads/x/y/z 0>1|Delete refs/heads/a 2>0"
    )]
    [InlineData(
        "refs/heads/x=1",
        "refs/heads/x/y=1 refs/heads/x/z=1",
        "Keep heads/x/y|Keep heads/x/z|Delete refs/heads/x/y 1>0|Delete refs/heads/x/z 1>0|Create refs/heads/x 0>1"
    )]
    [InlineData("refs/heads/xy=1", "refs/heads/x=1", "Keep heads/x|Create refs/heads/xy 0>1|Delete refs/heads/x 1>0")]
    [InlineData("refs/tags/x/y=1", "refs/heads/x=1", "Keep heads/x|Create refs/tags/x/y 0>1|Delete refs/heads/x 1>0")]
    public void Deletion_in_the_way_of_a_creation_comes_before_it(string source, string destination, string changes) =>
        string.Join(
                '|',
                Changes(source, destination).Select(c => c.StartsWith("Keep", StringComparison.Ordinal) ? $"Keep {c[(5 + Folder.Length)..^4]}" : c)
            )
            .ShouldBe(changes);

    [Fact]
    public void Ref_outside_the_patterns_is_neither_created_nor_deleted()
    {
        var options = new RefOptions { Patterns = RefPatternSet.Parse("refs/heads/*", "^refs/heads/wip/*") };

        Changes(
                "refs/heads/main=1 refs/heads/wip/a=2 refs/tags/v1=3 refs/pull/1/head=4",
                "refs/heads/wip/b=5 refs/tags/v2=6 refs/notes/x=7",
                options: options
            )
            .ShouldBe(["Create refs/heads/main 0>1"]);
    }

    [Fact]
    public void Kept_tips_are_no_part_of_either_side()
    {
        const string Kept = "refs/tags/mirror-kept/20261120T020000Z/heads/main";

        var plan = Plan($"refs/heads/main=1 {Kept}=9", $"refs/heads/main=1 {Kept}=5");

        plan.IsEmpty.ShouldBeTrue();
        (plan.Unchanged, plan.DestinationRefs).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("20260823T015959Z", true)] // 90 days and a second
    [InlineData("20260823T020000Z", false)] // 90 days
    [InlineData("20261120T020000Z", false)]
    [InlineData("20270101T000000Z", false)]
    [InlineData("20260823T015959", false)]
    [InlineData("yesterday", false)]
    public void Kept_tip_lives_for_ninety_days(string time, bool isDeleted) =>
        Changes("refs/heads/main=1", $"refs/heads/main=1 refs/tags/mirror-kept/{time}/heads/old=5")
            .ShouldBe(isDeleted ? [$"Delete refs/tags/mirror-kept/{time}/heads/old 5>0"] : []);

    [Fact]
    public void Expired_tips_count_neither_as_deletions_nor_against_the_prune_limit()
    {
        var plan = Plan(
            "refs/heads/main=1",
            "refs/heads/main=1 refs/tags/mirror-kept/20200101T000000Z/heads/a=5 refs/tags/mirror-kept/20200101T000000Z/heads/b=5"
        );

        plan.Changes.Count.ShouldBe(2);
        (plan.Deletions, plan.DestinationRefs).ShouldBe((0, 1));
    }

    [Fact]
    public void Kept_tips_live_for_ever_when_that_is_asked_for() =>
        Changes("refs/heads/main=1", "refs/heads/main=1 refs/tags/mirror-kept/20200101T000000Z/heads/a=5", options: new RefOptions { KeepFor = null })
            .ShouldBeEmpty();

    [Fact]
    public void Second_run_within_a_second_keeps_its_tips_in_a_folder_of_its_own() =>
        Changes("refs/heads/main=2", $"refs/heads/main=1 {Folder}heads/main=5 refs/tags/mirror-kept/20261121T020001Z/heads/x=5")
            .ShouldBe(["Keep refs/tags/mirror-kept/20261121T020002Z/heads/main 0>1", "Force refs/heads/main 1>2"]);

    [Fact]
    public void Tag_in_the_place_of_kept_values_is_kept_beside_them_and_then_among_them()
    {
        var plan = Plan("refs/heads/main=2", "refs/heads/main=1 refs/tags/mirror-kept=7");

        string[] Show(IEnumerable<PlannedChange> changes) => [.. changes.Select(c => $"{c.Kind} {c.Update.Name.Raw} {c.KeptAs?.Raw}")];
        const string Aside = "refs/tags/mirror-kept-20261121T020000Z";
        const string Kept = $"{Folder}tags/mirror-kept-20261121T020000Z";
        plan.KeepingPushes.Select(Show)
            .ShouldBe([
                [$"Keep {Aside} "],
                [$"Delete refs/tags/mirror-kept {Aside}", $"Keep {Folder}heads/main ", $"Keep {Kept} "],
            ]);
        Show(plan.Main).ShouldBe([$"Force refs/heads/main {Folder}heads/main", $"Delete {Aside} {Kept}"]);
        plan.Deletions.ShouldBe(0);
    }

    [Theory]
    [InlineData("refs/heads/main=1", "refs/heads/main=1 refs/tags/mirror-kept=7", true)]
    [InlineData("refs/heads/main=2", "refs/heads/main=1 refs/tags/mirror-kept=7", false)]
    public void Tag_in_the_place_of_kept_values_stays_where_nothing_is_kept(string source, string destination, bool keeps) =>
        Plan(source, destination, options: new RefOptions { KeepOverwritten = keeps })
            .Changes.ShouldAllBe(c => c.Update.Name.Raw == "refs/heads/main");

    [Fact]
    public void Tip_that_an_earlier_attempt_kept_is_not_kept_again()
    {
        const string Earlier = "refs/tags/mirror-kept/20261121T015959Z/";
        var destination = Refs(
            $"refs/heads/a=1 refs/heads/b=2 {Earlier}heads/a=1 {Earlier}heads/b=9 refs/tags/mirror-kept/20261120T000000Z/heads/b=2"
        );

        var tips = new[] { "heads/a", "heads/b" }.ToDictionary(name => RefName.FromText($"refs/{name}"), name => RefName.FromText(Earlier + name));

        var plan = MirrorPlanner.Plan(Refs("refs/heads/a=5 refs/heads/b=6"), destination, new HashSet<RefUpdate>(), new RefOptions(), s_now, tips);

        plan.Changes.Select(c => $"{c.Kind} {c.Update.Name.Raw} {c.KeptAs?.Raw}")
            .ShouldBe([$"Keep {Folder}heads/b ", $"Force refs/heads/a {Earlier}heads/a", $"Force refs/heads/b {Folder}heads/b"]);
    }

    [Fact]
    public void Tag_in_the_place_of_the_next_folder_is_gone_round() =>
        Changes("refs/heads/main=2", "refs/heads/main=1 refs/tags/mirror-kept/20261121T020000Z=5")
            .ShouldBe(["Keep refs/tags/mirror-kept/20261121T020001Z/heads/main 0>1", "Force refs/heads/main 1>2"]);

    [Fact]
    public void Folders_of_a_name_are_kept_with_it_byte_for_byte()
    {
        var name = RefName.FromBytes(Wire.Latin1("refs/heads/feature/caf\u00e9/x"));
        var destination = new Dictionary<RefName, ObjectId> { [name] = Wire.Id(1) };

        var plan = MirrorPlanner.Plan(Refs("refs/heads/main=1"), destination, new HashSet<RefUpdate>(), new RefOptions(), s_now);

        plan.Changes[0].Update.Name.Raw.ShouldBe(Folder + "heads/feature/caf\u00e9/x");
    }

    [Fact]
    public void Kept_tip_that_is_gone_at_the_source_and_expired_too_is_planned_beside_new_refs() =>
        Changes(
                "refs/heads/main=1 refs/heads/x=2",
                "refs/heads/main=1 refs/tags/mirror-kept/20200101T000000Z/heads/a=5",
                options: new RefOptions
                {
                    Patterns = RefPatternSet.BranchesAndTags.WithKept(),
                    KeepFor = TimeSpan.FromDays(1),
                    KeepOverwritten = false,
                }
            )
            .ShouldContain("Delete refs/tags/mirror-kept/20200101T000000Z/heads/a 5>0");

    private static string[] Changes(string source, string destination, bool forward = false, RefOptions? options = null) =>
        [
            .. Plan(source, destination, forward, options)
                .Changes.Select(c => $"{c.Kind} {c.Update.Name.Raw} {Number(c.Update.Old)}>{Number(c.Update.New)}"),
        ];

    private static MirrorPlan Plan(string source, string destination, bool forward = false, RefOptions? options = null)
    {
        var (from, to) = (Refs(source), Refs(destination));
        var rules = options ?? new RefOptions();
        var proven = forward ? MirrorPlanner.UpdatesToProve(from, to, rules.Patterns).ToHashSet() : [];
        return MirrorPlanner.Plan(from, to, proven, rules, s_now);
    }

    private static Dictionary<RefName, ObjectId> Refs(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => RefName.FromText(pair[0]), pair => Wire.Id(int.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture)));

    private static int Number(ObjectId id) => Convert.ToInt32(id.ToString(), 16);
}
