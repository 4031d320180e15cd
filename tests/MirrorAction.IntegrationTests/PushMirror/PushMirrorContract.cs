using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.PushMirror;

/// <summary>What <c>git push --mirror</c> does for branches and tags, the mirror does too, whatever starts it.</summary>
public abstract class PushMirrorContract : IAsyncLifetime
{
    private RelayWorld? _world;

    /// <summary>Both servers, each with the repository <c>website</c>.</summary>
    protected RelayWorld World => _world!;

    private GitRepository Source => World.Source;

    private GitRepository Destination => World.Destination;

    /// <summary>
    /// Mirrors <c>website</c> of the source's server to that of the destination's, without a main branch to set, and fails when that says it failed.
    /// </summary>
    protected abstract Task MirrorAsync();

    public async ValueTask InitializeAsync() => _world = await RelayWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task New_branches_are_created()
    {
        Source.Commit("one", "1\n");
        Source.Branch("second");
        await MirrorAndCompareAsync(2);
    }

    [Fact]
    public async Task Existing_branches_are_updated()
    {
        Source.Commit("one", "1\n");
        await MirrorAndCompareAsync(1);
        Source.Commit("two", "2\n");
        await MirrorAndCompareAsync(1);
    }

    [Fact]
    public async Task Rewritten_branches_are_forced()
    {
        Source.Commit("one", "1\n");
        Source.Commit("two", "2\n");
        await MirrorAndCompareAsync(1);
        Source.ResetHard("main", "HEAD^");
        await MirrorAndCompareAsync(1);
    }

    [Fact]
    public async Task Branches_with_unrelated_history_are_forced()
    {
        Source.Commit("one", "1\n");
        Source.Commit("other", "1\n", "elsewhere");
        Source.Branch("topic", "main");
        await MirrorAndCompareAsync(3);
        Source.Branch("topic", "elsewhere");
        await MirrorAndCompareAsync(3);
    }

    [Fact]
    public async Task Missing_branches_are_removed()
    {
        Source.Commit("one", "1\n");
        Source.Branch("remove");
        await MirrorAndCompareAsync(2);
        Source.DeleteBranch("remove");
        await MirrorAndCompareAsync(1);
        Destination.Resolve("refs/heads/remove").ShouldBeNull();
    }

    [Fact]
    public async Task Branches_are_added_updated_and_removed_together()
    {
        Source.Commit("one", "1\n");
        Source.Branch("remove");
        Source.Branch("rewrite");
        await MirrorAndCompareAsync(3);
        Source.DeleteBranch("remove");
        Source.Commit("two", "2\n");
        Source.Branch("add");
        Source.Commit("three", "3\n", "unrelated");
        Source.Branch("rewrite", "unrelated");
        await MirrorAndCompareAsync(4);
    }

    [Fact]
    public async Task New_tags_are_created()
    {
        Source.Commit("one", "1\n");
        Source.TagAnnotated("annotated");
        Source.Tag("light");
        await MirrorAndCompareAsync(3);
    }

    [Fact]
    public async Task Existing_tags_are_moved_forward()
    {
        Source.Commit("one", "1\n");
        Source.TagAnnotated("annotated");
        Source.Tag("light");
        await MirrorAndCompareAsync(3);
        Source.Commit("two", "2\n");
        Source.TagAnnotated("annotated");
        Source.Tag("light");
        await MirrorAndCompareAsync(3);
    }

    [Fact]
    public async Task Existing_tags_are_moved_back()
    {
        Source.Commit("one", "1\n");
        Source.Commit("two", "2\n");
        Source.TagAnnotated("annotated");
        Source.Tag("light");
        await MirrorAndCompareAsync(3);
        Source.ResetHard("main", "HEAD^");
        Source.TagAnnotated("annotated", "main");
        Source.Tag("light", "main");
        await MirrorAndCompareAsync(3);
    }

    [Fact]
    public async Task Missing_tags_are_removed()
    {
        Source.Commit("one", "1\n");
        Source.TagAnnotated("annotated");
        Source.Tag("light");
        await MirrorAndCompareAsync(3);
        Source.DeleteTag("annotated");
        Source.DeleteTag("light");
        await MirrorAndCompareAsync(1);
    }

