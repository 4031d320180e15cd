using MirrorAction.GitHubActions;
using Serilog.Core;
using Serilog.Events;

namespace MirrorAction.Terminal;

/// <summary>Writes log events for somebody who reads along: plain lines, a word in front of warnings and errors, colour only on a terminal.</summary>
internal sealed class TerminalSink(RunConsole console, bool hasColour) : ILogEventSink
{
    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var text = logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture);
        if (logEvent.Properties.TryGetValue(GitHubActionsSink.TitleProperty, out var value) && value is ScalarValue { Value: string title })
        {
            text = $"{title}: {text}";
        }

        var (colour, word) = logEvent.Level switch
        {
            >= LogEventLevel.Error => ("31", "error: "),
            LogEventLevel.Warning => ("33", "warning: "),
            LogEventLevel.Information => ("0", ""),
            _ => ("2", "debug: "),
        };
        console.WriteText(text, hasColour && word.Length > 0 ? $"\u001b[{colour}m{word}\u001b[0m" : word, new string(' ', word.Length));
    }
}
