using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Tests.Configuration;

namespace MirrorAction.Tests.Reporting;

public sealed class PreviousReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mirror", true)]
    [InlineData("verify", true)]
    [InlineData("restore", true)]
    [InlineData("plan", false)]
    [InlineData("backup", false)]
    public void Report_of_the_folder_is_found_where_it_is_of_use(string mode, bool isFound)
    {
        ReportJson.Write(Sample.Varied(), _folder.Path);

        (Find(mode) is not null).ShouldBe(isFound);
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Report_of_others_is_nobodys_previous_one()
    {
        ReportJson.Write(Sample.Run() with { Destination = new("bitbucket", "other") }, _folder.Path);
        Find("verify").ShouldBeNull();
        ReportJson.Write(Sample.Run() with { Source = new("github", ["acme-labs"]) }, _folder.Path);
        Find("verify").ShouldBeNull();
        Find("restore").ShouldNotBeNull(); // Into an owner with another name, after all.
        ReportJson.Write(Restore("bitbucket", "acme-mirror", "github"), _folder.Path);
        Find("verify").ShouldBeNull();
        Find("restore").ShouldNotBeNull(); // Of a restore that was stopped, and that now goes on.
        ReportJson.Write(Restore("bitbucket", "other", "github"), _folder.Path);
        Find("restore").ShouldBeNull();
        _warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public void Broken_report_of_the_folder_is_as_if_there_were_none(string text)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "report.json"), text);

        Find("verify").ShouldBeNull();
        Find("restore").ShouldBeNull();
        _warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "can't be read: Could not find file")]
    [InlineData("{", "is no whole report of mirror-action")]
    [InlineData("[]", "is no report of mirror-action")]
    [InlineData("other", "is about other sides, acme at github and other at bitbucket")]
    public void Named_report_that_is_of_no_use_stops_a_restore_and_is_told_otherwise(string? content, string reason)
    {
        var file = Path.Combine(_folder.Path, "old.json");
        if (content == "other")
        {
            File.WriteAllBytes(file, Sample.Json(Sample.Run() with { Destination = new("bitbucket", "other") }));
        }
        else if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        Find("verify", file).ShouldBeNull();

        _warnings.ShouldHaveSingleItem().ShouldContain(reason);
        var problem = Should.Throw<ConfigurationException>(() => Find("restore", file)).Problems.ShouldHaveSingleItem().ToString();
        problem.ShouldStartWith($"previous-report: {file} ");
        problem.ShouldContain(reason);
        problem.ShouldNotContain("..");
    }

    [Fact]
    public void Named_report_may_be_a_joined_one()
    {
        var file = Path.Combine(_folder.Path, "all.json");
        File.WriteAllBytes(file, Sample.Json(Sample.Varied() with { Shards = [new("1/1", "a/report.json", RunResult.Success, null)] }));

        Find("restore", file).ShouldNotBeNull().Repositories.Count.ShouldBe(6);
    }

    [Fact]
    public void What_is_verified_now_is_so_at_the_end_of_the_run_and_what_is_not_was_when_it_last_was()
    {
        var long_ago = new DateTimeOffset(2026, 11, 1, 2, 0, 0, TimeSpan.Zero);
        var previous = Sample.Run(
            Sample.Repository("docs"),
            Sample.Repository("Api") with
            {
                Verified = false,
                VerifiedAt = long_ago,
            },
            Sample.Repository("moved") with
            {
                Destination = "acme-mirror/elsewhere",
            }
        ) with
        {
            StartedAt = new DateTimeOffset(2026, 11, 20, 2, 0, 0, TimeSpan.Zero),
            DurationMs = 60_000,
        };
        var now = Sample.Run(Sample.Repository("fresh"), Unverified("docs"), Unverified("api"), Unverified("moved"), Unverified("never"));

        var times = PreviousReport.WithVerifiedTimes(now, previous).Repositories.Select(repository => repository.VerifiedAt);

        times.ShouldBe([
            now.StartedAt.AddMilliseconds(now.DurationMs),
            new DateTimeOffset(2026, 11, 20, 2, 1, 0, TimeSpan.Zero),
            long_ago,
            null,
            null,
        ]);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("restore")]
    [InlineData("backup")]
    public void Other_modes_verify_nothing(string mode) =>
        PreviousReport.WithVerifiedTimes(Sample.Run(Sample.Repository("docs")) with { Mode = mode }, null).Repositories[0].VerifiedAt.ShouldBeNull();

    [Theory]
    [InlineData("mirror", null, "acme", "Acme-Mirror", true, true)]
    [InlineData("restore", "drill", "acme", "acme-mirror", true, true)]
    [InlineData("restore", null, "Acme-Mirror", "acme", false, true)]
    [InlineData("restore", "dry-run", "acme-mirror", "acme-new", false, true)]
    [InlineData("restore", null, "acme", "acme-mirror", false, false)]
    [InlineData("mirror", null, "acme-mirror", "acme", false, false)]
    public void Mode_of_a_report_tells_its_direction_where_both_hosts_are_of_one_kind(
        string mode,
        string? variant,
        string from,
        string to,
        bool isOfMirrors,
        bool isOfRestore
    )
    {
        var report = Sample.Run() with { Mode = mode, Variant = variant, Source = new("github", [from]), Destination = new("github", to) };
        ReportJson.Write(report, _folder.Path);

        (FindBetweenTwo("verify") is not null).ShouldBe(isOfMirrors);
        (FindBetweenTwo("restore") is not null).ShouldBe(isOfRestore);

        RunReport? FindBetweenTwo(string asked) =>
            PreviousReport.Find(
                Given
                    .Build(
                        new(StringComparer.Ordinal)
                        {
                            ["INPUT_MODE"] = asked,
                            ["INPUT_REPORT-DIR"] = _folder.Path,
                            ["INPUT_DESTINATION"] = "github",
                            ["INPUT_SOURCE-OWNER"] = "acme",
                            ["INPUT_SOURCE-TOKEN"] = "ghp_source",
                            ["INPUT_DESTINATION-OWNER"] = "acme-mirror",
                            ["INPUT_DESTINATION-TOKEN"] = "ghp_destination",
                        }
                    )
                    .Settings.Previous,
                _warnings.Add
            );
    }

    private static RunReport Restore(string host, string workspace, string to) =>
        Sample.Run() with
        {
            Mode = "restore",
            Source = new(host, [workspace]),
            Destination = new(to, "acme"),
        };

    private static RepositoryReport Unverified(string name) => Sample.Repository(name) with { Verified = false };

    private RunReport? Find(string mode, string? named = null) =>
        PreviousReport.Find(
            Given
                .Build(Given.With(("INPUT_MODE", mode), ("INPUT_REPORT-DIR", _folder.Path), ("INPUT_PREVIOUS-REPORT", named ?? "")))
                .Settings.Previous,
            _warnings.Add
        );
}
