using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Tests.Reporting;

public sealed class ReportJoinTests
{
    [Fact]
    public void Repositories_are_in_order_and_summed_anew()
    {
        var joined = Join(
            Report("1/2", Sample.Mirrored("zebra"), Sample.Repository("beta")),
            Report("2/2", Sample.Skipped("Alpha"), Sample.Failed("omega"))
        );

        joined.Repositories.Select(r => r.Source).ShouldBe(["acme/Alpha", "acme/beta", "acme/omega", "acme/zebra"]);
        joined.Totals.ShouldBe(
            Sample.Run(Sample.Mirrored("zebra"), Sample.Repository("beta"), Sample.Skipped("Alpha"), Sample.Failed("omega")).Totals with
            {
                Requests = 2 * (2 * 2 + 2),
            }
        );
        joined.Result.ShouldBe(RunResult.Partial);
        joined.Shards.Select(s => s.Shard).ShouldBe(["1/2", "2/2"]);
        joined.Shard.ShouldBeNull();
        joined.Error.ShouldBeNull();
    }

    [Fact]
    public void Time_is_from_the_first_start_to_the_last_end()
    {
        var start = new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero);

        var joined = Join(
            Report("1/3") with
            {
                StartedAt = start.AddSeconds(60),
                DurationMs = 10_000,
            },
            Report("2/3") with
            {
                StartedAt = start,
                DurationMs = 65_000,
            },
            Report("3/3") with
            {
                StartedAt = start.AddSeconds(5),
                DurationMs = 70_000,
            }
        );

