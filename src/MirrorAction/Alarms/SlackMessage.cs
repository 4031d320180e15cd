using System.Text.Json;

namespace MirrorAction.Alarms;

/// <summary>An incoming webhook of Slack: blocks of plain text, in which Slack looks for no markup.</summary>
internal sealed class SlackMessage : MessageService
{
    private const string PlainText = "plain_text";
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;

    /// <inheritdoc/>
    public override string Name => "Slack";

    /// <inheritdoc/>
    protected override bool Takes(Uri url) => url.Host is "hooks.slack.com" or "hooks.slack-gov.com";

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, Alarm alarm)
    {
        json.WriteStartObject();
        json.WriteString("text", Plain(AlarmText.Fit([alarm.Title], MaxHeader))); // What a notification on a phone shows.
        json.WriteBoolean("mrkdwn", false);
        json.WriteBoolean("unfurl_links", false);
        json.WriteBoolean("unfurl_media", false);
        json.WriteStartArray("blocks");
        WriteBlock(json, "header", PlainText, Fit([$"{Sign(alarm)} {alarm.Title}"], MaxHeader));
        WriteBlock(json, "section", PlainText, Fit(alarm.Lines, MaxSection));
        if (alarm.Link is { } link)
        {
            WriteBlock(json, "section", "mrkdwn", $"<{Plain(link.AbsoluteUri)}|The run>");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, string type, string textType, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject("text");
        json.WriteString("type", textType);
        json.WriteString("text", text);
        if (textType == PlainText)
        {
            json.WriteBoolean("emoji", false); // Or :name: would be one.
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Fit(IEnumerable<string> lines, int max) => AlarmText.Fit(lines.Select(Plain), max);

    /// <summary>The three characters that mean something to Slack as the entities that it wants.</summary>
    private static string Plain(string text) =>
        AlarmText
            .WithoutMentions(text)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
