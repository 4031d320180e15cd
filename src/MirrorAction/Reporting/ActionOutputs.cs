using System.Globalization;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Modes;

namespace MirrorAction.Reporting;

/// <summary>One output of the step. Immutable.</summary>
/// <param name="Name">The name in <c>action.yml</c>, in kebab case.</param>
/// <param name="Kind">The form of its value.</param>
/// <param name="Text">The text for <c>action.yml</c> and the documentation, as Markdown.</param>
internal sealed record ActionOutput(string Name, InputKind Kind, string Text)
{
    /// <summary>The words of a <see cref="InputKind.Choice"/>.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Its value, from the report and its files; null where it is not given. A mode that makes it otherwise has none here.</summary>
    public Func<RunReport, ReportPaths, string?> Value { get; init; } = static (_, _) => null;
}

/// <summary>Where the files of a report are, relative to the workspace; empty for one that was not written.</summary>
/// <param name="Json"><c>report.json</c>.</param>
/// <param name="Page"><c>report.html</c>.</param>
internal sealed record ReportPaths(string Json, string Page);

/// <summary>The outputs that modes share.</summary>
internal static class ActionOutputs
{
    /// <summary>The outputs of every mode.</summary>
    public static IReadOnlyList<ActionOutput> Common { get; } =
    [
        new(
            "result",
            InputKind.Choice,
            "`success` when no repository failed or differs, `partial` when some did, `failure` when all did or nothing could be done."
        )
        {
            Allowed = ["success", "partial", "failure"],
            Value = (report, _) =>
                report.Result switch
                {
                    RunResult.Success => "success",
                    RunResult.Partial => "partial",
                    _ => "failure",
                },
        },
        Number("repositories", "Number of repositories that were selected.", totals => totals.Repositories),
        Number(
            "mirrored",
            "Number of repositories in which refs moved (in a plan, would move); in a backup, of which a bundle was written.",
            totals => totals.Mirrored
        ),
        Number(
            "unchanged",
            "Number of repositories that were equal on both sides already; in a backup, that had nothing new.",
            totals => totals.Unchanged
        ),
        Number(
            "created",
            "Number of repositories that were created at the destination, in a restore at the source (in a plan or dry run, would be).",
            totals => totals.Created
        ),
        Number(
            "skipped",
            "Number of repositories that were left alone for a reason that is not an error, such as being empty.",
            totals => totals.Skipped
        ),
        Number("failed", "Number of repositories that failed; the step's summary and `report.json` say why.", totals => totals.Failed),
        Number("refs-updated", "Number of refs created, updated, forced and deleted.", totals => totals.RefsUpdated),
        new("report", InputKind.Text, "Path of `report.json`, relative to the workspace.") { Value = (_, paths) => paths.Json },
        new("report-html", InputKind.Text, "Path of `report.html`, the report as a page, relative to the workspace; `doctor` writes none.")
        {
            Value = (_, paths) => paths.Page,
        },
    ];

    /// <summary>The output of modes that compare.</summary>
    public static ActionOutput Different { get; } =
        Number("different", "Number of repositories in which both sides differ; only `verify` and a drill give it.", totals => totals.Different) with
        {
            Value = (report, _) => ModeText.Of(report).IsComparison ? report.Totals.Different.ToString(CultureInfo.InvariantCulture) : null,
        };

    /// <summary>Every output of any mode.</summary>
    public static IReadOnlyList<ActionOutput> All => [.. ModeList.OfAction.SelectMany(mode => mode.Outputs).DistinctBy(output => output.Name)];

    /// <summary>Names and values.</summary>
    /// <param name="report">The run.</param>
    /// <param name="paths">Where its files are.</param>
    /// <param name="others">Outputs that do not come from the report.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(
        RunReport report,
        ReportPaths paths,
        IReadOnlyList<KeyValuePair<string, string>>? others = null
    )
    {
        var outputs = (ModeList.Find(report.Mode) ?? ModeList.Default).Outputs;
        List<KeyValuePair<string, string>> given = [];
        foreach (var output in outputs)
        {
            if (output.Value(report, paths) is { } value)
            {
                given.Add(new(output.Name, value));
            }
        }

        return [.. given, .. others ?? []];
    }

    private static ActionOutput Number(string name, string text, Func<RunTotals, long> count) =>
        new(name, InputKind.WholeNumber, text) { Value = (report, _) => count(report.Totals).ToString(CultureInfo.InvariantCulture) };
}