    [Fact]
    public async Task Tags_are_added_moved_and_removed_together()
    {
        Source.Commit("one", "1\n");
        Source.TagAnnotated("move");
        Source.TagAnnotated("remove");
        await MirrorAndCompareAsync(3);
        Source.Commit("two", "2\n");
        Source.TagAnnotated("move");
        Source.TagAnnotated("add");
        Source.DeleteTag("remove");
        await MirrorAndCompareAsync(3);
    }

    [Fact]
    public async Task Branches_and_tags_change_together()
    {
        Source.Commit("one", "1\n");
        Source.Branch("gone");
        Source.Tag("gone");
        Source.TagAnnotated("v1");
        await MirrorAndCompareAsync(4);
        Source.DeleteBranch("gone");
        Source.DeleteTag("gone");
        Source.Commit("two", "2\n");
        Source.Branch("same-name");
        Source.Tag("same-name");
        Source.TagAnnotated("v1");
        await MirrorAndCompareAsync(4);
    }

    [Fact]
    public async Task Extra_branches_and_tags_of_the_destination_are_removed()
    {
        var id = Source.Commit("one", "1\n");
        await MirrorAndCompareAsync(1);
        Destination.Branch("extra", id);
        Destination.Tag("extra", id);
        Destination.Commit("own", "1\n", "its-own-work", from: id);
        await MirrorAndCompareAsync(1);
    }

    [Fact]
    public async Task Changes_made_at_the_destination_are_undone()
    {
        var id = Source.Commit("one", "1\n");
        Source.Branch("topic");
        await MirrorAndCompareAsync(2);
        Destination.Commit("two", "of the destination\n");
        Destination.DeleteBranch("topic");
        await MirrorAndCompareAsync(2);
        Destination.Resolve("refs/heads/main").ShouldBe(id);
    }

    [Fact]
    public async Task A_detached_HEAD_changes_nothing_but_itself()
    {
        var id = Source.Commit("one", "1\n");
        Source.Commit("two", "2\n");
        Source.Git("update-ref", "--no-deref", "HEAD", id);
        await MirrorAndCompareAsync(1);
        Destination.Head.ShouldBe("main");
    }

    [Fact]
    public async Task A_HEAD_that_names_no_branch_does_no_harm()
    {
        Source.Commit("one", "1\n", "trunk");
        Source.Head = "unborn";
        await MirrorAndCompareAsync(1);
    }

    [Fact]
    public async Task Tags_of_a_blob_a_tree_and_a_tag_are_mirrored()
    {
        Source.Commit("one", "1\n");
        var tag = Source.TagAnnotated("v1");
        Source.Tag("blob", "main:one");
        Source.Tag("tree", "main^{tree}");
        Source.TagAnnotated("nested", tag);
        await MirrorAndCompareAsync(5);
    }

    [Fact]
    public async Task A_branch_that_stands_for_another_is_mirrored_by_value()
    {
        Source.Commit("one", "1\n");
        Source.Git("symbolic-ref", "refs/heads/alias", "refs/heads/main");
        await MirrorAndCompareAsync(2);
        Source.Commit("two", "2\n");
        await MirrorAndCompareAsync(2);
    }

    [Fact]
    public async Task A_merge_of_unrelated_histories_is_mirrored()
    {
        Source.Commit("one", "1\n");
        await MirrorAndCompareAsync(1);
        var other = Source.Commit("other", "1\n", "other");
        using (var import = Source.Import())
        {
            import.Commit("main", "Merge\n", [new("merged", "yes\n"u8.ToArray())], from: "refs/heads/main^0", merge: other);
            import.Complete();
        }

        await MirrorAndCompareAsync(2);
    }

    [Fact]
    public async Task Refs_beside_branches_and_tags_stay_where_they_are()
    {
        var id = Source.Commit("one", "1\n");
        Source.UpdateRef("refs/pull/1/head", id);
        Source.UpdateRef("refs/notes/commits", id);
        await MirrorAndCompareAsync(1);
        Destination.UpdateRef("refs/notes/own", id);
        Source.Commit("two", "2\n");
        await MirrorAndCompareAsync(1);
        Destination.ForEachRef().Keys.ShouldBe(["refs/heads/main", "refs/notes/own"]);
    }

    private async Task MirrorAndCompareAsync(int refs)
    {
        await MirrorAsync();
        World.ShouldBeEqual();
        RelayWorld.Mirrored(Destination).Count.ShouldBe(refs);
    }
}
