using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

/// <summary>Words of real servers.</summary>
public sealed class RefusalWordsTests
{
    [Theory]
    [InlineData(
        "error: GH013: Repository rule violations found for refs/heads/a. Review all repository rules at https://github.com/acme/x/rules?ref=refs%2Fheads%2Fa - Pushes can not update more than 5 branches or tags.",
        5
    )]
    [InlineData("You pushed 3001 refs, but there is a limit of 5.", 5)]
    [InlineData("too many ref updates: at most 20 per push", 20)]
    [InlineData("Maximum: 10 refs", 10)]
    [InlineData("up to 100 branches (at a time)", 100)]
    [InlineData("push contains 50 refs; max 1", 1)]
    [InlineData("Refs over the limit: the limit is 3000", null)] // As many as were tried.
    [InlineData("This ref exceeds the limit of 100 MB", null)]
    [InlineData("refs: wait for more than 30 seconds", null)]
    [InlineData("error: GH006: Protected branch update failed for refs/heads/main. At least 1 approving review is required", null)]
    [InlineData("hook 7 says no", null)]
    [InlineData("", null)]
    public void A_limit_of_refs_is_read_out_of_what_a_host_says(string text, int? limit) => RefusalWords.LimitIn(text, 3000).ShouldBe(limit);

    [Theory]
    [InlineData(
        "unpack-objects abnormal exit error: object 5440: zeroPaddedFilemode: contains zero-padded file modes fatal: fsck error in packed object",
        true
    )]
    [InlineData(
        "index-pack abnormal exit error: object 85d5: duplicateEntries: contains duplicate file entries fatal: fsck error in packed object",
        true
    )]
    [InlineData("index-pack abnormal exit error: object 1698: gitmodulesUrl: disallowed submodule url fatal: fsck error in pack objects", true)]
    [InlineData("index-pack abnormal exit fatal: Error in object", true)]
    [InlineData("index-pack abnormal exit fatal: object of unexpected type", true)]
    [InlineData("error Invalid tree 5440cb4f: zero-padded mode", true)]
    [InlineData("index-pack abnormal exit fatal: pack has 3 unresolved deltas", false)]
    [InlineData("unpack-objects abnormal exit fatal: unresolved deltas left after unpacking", false)]
    [InlineData("unpack-objects abnormal exit the disk is on fire", false)]
    public void An_object_that_is_refused_is_told_from_a_pack_that_is_not_understood(string text, bool isObject) =>
        RefusalWords.AreAboutAnObject(text).ShouldBe(isObject);

    [Theory]
    [InlineData("hook declined", RefUpdateStatus.RejectedByHook, true)]
    [InlineData("pre-receive hook declined", RefUpdateStatus.RejectedByHook, false)]
    [InlineData("protected branch hook declined", RefUpdateStatus.RejectedByHook, false)]
    [InlineData("push declined due to repository rule violations", RefUpdateStatus.RejectedOther, false)]
    [InlineData("deny updating a hidden ref", RefUpdateStatus.RejectedOther, true)]
    [InlineData("non-fast-forward", RefUpdateStatus.RejectedOther, true)]
    [InlineData("failed to update ref", RefUpdateStatus.RejectedRemoteChanged, true)]
    [InlineData("deletion prohibited", RefUpdateStatus.RejectedNoDelete, true)]
    [InlineData("out of luck", RefUpdateStatus.RejectedOther, false)]
    public void A_reason_of_one_ref_is_told_from_one_that_may_have_met_all(string reason, RefUpdateStatus status, bool isOfOne) =>
        RefusalWords
            .AreAboutOneCommand(new RefUpdateResult(new RefUpdate(Wire.Branch("a"), Wire.Id(1), Wire.Id(2)), status, reason))
            .ShouldBe(isOfOne);

    [Theory]
    [InlineData("fatal: unable to create temporary file: No space left on device", true)]
    [InlineData("error: insufficient permission for adding an object to repository database objects", true)]
    [InlineData("fatal: early EOF", true)]
    [InlineData("fatal: fsck error in packed object", false)]
    public void A_machine_in_trouble_is_told_from_a_pack_at_fault(string text, bool isMachine) =>
        RefusalWords.AreAboutTheMachine(text).ShouldBe(isMachine);
}
