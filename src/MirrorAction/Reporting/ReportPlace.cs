namespace MirrorAction.Reporting;

/// <summary>Where a run leaves what it tells. Immutable.</summary>
/// <param name="Folder">The folder for <c>report.json</c>, the page, the badge and the metrics, absolute.</param>
/// <param name="History">The file to which it appends a line, absolute.</param>
internal sealed record ReportPlace(string Folder, string History);
