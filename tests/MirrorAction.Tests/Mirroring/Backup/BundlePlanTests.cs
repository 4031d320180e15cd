using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Mirroring.Backup;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Tests.Mirroring.Backup;

public sealed class BundlePlanTests
{
    private static readonly RefName s_head = RefName.FromText("HEAD");

    [Fact]
    public void First_bundle_is_full_and_wants_every_value_once()
    {
        var plan = Make(null, ("refs/heads/main", 1), ("refs/heads/copy", 1), ("refs/tags/v1", 2));

        plan.Kind.ShouldBe(BundleKind.Full);
        plan.Wants.ShouldBe([Id(1), Id(2)], ignoreOrder: true);
        plan.Header.Prerequisites.ShouldBeEmpty();
        plan.Header.Refs.Select(r => r.Name.Raw).ShouldBe(["refs/heads/copy", "refs/heads/main", "refs/tags/v1", "HEAD"]);
        plan.Changes.ShouldAllBe(c => c.Kind == RefChangeKind.Create && c.Old == null);
        plan.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void Equal_refs_are_nothing_to_write_even_where_a_chain_is_full()
    {
        var last = Header(("refs/heads/main", 1), ("refs/tags/v1", 2), ("HEAD", 1));

        Make(last, ("refs/heads/main", 1), ("refs/tags/v1", 2)).IsEmpty.ShouldBeTrue();
        BundlePlan
            .Make(last, Source(("refs/heads/main", 1), ("refs/tags/v1", 2)), RefPatternSet.BranchesAndTags, beginsChain: true)
            .IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Head_that_points_elsewhere_is_a_change_without_a_changed_ref()
    {
        var plan = Make(Header(("refs/heads/develop", 2), ("refs/heads/main", 1), ("HEAD", 2)), ("refs/heads/main", 1), ("refs/heads/develop", 2));

        plan.IsEmpty.ShouldBeFalse();
        plan.Changes.ShouldBeEmpty();
        plan.Unchanged.ShouldBe(2);
        plan.Wants.ShouldBeEmpty();
    }

    [Fact]
    public void Increment_wants_what_the_last_one_did_not_list_and_requires_branches_only()
    {
        var last = Header(("refs/heads/gone", 5), ("refs/heads/main", 1), ("refs/heads/still", 3), ("refs/tags/annotated", 9), ("HEAD", 1));

        var plan = Make(last, ("refs/heads/main", 2), ("refs/heads/still", 3), ("refs/heads/old-again", 9), ("refs/tags/annotated", 9));

        plan.Kind.ShouldBe(BundleKind.Incremental);
        plan.Wants.ShouldBe([Id(2)]);
        plan.Header.Prerequisites.ShouldBe([Id(1), Id(3), Id(5)]); // Moved, as it was, gone.
        plan.Changes.Select(c => (c.Ref, c.Kind))
            .ShouldBe([
                ("refs/heads/main", RefChangeKind.Update),
                ("refs/heads/old-again", RefChangeKind.Create),
                ("refs/heads/gone", RefChangeKind.Delete),
            ]);
        plan.Counts.ShouldBe(
            new RefCounts
            {
                Created = 1,
                Updated = 1,
                Deleted = 1,
                Unchanged = 2,
            }
        );
    }

    [Fact]
    public void Full_bundle_of_a_new_chain_wants_everything_and_tells_the_changes_since_the_last()
    {
        var plan = BundlePlan.Make(
            Header(("refs/heads/main", 1), ("HEAD", 1)),
            Source(("refs/heads/main", 2), ("refs/tags/v1", 1)),
            RefPatternSet.BranchesAndTags,
            beginsChain: true
        );

        plan.Kind.ShouldBe(BundleKind.Full);
        plan.Wants.ShouldBe([Id(2), Id(1)], ignoreOrder: true);
        plan.Header.Prerequisites.ShouldBeEmpty();
        plan.Counts.ShouldBe(new RefCounts { Created = 1, Updated = 1 });
    }

    [Fact]
    public void Prerequisites_are_bounded_and_begin_with_the_branches_that_moved()
    {
        var before = Enumerable.Range(1, 3000).Select(i => ($"refs/heads/b{i:0000}", i)).ToArray();
        var now = before.Select(b => b.i == 2999 ? (b.Item1, 9999) : b).ToArray();

        var required = Make(Header(before), now).Header.Prerequisites;

        required.Count.ShouldBe(BundlePlan.MaxPrerequisites);
        required[0].ShouldBe(Id(2999));
        required.ShouldBeUnique();
    }

    [Fact]
    public void Refs_that_are_not_asked_for_and_those_of_the_mirror_are_left_out()
    {
        var source = Source(
            ("refs/heads/main", 1),
            ("refs/pull/1/head", 2),
            ("refs/tags/mirror-kept/20260101T000000Z/heads/x", 3),
            ("refs/notes/commits", 4)
        );

        BundlePlan.Select(source, RefPatternSet.BranchesAndTags).Select(r => r.Name.Raw).ShouldBe(["refs/heads/main", "HEAD"]);
        BundlePlan.Select(source, RefPatternSet.Parse("refs/notes/*")).Select(r => r.Name.Raw).ShouldBe(["refs/notes/commits"]);
    }

    [Fact]
    public void What_the_source_cannot_send_stays_as_the_last_bundle_has_it()
    {
        var last = Header(("refs/heads/broken", 1), ("refs/heads/main", 2), ("HEAD", 2));
        var now = Source(("refs/heads/broken", 11), ("refs/heads/main", 12), ("refs/heads/new", 13), ("refs/tags/v1", 11));

        var plan = BundlePlan.Make(
            last,
            now,
            RefPatternSet.BranchesAndTags,
            beginsChain: false,
            new Dictionary<ObjectId, string> { [Id(11)] = "bad tree object", [Id(13)] = "bad object" }
        );

        plan.Header.Refs.Select(r => (r.Name.Raw, r.Id)).ShouldBe([("refs/heads/broken", Id(1)), ("refs/heads/main", Id(12)), ("HEAD", Id(12))]);
        plan.Wants.ShouldBe([Id(12)]);
        plan.Unreadable.Select(r => (r.Key.Raw, r.Value))
            .ShouldBe(
                [("refs/heads/broken", "bad tree object"), ("refs/heads/new", "bad object"), ("refs/tags/v1", "bad tree object")],
                ignoreOrder: true
            );
        plan.Changes.Select(c => (c.Ref, c.Kind)).ShouldBe([("refs/heads/main", RefChangeKind.Update)]);

        // Once it can be read, the next plan takes it up again.
        var next = Make(plan.Header, ("refs/heads/broken", 11), ("refs/heads/main", 12), ("refs/heads/new", 13), ("refs/tags/v1", 11));
        next.Wants.ShouldBe([Id(11), Id(13)]);
        next.Changes.Select(c => (c.Ref, c.Kind))
            .ShouldBe([
                ("refs/heads/broken", RefChangeKind.Update),
                ("refs/heads/new", RefChangeKind.Create),
                ("refs/tags/v1", RefChangeKind.Create),
            ]);
    }

    [Fact]
    public void What_is_in_the_chain_need_not_be_read_again()
    {
        var last = Header(("refs/heads/broken", 1), ("HEAD", 1));

        var plan = BundlePlan.Make(
            last,
            Source(("refs/heads/broken", 1), ("refs/heads/main", 1)),
            RefPatternSet.BranchesAndTags,
            beginsChain: false,
            new Dictionary<ObjectId, string> { [Id(1)] = "bad object" }
        );

        plan.Unreadable.ShouldBeEmpty();
        plan.Header.Refs.Select(r => r.Name.Raw).ShouldBe(["refs/heads/broken", "refs/heads/main", "HEAD"]);
    }

    private static BundlePlan Make(BundleHeader? last, params (string Name, int Id)[] refs) =>
        BundlePlan.Make(last, Source(refs), RefPatternSet.BranchesAndTags, beginsChain: false);

    private static RemoteRefs Source(params (string Name, int Id)[] refs) =>
        new(refs.ToDictionary(r => RefName.FromText(r.Name), r => Id(r.Id)), RefName.Branch("main"), ObjectFormat.Sha1, null);

    private static BundleHeader Header(params (string Name, int Id)[] refs) =>
        new()
        {
            ObjectFormat = ObjectFormat.Sha1,
            Refs = [.. refs.Select(r => new Ref(r.Name == "HEAD" ? s_head : RefName.FromText(r.Name), Id(r.Id)))],
        };

    private static ObjectId Id(int number) => ObjectId.Parse($"{number:x40}");
}
