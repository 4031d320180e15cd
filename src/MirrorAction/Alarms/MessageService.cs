using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MirrorAction.Alarms;

/// <summary>
/// A service that takes messages: how its addresses look, and what it wants to be sent. What a message quotes of repositories and servers can call
/// nobody there and is no markup, and each of the service's limits is kept.
/// </summary>
internal abstract class MessageService
{
    private static readonly IReadOnlyList<MessageService> s_all =
    [
        new SlackMessage(),
        new TeamsMessage(),
        new DiscordMessage(),
        new TelegramMessage(),
        new NtfyMessage(),
    ];

    /// <summary>What people call it.</summary>
    public abstract string Name { get; }

    /// <summary>The service that an address is of; for any that is not known one that takes JSON.</summary>
    public static MessageService Of(Uri url) => s_all.FirstOrDefault(service => service.Takes(url)) ?? new JsonMessage();

    /// <summary>The request that sends a message.</summary>
    public virtual HttpRequestMessage Create(Uri url, Alarm alarm) => new(HttpMethod.Post, url) { Content = Json(json => Write(json, alarm)) };

    /// <summary>It is the service of an address.</summary>
    protected abstract bool Takes(Uri url);

    /// <summary>Writes the message, one JSON object.</summary>
    protected abstract void Write(Utf8JsonWriter json, Alarm alarm);

    /// <summary>The sign in front of a title.</summary>
    protected static string Sign(Alarm alarm) => alarm.Kind == AlarmKind.Failure ? "❌" : "✅";

    /// <summary>A body of JSON with a length: some services refuse one in chunks.</summary>
    protected static HttpContent Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return new ByteArrayContent(bytes.WrittenSpan.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
    }

    /// <summary>The host of an address is this one, or one below it.</summary>
    protected static bool IsHost(Uri url, string host) =>
        url.Host.Equals(host, StringComparison.OrdinalIgnoreCase) || url.Host.EndsWith("." + host, StringComparison.OrdinalIgnoreCase);
}

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

/// <summary>A webhook of Discord: an embed with the text as code, in which Discord looks for nothing, and no mention allowed at all.</summary>
internal sealed class DiscordMessage : MessageService
{
    private const int MaxTitle = 256;
    private const int MaxDescription = 4096;
    private const string Fence = "```";
    private const int Red = 0xD1242F;
    private const int Green = 0x1A7F37;

    /// <inheritdoc/>
    public override string Name => "Discord";

    /// <inheritdoc/>
    protected override bool Takes(Uri url) =>
        (IsHost(url, "discord.com") || IsHost(url, "discordapp.com")) && url.AbsolutePath.Contains("/webhooks/", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter json, Alarm alarm)
    {
        var lines = alarm.Lines.Select(line => AlarmText.WithoutMentions(line).Replace('`', '\''));
        json.WriteStartObject();
        json.WriteStartObject("allowed_mentions");
        json.WriteStartArray("parse");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("embeds");
        json.WriteStartObject();
        json.WriteString("title", AlarmText.Fit([$"{Sign(alarm)} {alarm.Title}"], MaxTitle));
        json.WriteString("description", $"{Fence}\n{AlarmText.Fit(lines, MaxDescription - (2 * Fence.Length) - 2)}\n{Fence}");
        json.WriteNumber("color", alarm.Kind == AlarmKind.Failure ? Red : Green);
        if (alarm.Link is { } link)
        {
            json.WriteString("url", link.AbsoluteUri);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

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
