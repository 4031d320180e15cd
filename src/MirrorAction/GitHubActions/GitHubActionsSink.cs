using System.Globalization;
using MirrorAction.Inputs.Yaml;
using MirrorAction.Logging;
using MirrorAction.Secrets;
using MirrorAction.Terminal;
using Serilog.Core;
using Serilog.Events;

namespace MirrorAction.GitHubActions;

/// <summary>Writes log events as the runner wants them: warnings and errors as annotations, debug as such, the rest as plain lines.</summary>
/// <remarks>
/// The runner shows ten annotations of a kind per step. Nine are sent; the rest are plain lines, and <see cref="Complete"/> counts them in the tenth.
/// </remarks>
internal sealed class GitHubActionsSink(RunConsole console) : ILogEventSink
{
    private const int Shown = 9;

    private int _errors;
    private int _warnings;
    private bool _isTitleNext;

    /// <summary>Another sink writes the log: only annotations are left for this one.</summary>
    public bool OnlyAnnotates { get; set; }

    /// <summary>Makes the next message of level info the title of a group. Called by whoever holds the console.</summary>
    public void BeginGroup() => _isTitleNext = true;

    /// <summary>Ends the group.</summary>
    public void EndGroup() => console.WriteLine(WorkflowCommands.EndGroup);

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        using var scope = console.Hold();
        switch (logEvent.Level)
        {
            case >= LogEventLevel.Error:
                Annotate(++_errors, WorkflowCommands.Error, "Error", logEvent);
                break;
            case LogEventLevel.Warning:
                Annotate(++_warnings, WorkflowCommands.Warning, "Warning", logEvent);
                break;
            case var level when !OnlyAnnotates:
                Write(level, EventText.Of(logEvent));
                break;
        }
    }

    /// <summary>Writes how many annotations were left out. Called once, at the end.</summary>
    public void Complete()
    {
        if (_errors > Shown)
        {
            console.WriteLine(WorkflowCommands.Error($"and {_errors - Shown} more errors; they are in the log"));
        }

        if (_warnings > Shown)
        {
            console.WriteLine(WorkflowCommands.Warning($"and {_warnings - Shown} more warnings; they are in the log"));
        }
    }

    private void Write(LogEventLevel level, string text)
    {
        if (level < LogEventLevel.Information)
        {
            foreach (var line in ForeignText.SafeLines(text))
            {
                console.WriteLine(WorkflowCommands.Debug(line));
            }
        }
        else if (_isTitleNext)
        {
            _isTitleNext = false;
            console.WriteLine(WorkflowCommands.Group(text));
        }
        else
        {
            console.WriteText(text);
        }
    }

    private void Annotate(int number, Func<string, string?, string?, string> command, string word, LogEvent logEvent)
    {
        var text = EventText.Of(logEvent);
        var title = EventProperty.TitleOf(logEvent);
        if (number <= Shown)
        {
            console.WriteLine(command(text, title, PlaceOf(logEvent)));
        }
        else if (!OnlyAnnotates)
        {
            console.WriteText(text, title is null ? $"{word}: " : $"{word}: {ForeignText.SafeLine(title)}: ", "  ");
        }
    }

    private static string? PlaceOf(LogEvent logEvent) =>
        EventProperty.TextOf(logEvent, EventProperty.File) is { } file
        && EventProperty.TextOf(logEvent, EventProperty.Line) is { } line
        && EventProperty.TextOf(logEvent, EventProperty.Column) is { } column
            ? WorkflowCommands.Place(
                new FilePosition(file, int.Parse(line, CultureInfo.InvariantCulture), int.Parse(column, CultureInfo.InvariantCulture))
            )
            : null;
}

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
