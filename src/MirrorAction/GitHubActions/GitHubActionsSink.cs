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
    /// <summary>The property that becomes an annotation's title.</summary>
    public const string TitleProperty = "Title";

    /// <summary>The property that says where an annotation is shown, as <see cref="WorkflowCommands.Place"/> writes it.</summary>
    public const string PlaceProperty = "Place";

    private const int Shown = 9;

    private int _errors;
    private int _warnings;

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        using var scope = console.Hold();
        var text = logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture);
        var title = TextOf(logEvent, TitleProperty);
        var place = TextOf(logEvent, PlaceProperty);
        switch (logEvent.Level)
        {
            case >= LogEventLevel.Error:
                Annotate(++_errors, WorkflowCommands.Error, "Error", text, title, place);
                break;
            case LogEventLevel.Warning:
                Annotate(++_warnings, WorkflowCommands.Warning, "Warning", text, title, place);
                break;
            case LogEventLevel.Information:
                console.WriteText(text);
                break;
            default:
                foreach (var line in ForeignText.SafeLines(text))
                {
                    console.WriteLine(WorkflowCommands.Debug(line));
                }

                break;
        }
    }

    /// <summary>Tells how many annotations were left out. Called once, at the end.</summary>
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

    private static string? TextOf(LogEvent logEvent, string property) =>
        logEvent.Properties.TryGetValue(property, out var value) && value is ScalarValue { Value: string words } ? words : null;

    private void Annotate(int number, Func<string, string?, string?, string> command, string word, string text, string? title, string? place)
    {
        if (number <= Shown)
        {
            console.WriteLine(command(text, title, place));
        }
        else
        {
            console.WriteText(text, title is null ? $"{word}: " : $"{word}: {ForeignText.SafeLine(title)}: ", "  ");
        }
    }
}
