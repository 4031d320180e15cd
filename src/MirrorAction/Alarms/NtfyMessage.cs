using System.Text.Json;

namespace MirrorAction.Alarms;

/// <summary>A topic of ntfy: JSON sent to the server's root, because headers take ASCII only. Its text is plain, not Markdown.</summary>
internal sealed class NtfyMessage : MessageService
{
    private const int MaxTitle = 250;

    /// <summary>Of UTF-8. A longer message becomes an attachment, which nobody sees on a phone.</summary>
    private const int MaxMessage = 4096;

    private const int High = 4;
    private const int Usual = 3;

    /// <inheritdoc/>
    public override string Name => "ntfy";

    /// <inheritdoc/>
    public override HttpRequestMessage Create(Uri url, Alarm alarm)
    {
        var path = url.AbsolutePath.TrimEnd('/');
        var slash = path.LastIndexOf('/');
        var root = new UriBuilder(url) { Path = path[..(slash + 1)] }.Uri;
        return new(HttpMethod.Post, root) { Content = Json(json => Write(json, alarm, Uri.UnescapeDataString(path[(slash + 1)..]))) };
    }

    /// <inheritdoc/>
    protected override bool Takes(Uri url) =>
        (IsHost(url, "ntfy.sh") || url.Host.StartsWith("ntfy.", StringComparison.OrdinalIgnoreCase)) && url.AbsolutePath.Trim('/').Length > 0;

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, Alarm alarm) => Write(json, alarm, "");

    private static void Write(Utf8JsonWriter json, Alarm alarm, string topic)
    {
        json.WriteStartObject();
        json.WriteString("topic", topic);
        json.WriteString("title", AlarmText.Fit([alarm.Title], MaxTitle));
        json.WriteString("message", AlarmText.Fit(alarm.Lines, MaxMessage, AlarmText.Bytes));
        json.WriteNumber("priority", alarm.Kind == AlarmKind.Failure ? High : Usual);
        json.WriteStartArray("tags");
        json.WriteStringValue(alarm.Kind == AlarmKind.Failure ? "x" : "white_check_mark"); // Names of ❌ and ✅.
        json.WriteEndArray();
        json.WriteBoolean("markdown", false);
        if (alarm.Link is { } link)
        {
            json.WriteString("click", link.AbsoluteUri);
        }

        json.WriteEndObject();
    }
}
