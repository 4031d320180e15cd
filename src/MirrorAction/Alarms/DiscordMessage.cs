using System.Text.Json;

namespace MirrorAction.Alarms;

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
