using System.Globalization;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace MirrorAction.Logging;

/// <summary>Events as people read them: texts without quotation marks, numbers with their units.</summary>
internal static class EventText
{
    private static readonly MessageTemplateTextFormatter s_message = new("{Message:l}", CultureInfo.InvariantCulture);

    /// <summary>The message with its values.</summary>
    public static string Message(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        s_message.Format(logEvent, text);
        return text.ToString();
    }

    /// <summary>The message, and below it the exception if there is one.</summary>
    public static string Of(LogEvent logEvent) => logEvent.Exception is null ? Message(logEvent) : $"{Message(logEvent)}\n{logEvent.Exception}";
}
