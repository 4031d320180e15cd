using System.Globalization;
using MirrorAction.Reporting;
using Serilog.Events;
using Serilog.Formatting.Display;
using Serilog.Parsing;

namespace MirrorAction.Logging;

/// <summary>
/// A message for the log: a template of constant text, and the values that it names. A value is a text, a number, a bool or a
/// <see cref="Measure"/>. Immutable.
/// </summary>
/// <param name="Template">The text with a <c>{Name}</c> for each value. No value is ever part of it.</param>
/// <param name="Values">The values in the order in which the template names them.</param>
internal sealed record LogMessage(string Template, params object?[] Values)
{
    private static readonly MessageTemplateParser s_parser = new();

    /// <summary>What the message is about although its text does not name it.</summary>
    private IReadOnlyList<(string Name, object? Value)> Context { get; init; } = [];

    /// <summary>A count with its noun: <c>{Refs} refs</c>, or <c>{Refs} ref</c> for one.</summary>
    /// <param name="name">The name of the value.</param>
    /// <param name="count">The value.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; null adds an <c>s</c>.</param>
    public static LogMessage Count(string name, long count, string one, string? many = null) =>
        new($"{{{name}}} {(count == 1 ? one : many ?? one + "s")}", count);

    /// <summary>The message with more text behind it.</summary>
    public LogMessage Then(string template, params object?[] values) => this with { Template = Template + template, Values = [.. Values, .. values] };

    /// <summary>The message with another behind it.</summary>
    public LogMessage Then(LogMessage next) => Then(next.Template, next.Values) with { Context = [.. Context, .. next.Context] };

    /// <summary>The message with a value that its text does not name.</summary>
    public LogMessage About(string name, object? value) => this with { Context = [.. Context, (name, value)] };

    /// <summary>The message as an event for Serilog.</summary>
    public LogEvent ToEvent(DateTimeOffset time, LogEventLevel level, Exception? exception = null)
    {
        var template = s_parser.Parse(Template);
        var named = template.Tokens.OfType<PropertyToken>().Zip(Values, (token, value) => (Name: token.PropertyName, Value: value));
        var properties = named.Concat(Context).Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value)));
        return new LogEvent(time, level, exception, template, properties);
    }

    /// <summary>The message as people read it.</summary>
    public override string ToString() => EventText.Message(ToEvent(DateTimeOffset.MinValue, LogEventLevel.Information));
}

/// <summary>Names of values that more than one place knows.</summary>
internal static class EventProperty
{
    /// <summary>A line to copy into a shell: never cut.</summary>
    public const string Command = "Command";

    /// <summary>What came of a repository or of a check, in one word.</summary>
    public const string Status = "Status";

    /// <summary>What came of the run, in one word.</summary>
    public const string Result = "Result";

    /// <summary>The source repository that the event is about.</summary>
    public const string Repository = "Repository";

    /// <summary>The check of doctor that the event is about.</summary>
    public const string Check = "Check";

    /// <summary>The shard that the event is about.</summary>
    public const string Shard = "Shard";

    /// <summary>The code of <c>report.json</c> for what went wrong.</summary>
    public const string Code = "Code";

    /// <summary>The file of the repository that the event is about.</summary>
    public const string File = "File";

    /// <summary>The line there, from 1.</summary>
    public const string Line = "Line";

    /// <summary>The column there, from 1.</summary>
    public const string Column = "Column";

    /// <summary>What the event is about, where its own text does not say so; null for the run.</summary>
    public static string? TitleOf(LogEvent logEvent) =>
        Unnamed(logEvent, Repository) ?? Unnamed(logEvent, Check) ?? (Unnamed(logEvent, Shard) is { } shard ? $"shard {shard}" : null);

    /// <summary>The event is about one repository, and stands below the line that names it.</summary>
    public static bool IsDetail(LogEvent logEvent) => Unnamed(logEvent, Repository) is not null;

    /// <summary>The event is a line to copy into a shell.</summary>
    public static bool IsCommand(LogEvent logEvent) => logEvent.Properties.ContainsKey(Command);

    /// <summary>The value as text; null when the event has none of this name.</summary>
    public static string? TextOf(LogEvent logEvent, string name) =>
        logEvent.Properties.TryGetValue(name, out var property) && property is ScalarValue { Value: { } value }
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : null;

    private static string? Unnamed(LogEvent logEvent, string name) =>
        logEvent.MessageTemplate.Tokens.OfType<PropertyToken>().Any(token => token.PropertyName == name) ? null : TextOf(logEvent, name);
}

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

/// <summary>
/// A number of bytes (<c>{Name:bytes}</c>) or milliseconds (<c>{Name:time}</c>): people read it with a unit, a log collector gets the number.
/// </summary>
/// <param name="Value">The number.</param>
internal readonly record struct Measure(long Value) : IFormattable
{
    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        format switch
        {
            "bytes" => Quantity.Bytes(Value),
            "time" => Quantity.Duration(Value),
            _ => Value.ToString(formatProvider),
        };

    /// <inheritdoc/>
    public override string ToString() => ToString(null, CultureInfo.InvariantCulture);
}
