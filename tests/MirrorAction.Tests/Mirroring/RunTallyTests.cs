using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Tests.Mirroring;

public sealed class RunTallyTests
{
    [Fact]
    public void Totals_are_the_sums_of_the_repositories()
    {
        var totals = RunTally.Sum(
            [
                Report(RepositoryStatus.Mirrored) with
                {
                    Created = true,
                    Refs = new RefCounts
                    {
                        Created = 1,
                        Updated = 2,
                        Forced = 3,
                        Deleted = 4,
                        Kept = 50,
                        Unchanged = 60,
                    },
                    BytesReceived = 10,
                    BytesSent = 20,
                    Requests = 4,
                },
                Report(RepositoryStatus.Unchanged) with
                {
                    Refs = new RefCounts { Unchanged = 7 },
                    BytesReceived = 1,
                    BytesSent = 2,
                    Requests = 2,
                },
                Report(RepositoryStatus.Skipped) with
                {
                    Created = true,
                },
                Report(RepositoryStatus.Failed) with
                {
                    Refs = new RefCounts { Updated = 1 },
                },
            ],
            restRequests: 100
        );

        totals.ShouldBe(
            new RunTotals
            {
                Repositories = 4,
                Mirrored = 1,
                Unchanged = 1,
                Created = 2,
                Skipped = 1,
                Failed = 1,
                RefsUpdated = 11,
                BytesReceived = 11,
                BytesSent = 22,
                Requests = 106,
            }
        );
    }

    [Theory]
    [InlineData("", RunResult.Success)]
    [InlineData("M", RunResult.Success)]
    [InlineData("MUS", RunResult.Success)]
    [InlineData("MF", RunResult.Partial)]
    [InlineData("SF", RunResult.Partial)]
    [InlineData("F", RunResult.Failure)]
    [InlineData("FFF", RunResult.Failure)]
    public void Run_is_judged_by_its_failures(string statuses, RunResult result) =>
        RunTally
            .Evaluate(
                RunTally.Sum(
                    [
                        .. statuses.Select(c =>
                            Report(
                                c switch
                                {
                                    'M' => RepositoryStatus.Mirrored,
                                    'U' => RepositoryStatus.Unchanged,
                                    'S' => RepositoryStatus.Skipped,
                                    _ => RepositoryStatus.Failed,
                                }
                            )
                        ),
                    ],
                    0
                ),
                notReached: 0
            )
            .ShouldBe(result);

    [Theory]
    [InlineData(3, 0, RunResult.Partial)]
    [InlineData(0, 3, RunResult.Failure)]
    [InlineData(0, 0, RunResult.Failure)]
    [InlineData(2, 1, RunResult.Partial)]
    public void Run_that_did_not_reach_all_is_no_success(int done, int failed, RunResult result)
    {
        RepositoryReport[] repositories =
        [
            .. Enumerable.Repeat(Report(RepositoryStatus.Mirrored), done),
            .. Enumerable.Repeat(Report(RepositoryStatus.Failed), failed),
            .. Enumerable.Repeat(Report(RepositoryStatus.Skipped) with { Reason = SkipReason.Cancelled }, 4),
        ];

        RunTally.NotReached(repositories).ShouldBe(4);
        RunTally.Evaluate(RunTally.Sum(repositories, 0), RunTally.NotReached(repositories)).ShouldBe(result);
    }

    private static RepositoryReport Report(RepositoryStatus status) =>
        new()
        {
            Source = "acme/website",
            Destination = "acme-mirror/website",
            Status = status,
        };
}
