using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Restore;

/// <summary>Rule 20 on the way back: what a mirror keeps private is not restored to where everyone can read it.</summary>
public sealed class RestorePrivacyTests
{
    [Theory]
    [InlineData(false, false)] // Empty, and somebody else's.
    [InlineData(true, false)] // To be adopted.
    [InlineData(true, true)]
    public async Task Private_mirror_is_not_restored_into_a_public_repository_of_somebody_else(bool isFilled, bool isPlan)
    {
        await using var world = await RestoreWorld.MirroredAsync("Website", "Api");
        var taken = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Website");
        if (isFilled)
            taken.Git.Commit("theirs", "theirs\n");
        var before = RestoreWorld.Refs(taken);
        world.Inputs["adopt"] = "true";
        world.Inputs["dry-run"] = isPlan ? "true" : "false";

        await world.RestoreAsync(exitCode: 1);

        var error = world.Action.ReportOf("acme-mirror/website")["error"]!;
        ((string?)error["code"]).ShouldBe("destination-forbidden");
        ((string?)error["message"]).ShouldNotBeNull().ShouldContain("acme-new/Website is public, but its mirror acme-mirror/website is private");
        ((string?)error["hint"]).ShouldNotBeNull().ShouldContain("Make acme-new/Website private first");
        RestoreWorld.Refs(taken).ShouldBe(before);
        (taken.Private, taken.Description ?? "").ShouldBe((false, ""));
        world.GitHub.Requests.ShouldNotContain(request => request.Path.Contains("Website", StringComparison.Ordinal) && request.Method != "GET");
        ((string?)world.Action.ReportOf("acme-mirror/api")["error"]).ShouldBeNull();

        taken.Private = true;
        world.Inputs["dry-run"] = "false";
        await world.RestoreAsync();
        taken.Git.Fsck();
    }

    [Fact]
    public async Task Public_mirror_is_restored_into_a_public_repository()
    {
        await using var world = await RestoreWorld.MirroredAsync("Open");
        world.Bitbucket.Find("acme-mirror", "open")!.IsPrivate = false;
        var taken = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Open");

        await world.RestoreAsync();

        taken.Private.ShouldBeFalse();
        taken.Git.BranchesAndTags().ShouldBe(world.GitHub.Find("acme", "Open")!.Git.BranchesAndTags());
    }

    [Fact]
    public async Task Unfinished_restore_that_became_public_is_made_private_before_it_goes_on()
    {
        await using var world = await RestoreWorld.MirroredAsync("Website");
        var begun = world.GitHub.AddRepository(RestoreWorld.NewOwner, "Website");
        begun.Description = "Unfinished restore of bitbucket.org/acme-mirror/website";

        await world.RestoreAsync();

        begun.Private.ShouldBeTrue();
        var order = world
            .GitHub.Requests.Where(r => r.Path.Contains("acme-new/Website", StringComparison.OrdinalIgnoreCase) && r.Method != "GET")
            .ToList();
        order[0].Method.ShouldBe("PATCH");
        begun.Git.BranchesAndTags().ShouldBe(world.GitHub.Find("acme", "Website")!.Git.BranchesAndTags());
    }
}
