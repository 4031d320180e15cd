using System.Buffers;
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
