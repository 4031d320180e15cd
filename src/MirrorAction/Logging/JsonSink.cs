using System.Globalization;
using System.Text;
using System.Text.Json;
using MirrorAction.Terminal;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Json;

namespace MirrorAction.Logging;

/// <summary>Writes events for log collectors: each as one line of compact JSON.</summary>
/// <remarks>
/// The runner looks for <c>##[name]</c> anywhere in a line, tools split lines at more characters than LF, and terminals obey some that JSON lets
/// through. So the line is plain ASCII, and those two signs never stand together; JSON's escapes stand for the rest, and no text is changed.
/// </remarks>
internal sealed class JsonSink(RunConsole console) : ILogEventSink
{
    private static readonly ValueFormatter s_values = new();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent) => console.WriteLine(Line(logEvent));

    private string Line(LogEvent logEvent)
    {
        var line = Format(logEvent);
        var redacted = console.Redact(line);
        return redacted == line || IsJson(redacted) ? line : WithoutValues(logEvent);
    }

    /// <summary>Hiding what two values hold of a secret would take the signs between them as well, and nobody could read the line.</summary>
    private static string WithoutValues(LogEvent logEvent) =>
        Format(new LogEvent(logEvent.Timestamp, logEvent.Level, exception: null, logEvent.MessageTemplate, []));

    private static string Format(LogEvent logEvent)
    {
        using var json = new StringWriter(CultureInfo.InvariantCulture);
        CompactJsonFormatter.FormatEvent(logEvent, json, s_values);
        return Ascii(json.ToString()).Replace("##[", @"#\u0023[", StringComparison.Ordinal);
    }

    private static string Ascii(string json)
    {
        if (!json.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return json;
        }

        // Half of a surrogate pair, which no reader of JSON takes, comes as U+FFFD.
        var text = new StringBuilder(json.Length + 16);
        foreach (var rune in json.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and <= '~')
            {
                text.Append((char)rune.Value);
                continue;
            }

            foreach (var unit in rune.ToString())
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return text.ToString();
    }

    private static bool IsJson(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes a <see cref="Measure"/> as the number that it is, and cuts texts that no collector takes.</summary>
    private sealed class ValueFormatter : JsonValueFormatter
    {
        private const int MaxLength = 16_000;

        protected override void FormatLiteralValue(object? value, TextWriter output) =>
            base.FormatLiteralValue(
                value switch
                {
                    Measure measure => measure.Value,
                    string { Length: > MaxLength } text => text[..MaxLength] + " …",
                    _ => value,
                },
                output
            );
    }
}
