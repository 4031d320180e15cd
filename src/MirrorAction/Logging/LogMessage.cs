using Serilog.Events;
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
