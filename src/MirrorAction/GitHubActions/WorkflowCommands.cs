using MirrorAction.Inputs.Yaml;
using MirrorAction.Secrets;

namespace MirrorAction.GitHubActions;

/// <summary>Writes the commands that the GitHub Actions runner reads from a step's output.</summary>
/// <remarks>
/// <code>command = "::" name [SP key "=" value *("," key "=" value)] "::" data</code>
/// Data escapes <c>%</c>, CR and LF; values of properties also <c>:</c> and <c>,</c>. The results hold no line break.
/// </remarks>
internal static class WorkflowCommands
{
    /// <summary>The runner cuts annotations here.</summary>
    private const int MaxMessageLength = 4096;

    /// <summary>Begins a part of the log that can be folded.</summary>
    public static string Group(string title) => "::group::" + EscapeData(ForeignText.SafeLine(title));

    /// <summary>Ends the part.</summary>
    public static string EndGroup => "::endgroup::";

    /// <summary>An error annotation, beside a line of a file when there is a place.</summary>
    public static string Error(string message, string? title = null, string? place = null) => Annotation("error", message, title, place);

    /// <summary>A warning annotation, beside a line of a file when there is a place.</summary>
    public static string Warning(string message, string? title = null, string? place = null) => Annotation("warning", message, title, place);

    /// <summary>A line that is shown only in a run with debug logging.</summary>
    public static string Debug(string message) => "::debug::" + EscapeData(ForeignText.SafeLine(message));

    /// <summary>Has the runner replace a value in everything that is printed later.</summary>
    public static string AddMask(string value) => "::add-mask::" + EscapeData(value);

    /// <summary>Escapes what stands behind the second <c>::</c>.</summary>
    public static string EscapeData(string data) =>
        data.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    /// <summary>Escapes the value of a property.</summary>
    public static string EscapeProperty(string value) =>
        EscapeData(value).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    /// <summary>Where an annotation is shown: beside a line of a file of the repository.</summary>
    public static string Place(FilePosition position) =>
        FormattableString.Invariant($"file={EscapeProperty(ForeignText.SafeLine(position.File))},line={position.Line},col={position.Column}");

    private static string Annotation(string name, string message, string? title, string? place = null)
    {
        var text = string.Join('\n', ForeignText.SafeLines(message));
        string?[] properties = [place, title is null ? null : $"title={EscapeProperty(ForeignText.SafeLine(title))}"];
        var written = string.Join(',', properties.OfType<string>());
        var cut = text.Length > MaxMessageLength ? text[..(MaxMessageLength - 1)] + "…" : text;
        return $"::{name}{(written.Length > 0 ? " " : "")}{written}::{EscapeData(cut)}";
    }
}
