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
