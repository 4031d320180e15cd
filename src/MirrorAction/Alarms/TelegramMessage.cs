using System.Text.Json;
using MirrorAction.Inputs;

namespace MirrorAction.Alarms;

/// <summary>A message of a bot of Telegram: HTML with the text as it is between its tags, where Telegram looks for neither names nor links.</summary>
internal sealed class TelegramMessage : MessageService
{
    /// <summary>A message may have 4,096 characters; tags and the letters of entities are not counted.</summary>
    private const int MaxLines = 3800;

    private const int MaxTitle = 200;

    /// <inheritdoc/>
    public override string Name => "Telegram";

    /// <inheritdoc/>
    public override HttpRequestMessage Create(Uri url, Alarm alarm) =>
        new(HttpMethod.Post, new UriBuilder(url) { Query = "" }.Uri) { Content = Json(json => Write(json, alarm, url.Query)) };

    /// <inheritdoc/>
    protected override bool Takes(Uri url) => AlarmInputs.IsTelegram(url);

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, Alarm alarm) => Write(json, alarm, "");

    private static void Write(Utf8JsonWriter json, Alarm alarm, string query)
    {
        var title = AlarmText.Fit([AlarmText.WithoutMentions(alarm.Title)], MaxTitle);
        var lines = AlarmText.Fit(alarm.Lines.Select(AlarmText.WithoutMentions), MaxLines);
        var text = $"<b>{Sign(alarm)} {Html(title)}</b>\n<pre>{Html(lines)}</pre>";
        json.WriteStartObject();

        // The chat, and whatever else the address asks for: message_thread_id, disable_notification.
        foreach (var pair in query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).Where(pair => pair is [{ Length: > 0 }, _]))
        {
            if (pair[0] is not ("text" or "parse_mode"))
            {
                json.WriteString(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1]));
            }
        }

        json.WriteString("parse_mode", "HTML");
        json.WriteString("text", alarm.Link is { } link ? $"{text}\n<a href=\"{Html(link.AbsoluteUri)}\">The run</a>" : text);
        json.WriteEndObject();
    }

    private static string Html(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);
}
