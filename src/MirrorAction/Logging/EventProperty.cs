using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace MirrorAction.Logging;

/// <summary>Names of values that more than one place knows.</summary>
internal static class EventProperty
{
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

    /// <summary>The value as text; null when the event has none of this name.</summary>
    public static string? TextOf(LogEvent logEvent, string name) =>
        logEvent.Properties.TryGetValue(name, out var property) && property is ScalarValue { Value: { } value }
            ? Convert.ToString(value, CultureInfo.InvariantCulture)
            : null;

    private static string? Unnamed(LogEvent logEvent, string name) =>
        logEvent.MessageTemplate.Tokens.OfType<PropertyToken>().Any(token => token.PropertyName == name) ? null : TextOf(logEvent, name);
}
