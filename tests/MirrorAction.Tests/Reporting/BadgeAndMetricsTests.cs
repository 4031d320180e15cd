using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;
using MirrorAction.Reporting.History;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Reporting;

public sealed partial class BadgeAndMetricsTests
{
    [Theory]
    [InlineData(RunResult.Success, 1, "brightgreen", false)]
    [InlineData(RunResult.Success, 0, "orange", false)]
    [InlineData(RunResult.Partial, 1, "orange", false)]
    [InlineData(RunResult.Failure, 1, "red", true)]
    public void Badge_says_how_many_are_safe_and_when_that_was(object result, int repositories, string colour, bool isError)
    {
        using var folder = new TemporaryFolder();
        var run = Sample.Run([.. Enumerable.Range(0, repositories).Select(i => Sample.Repository($"r{i}"))]) with { Result = (RunResult)result };

        BadgeFile.Write(run, folder.Path);

        var badge = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "badge.json")))!;
        badge
            .ToJsonString()
            .ShouldBe(
                $$"""{"schemaVersion":1,"label":"mirror","message":"{{repositories}}/{{repositories}} safe at Bitbucket, 2026-11-21","color":"{{colour}}","isError":{{(
                    isError ? "true" : "false"
                )}}}"""
            );
    }

    [Fact]
    public void Metrics_of_a_varied_run() => Snapshot.Match(MetricsFile.Text(Sample.Varied(), RunHistory.None), "metrics");

    [Fact]
    public void Last_success_is_that_of_the_same_kind_of_run()
    {
        var good = Sample.Run(Sample.Repository("docs"));
        var history = RunHistory
            .None.With(HistoryEntry.Of(good, null)!)
            .With(HistoryEntry.Of(good with { Mode = "verify", StartedAt = good.StartedAt.AddDays(1) }, null)!);

        MetricsFile
            .Text(Sample.Run(Sample.Failed("docs")), history)
            .ShouldContain($"mirror_last_success_timestamp_seconds{{mode=\"mirror\"}} {good.EndedAt().ToUnixTimeMilliseconds() / 1000.0}\n");
        MetricsFile.Text(Sample.Run(Sample.Failed("docs")), RunHistory.None).ShouldNotContain("mirror_last_success");
    }

    [Theory]
    [MemberData(nameof(HostileText.All), MemberType = typeof(HostileText))]
    [InlineData("a\"} 1\nmirror_evil{x=\"")]
    [InlineData("back\\slash\\")]
    public void Hostile_name_stays_in_its_label(string name)
    {
        var text = MetricsFile.Text(Sample.Run(Sample.Mirrored("x") with { Source = $"{name}/{name}" }), RunHistory.None);

        text.ShouldEndWith("\n");
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("# ") || Series().IsMatch(line));
    }

    [Fact]
    public void Thousands_of_repositories_have_no_series_each_but_those_that_are_not_safe()
    {
        var text = MetricsFile.Text(
            Sample.Run([.. Enumerable.Range(0, 1_500).Select(i => Sample.Repository($"r{i}")), Sample.Failed("bad")]),
            RunHistory.None
        );

        text.Split("mirror_repository_duration_seconds{").Length.ShouldBe(2);
        text.ShouldContain("mirror_repository_duration_seconds{owner=\"acme\",repository=\"bad\",mode=\"mirror\"}");
        text.ShouldContain("mirror_repositories{status=\"unchanged\",mode=\"mirror\"} 1500\n");
    }

    [GeneratedRegex("""^mirror_[a-z_]+\{([a-z]+="([^"\\\n]|\\["\\n])*",?)+\} [0-9.]+$""")]
    private static partial Regex Series();
}
