using Serilog.Core;
using Serilog.Events;

namespace MirrorAction.Runner;

/// <summary>Writes log events for somebody who reads along: plain lines, a word in front of warnings and errors, colour only on a terminal.</summary>
internal sealed class DeskSink(RunConsole console, bool hasColour) : ILogEventSink
{
    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        var text = logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture);
        if (logEvent.Properties.TryGetValue(GitHubActionsSink.TitleProperty, out var value) && value is ScalarValue { Value: string title })
        {
            text = $"{title}: {text}";
        }

        console.WriteText(text, logEvent.Level switch
        {
            >= LogEventLevel.Error => Coloured("31", "error: "),
            LogEventLevel.Warning => Coloured("33", "warning: "),
            LogEventLevel.Information => "",
            _ => Coloured("2", "debug: "),
        });
    }

    private string Coloured(string code, string word) => hasColour ? $"\u001b[{code}m{word}\u001b[0m" : word;
}
