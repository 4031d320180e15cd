using System.Text.Json;

namespace MirrorAction.Alarms;

/// <summary>A workflow of Teams (Power Automate): an adaptive card. Text blocks take Markdown, so that what is quoted stands in text runs.</summary>
internal sealed class TeamsMessage : MessageService
{
    /// <summary>A message may have 28 KB; the rest is for the card around it.</summary>
    private const int MaxBytes = 20_000;

    /// <inheritdoc/>
    public override string Name => "Teams";

    /// <inheritdoc/>
    protected override bool Takes(Uri url) =>
        (IsHost(url, "logic.azure.com") || IsHost(url, "api.powerplatform.com") || IsHost(url, "logic.azure.us"))
        && url.AbsolutePath.Contains("/workflows/", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, Alarm alarm)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        WriteText(json, $"{Sign(alarm)} {alarm.Title}", isTitle: true);
        var left = MaxBytes;
        foreach (var line in alarm.Lines.TakeWhile(line => (left -= AlarmText.Bytes(line) + 100) > 0))
        {
            WriteText(json, line, isTitle: false);
        }

        json.WriteEndArray();
        if (alarm.Link is { } link)
        {
            json.WriteStartArray("actions");
            json.WriteStartObject();
            json.WriteString("type", "Action.OpenUrl");
            json.WriteString("title", "The run");
            json.WriteString("url", link.AbsoluteUri);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text, bool isTitle)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", AlarmText.WithoutMentions(text));
        if (isTitle)
        {
            json.WriteString("weight", "Bolder");
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
