using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Tests.Mirroring;

/// <summary>A wiki of the destination's own follows its repository, and shares its fate where that has no place.</summary>
public sealed class WikiParentsTests
{
    private static readonly Repository s_website = Samples.Repository("website");
    private static readonly RepositoryError s_error = new(ErrorCode.NotAMirror, "It is somebody else's.", "Adopt it.");
    private readonly WikiParents _parents = new();

    [Fact]
    public async Task Wiki_waits_for_its_repository_and_goes_where_that_went()
    {
        var place = Samples.Mirror("website");
        var wiki = Follow(default);
        wiki.IsCompleted.ShouldBeFalse();

        _parents.Finish(s_website, new WikiParent(Report(RepositoryStatus.Mirrored), place));

        (await wiki).Destination.ShouldBe(place.FullName);
    }

    [Fact]
    public async Task Wiki_without_a_place_fails_with_the_code_of_its_repository()
    {
        _parents.Finish(s_website, new WikiParent(Report(RepositoryStatus.Failed) with { Error = s_error }, null));

        var report = await Follow(default);

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.NotAMirror);
        report.Error.Message.ShouldContain("acme-mirror/website");
        report.Error.Hint.ShouldBe("Adopt it.");
    }

    [Fact]
    public async Task Wiki_of_a_repository_that_is_skipped_is_skipped_for_the_same_reason()
    {
        _parents.Finish(s_website, new WikiParent(Report(RepositoryStatus.Skipped) with { Reason = SkipReason.Vanished }, null));

        var report = await Follow(default);

        (report.Status, report.Reason, report.Error).ShouldBe((RepositoryStatus.Skipped, SkipReason.Vanished, null));
    }

    [Fact]
    public async Task Wiki_of_a_repository_that_a_stopped_run_does_not_reach_waits_no_longer()
    {
        using var stop = new CancellationTokenSource();
        var wiki = Follow(stop.Token);

        await stop.CancelAsync();

        (await wiki).Reason.ShouldBe(SkipReason.Cancelled);
    }

    private Task<RepositoryReport> Follow(CancellationToken cancellationToken) =>
        _parents.FollowAsync(
            s_website,
            () => Report(RepositoryStatus.Skipped),
            place => Task.FromResult(Report(RepositoryStatus.Mirrored) with { Destination = place.FullName }),
            cancellationToken
        );

    private static RepositoryReport Report(RepositoryStatus status) =>
        new()
        {
            Source = "acme/website",
            Destination = "acme-mirror/website",
            Status = status,
        };
}
