using System.Globalization;
using MirrorAction.Logging;
using Serilog.Events;

namespace MirrorAction.Terminal;

/// <summary>Fits lines into a terminal: a long name is cut in its middle, and what is still too long goes on in the next line.</summary>
internal static class LineFit
{
    /// <summary>Less of a name tells nobody which one it is.</summary>
    private const int ShortestName = 16;

    /// <summary>Below, hardly a word fits in.</summary>
    private const int NarrowestText = 16;

    /// <summary>The message of an event; the name of its repository gives way when the line would be longer.</summary>
    /// <param name="logEvent">The event.</param>
    /// <param name="columns">The length of the line; null for any.</param>
    public static string Message(LogEvent logEvent, int? columns)
    {
        var text = EventText.Of(logEvent);
        var excess = text.Split('\n')[0].Length - columns;
        if (!(excess > 0) || EventProperty.TextOf(logEvent, EventProperty.Repository) is not { Length: > ShortestName } name)
        {
            return text;
        }

        var shortened = CutMiddle(name, Math.Max(ShortestName, name.Length - excess.Value));
        var properties = logEvent.Properties.Select(property =>
            property.Key == EventProperty.Repository
                ? new LogEventProperty(property.Key, new ScalarValue(shortened))
                : new LogEventProperty(property.Key, property.Value)
        );
        return EventText.Of(new(logEvent.Timestamp, logEvent.Level, logEvent.Exception, logEvent.MessageTemplate, properties));
    }

    /// <summary>
    /// The line in parts of at most so many columns, cut between words; each but the first begins below the text of the first. A word that is longer,
    /// such as a URL, stays whole.
    /// </summary>
    public static IEnumerable<string> Wrap(string line, int columns)
    {
        columns = Math.Max(columns, NarrowestText);
        var indent = new string(' ', TextStart(line) is var start && start + NarrowestText <= columns ? start : 0);
        var from = "";
        while (from.Length + line.Length > columns)
        {
            var room = columns - from.Length;
            var first = from.Length == 0 ? indent.Length : 0;
            var end = line.LastIndexOf(' ', room, room - first);
            end = end > first ? end : line.IndexOf(' ', Math.Min(room, line.Length - 1));
            if (end < 0)
            {
                break;
            }

            yield return from + line[..end].TrimEnd();
            line = line[end..].TrimStart();
            from = indent;
        }

        if (line.Length > 0)
        {
            yield return from + line;
        }
    }

    /// <summary>A text of at most so many characters, with a mark where its middle was.</summary>
    public static string CutMiddle(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        // By what people see as a character: half of a pair would be shown as damage.
        var signs = StringInfo.ParseCombiningCharacters(text);
        var (head, tail) = (length / 2, length - (length / 2) - 1);
        return text[..signs.Last(at => at <= head)] + "…" + text[signs.First(at => at >= text.Length - tail)..];
    }

    /// <summary>Where the text of a line begins: behind its indentation, and behind a column in front of it.</summary>
    private static int TextStart(string line)
    {
        var start = line.TakeWhile(sign => sign == ' ').Count();
        var word = line.IndexOf(' ', start);
        if (word < 0)
        {
            return start;
        }

        var behind = line.AsSpan(word).IndexOfAnyExcept(' ');
        return behind > 1 ? word + behind : start;
    }
}
