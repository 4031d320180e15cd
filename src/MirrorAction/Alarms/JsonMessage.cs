using System.Globalization;
using System.Text.Json;

namespace MirrorAction.Alarms;

/// <summary>A program: what the run did, as JSON. The member <c>text</c> is what Mattermost and Rocket.Chat show.</summary>
internal sealed class JsonMessage : MessageService
{
    /// <summary>More are in the report.</summary>
    private const int MaxFailed = 100;

    /// <inheritdoc/>
    public override string Name => "JSON";

    /// <inheritdoc/>
    protected override bool Takes(Uri url) => true;

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, Alarm alarm)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 1);
        json.WriteString("event", JsonNamingPolicy.KebabCaseLower.ConvertName(alarm.Kind.ToString()));
        json.WriteString("text", $"{Sign(alarm)} {AlarmText.WithoutMentions(alarm.Title)}");
        json.WriteNumber("exitCode", alarm.ExitCode);
        json.WriteString("url", alarm.Link?.AbsoluteUri);
        WriteStrings(json, "lines", alarm.Lines);
        if (alarm.Report is { } report)
        {
            json.WriteString("mode", report.Mode);
            json.WriteString("startedAt", report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("durationMs", report.DurationMs);
            WriteStrings(json, "owners", report.Source.Owners);
            json.WriteString("workspace", report.Destination.Workspace);
            json.WriteNumber("repositories", report.Totals.Repositories);
            json.WriteNumber("mirrored", report.Totals.Mirrored);
            json.WriteNumber("failed", report.Totals.Failed);
            json.WriteNumber("different", report.Totals.Different);
            var failed = report.Repositories.Where(repository => repository.Error is not null).Select(repository => repository.Source);
            WriteStrings(json, "failedRepositories", failed.Take(MaxFailed));
        }

        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
