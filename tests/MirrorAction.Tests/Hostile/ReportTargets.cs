using MirrorAction.Reporting;
using MirrorAction.Reporting.Summary;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Hostile;

/// <summary>The reports of other jobs, which anybody who can write an artifact may have made.</summary>
internal static class ReportTargets
{
    /// <summary>The joined report and its page are made from what was read.</summary>
    private const int MaxExpansion = 1024;

    internal static IEnumerable<FuzzTarget> All =>
        [new("report.json", [Sample.Json(Sample.Varied() with { Shard = "2/5" })], Decode, e => e is FormatException, MaxExpansion)];

    private static void Decode(byte[] input)
    {
        if (Sample.Read(input).Report is not { } report)
        {
            return;
        }

        var other = Sample.Varied() with { Shard = "1/2" };
        var joined = ReportJoin.Join(new ReportFolder([new("a.json", report), new("b.json", report), new("c.json", other)], [], []), "1.0.0");
        Sample.Json(joined).ShouldNotBeEmpty();
        Sample.Summary(joined).Length.ShouldBeLessThan(SummaryWriter.MaxBytes);
        ReportText.Totals(joined).ToString().ShouldNotBeEmpty();
    }
}