        joined.StartedAt.ShouldBe(start);
        joined.DurationMs.ShouldBe(75_000);
    }

    [Fact]
    public void Later_run_of_a_shard_wins_with_its_repositories_and_its_error()
    {
        var first = Report("1/2", Sample.Failed("api"), Sample.Repository("old")) with
        {
            Error = new(ErrorCode.Network, "away", null),
            Warnings = ["first"],
        };
        var again = Report("1/2", Sample.Repository("API")) with { StartedAt = first.StartedAt.AddHours(1), Warnings = ["again"] };

        var joined = Join(again, first, Report("2/2", Sample.Repository("docs")));

        joined
            .Repositories.Select(r => (r.Source, r.Status))
            .ShouldBe([
                ("acme/API", RepositoryStatus.Unchanged),
                ("acme/docs", RepositoryStatus.Unchanged),
                ("acme/old", RepositoryStatus.Unchanged),
            ]);
        joined
            .Shards.Select(s => (s.Shard, s.Report, s.Error))
            .ShouldBe([("1/2", "0/report.json", null), ("2/2", "2/report.json", (RepositoryError?)null)]);
        joined.Warnings.ShouldBe(["again"]);
        ExitCodes.For(joined, FailOn.Any).ShouldBe(ExitCodes.Success);
    }

    [Theory]
    [InlineData("verify", "deep")]
    [InlineData("restore", "drill")]
    [InlineData("backup", "check")]
    [InlineData("backup", null)]
    public void Joined_report_is_of_the_mode_of_its_parts(string mode, string? variant)
    {
        var joined = Join(
            Report("1/2", Sample.Repository("a")) with
            {
                Mode = mode,
                Variant = variant,
            },
            Report("2/2", Sample.Repository("b", RepositoryStatus.Different)) with
            {
                Mode = mode,
                Variant = variant,
            }
        );

        (joined.Mode, joined.Variant, joined.Totals.Different, joined.Result).ShouldBe((mode, variant, 1, RunResult.Partial));
        ExitCodes.For(joined, FailOn.Never).ShouldBe(ExitCodes.RepositoriesFailed);
    }

    [Fact]
    public void Missing_shards_are_named_and_fail_the_step_whatever_fail_on_says()
    {
        var joined = Join(Report("2/4", Sample.Repository("a")), Report("4/4", Sample.Repository("b")));

        joined
            .Shards.Where(s => s.Error is not null)
            .Select(s => (s.Shard, s.Report, s.Error!.Code))
            .ShouldBe([("1/4", null, ErrorCode.NoReport), ("3/4", (string?)null, ErrorCode.NoReport)]);
        joined.Shards[0].Error!.Message.ShouldContain("Shard 1/4 gave no report");
        joined.Result.ShouldBe(RunResult.Partial);
        ExitCodes.For(joined, FailOn.Never).ShouldBe(ExitCodes.RepositoriesFailed);
        Sample.Summary(joined).ShouldContain("; 2 of 4 shards gave no result\n\n**Mirror acme → acme-mirror (4 shards)**");
    }

    [Fact]
    public void Error_of_one_shard_is_kept_and_that_of_all_is_the_run_s()
    {
        var error = new RepositoryError(ErrorCode.SourceUnauthorized, "GitHub refuses the token.", "Make a new one.");
        var lost = Report("1/2") with { Error = error, Result = RunResult.Failure };

        var some = Join(lost, Report("2/2", Sample.Repository("a")));
        var all = Join(lost, lost with { Shard = "2/2" });

        some.Error.ShouldBeNull();
        some.Shards[0].Error.ShouldBe(error);
        some.Result.ShouldBe(RunResult.Partial);
        ExitCodes.For(some, FailOn.Any).ShouldBe(ExitCodes.RepositoriesFailed);
        all.Error.ShouldBe(error);
        all.Result.ShouldBe(RunResult.Failure);
        ExitCodes.For(all, FailOn.Any).ShouldBe(ExitCodes.NothingDone);
    }

    [Fact]
    public void Repositories_that_a_cancelled_run_counts_but_does_not_list_stay_counted()
    {
        var cut = Report("1/2", Sample.Repository("a")) with
        {
            Totals = new()
            {
                Repositories = 10,
                Unchanged = 1,
                Skipped = 9,
            },
            Result = RunResult.Partial,
            Error = new(ErrorCode.Cancelled, "cancelled", null),
        };

        var joined = Join(cut, Report("2/2", Sample.Repository("b")));

        (joined.Totals.Repositories, joined.Totals.Skipped, joined.Totals.Unchanged).ShouldBe((11, 9, 2));
        joined.Result.ShouldBe(RunResult.Partial);
        ExitCodes.For(joined, FailOn.Never).ShouldBe(ExitCodes.RepositoriesFailed);
    }

    [Fact]
    public void Repositories_that_no_shard_reached_make_no_success()
    {
        var joined = Join(
            Report("1/2", Sample.Repository("a"), Sample.Skipped("b", SkipReason.Cancelled)) with
            {
                Result = RunResult.Partial,
            },
            Report("2/2", Sample.Repository("c"))
        );

        (joined.Totals.Repositories, joined.Totals.Skipped, joined.Totals.Failed, joined.Result).ShouldBe((3, 1, 0, RunResult.Partial));
        ExitCodes.For(joined, FailOn.Never).ShouldBe(ExitCodes.RepositoriesFailed);
        Sample.Summary(joined).ShouldStartWith("## ❌ 2 of 3 repositories are safe at Bitbucket (checked 2026-11-21 02:00 UTC); 1 was not reached\n");
    }

    [Fact]
    public void Run_that_did_not_reach_a_repository_takes_nothing_from_what_an_earlier_one_tells_of_it()
    {
        var first = Report("1/1", Sample.Mirrored("a"), Sample.Failed("b"), Sample.Skipped("c", SkipReason.Cancelled));
        var again = Report("1/1", Sample.Skipped("a", SkipReason.Cancelled), Sample.Skipped("b", SkipReason.Cancelled), Sample.Repository("c")) with
        {
            StartedAt = first.StartedAt.AddHours(1),
        };
        var cut = Report("1/1") with
        {
            StartedAt = first.StartedAt.AddHours(2),
            Totals = new() { Repositories = 3, Skipped = 3 },
        };

        Join(first, again)
            .Repositories.Select(r => (r.Source, r.Status))
            .ShouldBe([("acme/a", RepositoryStatus.Mirrored), ("acme/b", RepositoryStatus.Failed), ("acme/c", RepositoryStatus.Unchanged)]);
        Join(first, again, cut).Totals.Repositories.ShouldBe(3, "they are not counted twice");
    }

    [Fact]
    public void Orphans_are_united_without_what_one_shard_took_over()
    {
        var joined = Join(
            Report("1/2", Sample.Repository("website")) with
            {
                Orphans = ["acme-mirror/old-thing"],
            },
            Report("2/2") with
            {
                Orphans = ["acme-mirror/old-thing", "acme-mirror/website"],
            }
        );

        joined.Orphans.ShouldBe(["acme-mirror/old-thing"]);
    }

    [Fact]
    public void Every_failed_shard_makes_a_failure()
    {
        Join(Report("1/2", Sample.Failed("a")), Report("2/2", Sample.Failed("b"))).Result.ShouldBe(RunResult.Failure);
        Join(Report("1/2", Sample.Failed("a")), Report("2/2")).Result.ShouldBe(RunResult.Partial);
    }

    [Fact]
    public void Reports_of_runs_without_shards_are_joined_too()
    {
        var joined = Join(Report(null, Sample.Repository("a")), Report(null, Sample.Repository("b")));

        joined.Totals.Repositories.ShouldBe(2);
        Sample.Summary(joined).ShouldContain("\n**Mirror acme → acme-mirror (2 reports)** ");
    }

    [Fact]
    public void Destinations_are_joined_each_for_itself()
    {
        ReportDestination gitLab = new("gitlab", "acme-mirror");
        ReportDestination own = gitLab with { Server = "git.example.com" };
        var joined = Join(
            Report("1/2", Sample.Repository("a")),
            Report("2/2", Sample.Repository("b")),
            Report(null, Sample.Repository("a"), Sample.Failed("b")) with
            {
                Destination = gitLab,
            },
            Report("2/2", Sample.Repository("b")) with
            {
                Destination = own,
            }
        );

        joined.Destinations.ShouldBe([new("bitbucket", "acme-mirror"), gitLab, own]);
        joined
            .Repositories.Select(r => (r.Source, r.At, r.Status))
            .ShouldBe([
                ("acme/a", "acme-mirror at bitbucket", RepositoryStatus.Unchanged),
                ("acme/a", "acme-mirror at gitlab", RepositoryStatus.Unchanged),
                ("acme/b", "acme-mirror at bitbucket", RepositoryStatus.Unchanged),
                ("acme/b", "acme-mirror at gitlab", RepositoryStatus.Failed),
                ("acme/b", "acme-mirror at gitlab (git.example.com)", RepositoryStatus.Unchanged),
            ]);
        joined.Totals.Repositories.ShouldBe(5);
        joined.Totals.Failed.ShouldBe(1);
        joined
            .Shards.Where(shard => shard.Error is not null)
            .ShouldHaveSingleItem()
            .Error!.Message.ShouldStartWith("Shard 1/2 of acme-mirror at gitlab (git.example.com) gave no report");
        joined.Result.ShouldBe(RunResult.Partial);
        Sample.Read(Sample.Json(joined)).Other.ShouldBe("is a joined report");
    }

    [Fact]
    public void Reports_that_are_not_of_one_run_are_all_named()
    {
        var shard = Report("1/2");
        FoundReport[] found =
        [
            new("a/report.json", shard),
            new("owner.json", shard with { Source = new("github", ["acme-labs"]) }),
            new("workspace.json", shard with { Destination = new("bitbucket", "other") }), // Another destination of the same run.
            new("division.json", shard with { Destination = new("bitbucket", "other"), Shard = null }),
            new("mode.json", shard with { Mode = "plan" }),
            new("count.json", shard with { Shard = "1/3" }),
            new("whole.json", shard with { Shard = null }),
            new("same.json", shard with { Source = new("github", ["ACME"]), Shard = "2/2" }),
        ];

        var problems = Should.Throw<ConfigurationException>(() => ReportJoin.RequireOneRun(found)).Problems.Select(p => p.ToString()).ToList();

        problems
            .Select(p => p.Split(", so ")[0])
            .ShouldBe([
                "owner.json: is about acme-labs at github, a/report.json about acme at github",
                "division.json: tells of a run without shards, workspace.json of one of 2 shards",
                "mode.json: tells of mode plan, a/report.json of mirror",
                "count.json: tells of one of 3 shards, a/report.json of one of 2 shards",
                "whole.json: tells of a run without shards, a/report.json of one of 2 shards",
            ]);
    }

    private static RunReport Report(string? shard, params RepositoryReport[] repositories) => Sample.Run(repositories) with { Shard = shard };

    /// <summary>As the files would give them back: without what a file does not hold.</summary>
    private static RunReport Join(params RunReport[] reports) =>
        ReportJoin.Join(
            new ReportFolder(
                [.. reports.Select((report, i) => new FoundReport($"{i}/report.json", Sample.Read(Sample.Json(report)).Report!))],
                [],
                []
            ),
            "1.0.0"
        );
}
