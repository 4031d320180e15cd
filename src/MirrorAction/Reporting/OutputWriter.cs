using System.Globalization;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>The outputs of the step, as <c>action.yml</c> lists them.</summary>
internal static class OutputWriter
{
    /// <summary>Names and values.</summary>
    /// <param name="report">The run.</param>
    /// <param name="reportPath">Where <c>report.json</c> is, relative to the workspace; empty when it could not be written.</param>
    /// <param name="shardCount">For so many shards the matrix of a following job is given; null gives none.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> OutputsOf(RunReport report, string reportPath, int? shardCount = null)
    {
        var totals = report.Totals;
        return
        [
            new(
                "result",
                report.Result switch
                {
                    RunResult.Success => "success",
                    RunResult.Partial => "partial",
                    _ => "failure",
                }
            ),
            Number("repositories", totals.Repositories),
            Number("mirrored", totals.Mirrored),
            Number("unchanged", totals.Unchanged),
            Number("created", totals.Created),
            Number("skipped", totals.Skipped),
            Number("failed", totals.Failed),
            Number("refs-updated", totals.RefsUpdated),
            new("report", reportPath),
            .. report is { Mode: "verify" } or { Variant: "drill" }
                ? [Number("different", totals.Different)]
                : Array.Empty<KeyValuePair<string, string>>(),
            .. shardCount is { } count ? [new KeyValuePair<string, string>("matrix", Matrix(count))] : Array.Empty<KeyValuePair<string, string>>(),
        ];
    }

    private static string Matrix(int count) =>
        $"{{\"shard\":[{string.Join(',', Enumerable.Range(1, count).Select(i => $"\"{new Shard(i, count)}\""))}]}}";

    private static KeyValuePair<string, string> Number(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}
