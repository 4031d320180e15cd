using System.Globalization;
using MirrorAction.Logging;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace MirrorAction.Terminal;

/// <summary>
/// Writes log events for someone who reads along: plain lines, a word in front of warnings and errors, details of a repository indented.
/// </summary>
/// <param name="console">Where the lines go, beside the progress line.</param>
/// <param name="hasColour">A terminal that shows colours.</param>
/// <param name="columns">How long lines may be, asked for each; null for any.</param>
/// <remarks>Themes of Serilog's console sink without that sink, which writes to the process's standard output: docs/adr/0012.</remarks>
internal sealed class TerminalSink(RunConsole console, bool hasColour, Func<int?> columns) : ILogEventSink
{
    private const string DetailIndent = "    ";

    private static readonly AnsiConsoleTheme s_colours = new(
        new Dictionary<ConsoleThemeStyle, string>
        {
            [ConsoleThemeStyle.LevelError] = "\u001b[31m",
            [ConsoleThemeStyle.LevelWarning] = "\u001b[33m",
            [ConsoleThemeStyle.LevelDebug] = "\u001b[2m",
        }
    );

    private readonly ConsoleTheme _theme = hasColour ? s_colours : ConsoleTheme.None;

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var (style, word) = logEvent.Level switch
        {
            >= LogEventLevel.Error => (ConsoleThemeStyle.LevelError, "error: "),
            LogEventLevel.Warning => (ConsoleThemeStyle.LevelWarning, "warning: "),
            LogEventLevel.Information => (ConsoleThemeStyle.LevelInformation, ""),
            _ => (ConsoleThemeStyle.LevelDebug, "debug: "),
        };
        var width = EventProperty.IsCommand(logEvent) ? null : columns();
        var text = LineFit.Message(logEvent, width);
        var indent = "";
        if (logEvent.Level >= LogEventLevel.Warning)
        {
            // What someone has to look at names what it is about, because it is looked at away from the rest.
            text = EventProperty.TitleOf(logEvent) is { } title ? $"{title}: {text}" : text;
        }
        else if (EventProperty.IsDetail(logEvent))
        {
            indent = DetailIndent;
        }

        // The line that tells of something bad is found at a glance, although only its details are errors.
        Func<string, string>? paint = StyleOf(logEvent) is { } whole ? line => Themed(whole, line) : null;
        console.WriteText(text, Themed(style, word) + indent, new string(' ', word.Length) + indent, width, paint);
    }

    private static ConsoleThemeStyle? StyleOf(LogEvent logEvent) =>
        (EventProperty.TextOf(logEvent, EventProperty.Status) ?? EventProperty.TextOf(logEvent, EventProperty.Result)) switch
        {
            "failed" or "failure" or "partial" or "different" or "problem" => ConsoleThemeStyle.LevelError,
            "warning" => ConsoleThemeStyle.LevelWarning,
            _ => null,
        };

    private string Themed(ConsoleThemeStyle style, string word)
    {
        if (word.Length == 0)
        {
            return word;
        }

        using var themed = new StringWriter(CultureInfo.InvariantCulture);
        _theme.Set(themed, style);
        themed.Write(word);
        _theme.Reset(themed);
        return themed.ToString();
    }
}
