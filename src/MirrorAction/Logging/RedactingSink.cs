using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace MirrorAction.Logging;

/// <summary>
/// Takes secrets out of an event before any other sink sees it: out of each value, of the exception, and of the message that the values make.
/// </summary>
/// <param name="inner">Gets events without secrets.</param>
/// <param name="redact">Takes secrets out of a text.</param>
internal sealed class RedactingSink(ILogEventSink inner, Func<string, string> redact) : ILogEventSink
{
    private const string MessageProperty = "Message";

    private static readonly MessageTemplate s_messageOnly = new MessageTemplateParser().Parse($"{{{MessageProperty}}}");

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent) => inner.Emit(Redacted(logEvent));

    private LogEvent Redacted(LogEvent logEvent)
    {
        var exception = logEvent.Exception is null ? null : new RedactedException(redact(logEvent.Exception.ToString()));
        var properties = logEvent.Properties.Select(property => new LogEventProperty(property.Key, Redacted(property.Value))).ToList();
        var redacted = new LogEvent(logEvent.Timestamp, logEvent.Level, exception, logEvent.MessageTemplate, properties);

        // The parts of a secret can stand in two values, or in a value and the words around it.
        var message = redact(EventText.Message(logEvent));
        if (message == EventText.Message(redacted))
        {
            return redacted;
        }

        properties.RemoveAll(property => property.Name == MessageProperty);
        properties.Add(new LogEventProperty(MessageProperty, new ScalarValue(message)));
        return new LogEvent(logEvent.Timestamp, logEvent.Level, exception, s_messageOnly, properties);
    }

    private ScalarValue Redacted(LogEventPropertyValue value)
    {
        // What is no scalar could be printed in many ways; as one text it can be searched.
        var plain = value is ScalarValue scalar ? scalar.Value : value.ToString(null, CultureInfo.InvariantCulture);
        var text = Convert.ToString(plain, CultureInfo.InvariantCulture) ?? "";
        var redacted = redact(text);
        return redacted == text ? new ScalarValue(plain) : new ScalarValue(redacted);
    }

    /// <summary>Stands in for an exception; all that sinks ask of one is its text.</summary>
    private sealed class RedactedException(string text) : Exception
    {
        public override string ToString() => text;
    }
}
