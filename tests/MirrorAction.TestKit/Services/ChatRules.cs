using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MirrorAction.TestKit;

/// <summary>What chat services take, and what they make of it: their limits, their mentions, their markup.</summary>
internal static partial class ChatRules
{
    /// <summary>Slack: 50 blocks, 150 characters in a header, 3,000 in a section; markup only in what is not plain text.</summary>
    public static SentMessage Slack(JsonElement body)
    {
        var blocks = body.GetProperty("blocks").EnumerateArray().ToList();
        RefusedException.Unless(blocks.Count is > 0 and <= 50, "invalid_blocks");
        var seen = new List<string> { Decoded(body.GetProperty("text").GetString()!) };
        var calls = Calls(body.GetProperty("text").GetString()!);
        foreach (var block in blocks)
        {
            var text = block.GetProperty("text");
            var content = text.GetProperty("text").GetString()!;
            var isPlain = text.GetProperty("type").GetString() == "plain_text";
            var limit = block.GetProperty("type").GetString() == "header" ? 150 : 3000;
            RefusedException.Unless(content.Length > 0 && content.Length <= limit, $"invalid_blocks: {content.Length} of {limit} characters");
            RefusedException.Unless(isPlain || SlackLink().IsMatch(content), "markup beside the link");
            RefusedException.Unless(!isPlain || !text.GetProperty("emoji").GetBoolean(), "names of emoji would be replaced");
            RefusedException.Unless(!isPlain || content.AsSpan().IndexOfAny('<', '>') < 0, "a control sequence");
            calls |= Calls(content);
            seen.Add(Decoded(content));
        }

        return new("Slack", string.Join('\n', seen), calls);

        static string Decoded(string text) => WebUtility.HtmlDecode(text);
        static bool Calls(string text) => SlackCall().IsMatch(text);
    }

    /// <summary>Discord: 256 characters in a title, 4,096 in a description, 6,000 over all; mentions as far as they are allowed.</summary>
    public static SentMessage Discord(JsonElement body)
    {
        var embeds = body.GetProperty("embeds").EnumerateArray().ToList();
        RefusedException.Unless(embeds.Count is > 0 and <= 10, "embeds: must be 10 or fewer in length.");
        var seen = new StringBuilder();
        foreach (var embed in embeds)
        {
            var (title, description) = (embed.GetProperty("title").GetString()!, embed.GetProperty("description").GetString()!);
            RefusedException.Unless(title.Length <= 256, "title: Must be 256 or fewer in length.");
            RefusedException.Unless(description.Length <= 4096, "description: Must be 4096 or fewer in length.");
            var code = DiscordCode().Match(description);
            RefusedException.Unless(code.Success, "markup outside the code");
            seen.Append(title).Append('\n').Append(code.Groups[1].Value);
        }

        RefusedException.Unless(seen.Length <= 6000, "Embed size exceeds maximum size of 6000.");
        var allowed = !body.TryGetProperty("allowed_mentions", out var mentions) || mentions.GetProperty("parse").GetArrayLength() > 0;
        return new("Discord", seen.ToString(), allowed && AtCall().IsMatch(seen.ToString()));
    }

    /// <summary>Telegram: 4,096 characters once tags and entities are taken away; names that begin with @ call where they are not code.</summary>
    public static SentMessage Telegram(JsonElement body)
    {
        RefusedException.Unless(body.TryGetProperty("chat_id", out var chat) && chat.GetString()!.Length > 0, "Bad Request: chat_id is empty");
        RefusedException.Unless(body.GetProperty("parse_mode").GetString() == "HTML", "Bad Request: unsupported parse_mode");
        var html = body.GetProperty("text").GetString()!;
        var bare = TelegramTag().Replace(html, "");
        RefusedException.Unless(bare.AsSpan().IndexOfAny('<', '>') < 0, "Bad Request: can't parse entities: Unsupported start tag");
        var text = WebUtility.HtmlDecode(bare);
        RefusedException.Unless(text.Trim().Length is > 0 and <= 4096, "Bad Request: message is too long");
        return new("Telegram", text, AtCall().IsMatch(TelegramCode().Replace(html, "")));
    }

    /// <summary>ntfy: a topic of 64 characters, 4,096 bytes of message before it becomes an attachment.</summary>
    public static SentMessage Ntfy(JsonElement body)
    {
        RefusedException.Unless(NtfyTopic().IsMatch(body.GetProperty("topic").GetString()!), "invalid request: topic invalid");
        RefusedException.Unless(body.GetProperty("priority").GetInt32() is >= 1 and <= 5, "invalid request: priority invalid");
        RefusedException.Unless(!body.GetProperty("markdown").GetBoolean(), "markup");
        var message = body.GetProperty("message").GetString()!;
        RefusedException.Unless(Encoding.UTF8.GetByteCount(message) <= 4096, "it would become an attachment");
        return new("ntfy", $"{body.GetProperty("title").GetString()}\n{message}", Calls: false);
    }

    /// <summary>A workflow of Teams: 28 KB, an adaptive card; a text block takes Markdown, and a mention is an entity.</summary>
    public static SentMessage Teams(JsonElement body, int bytes)
    {
        RefusedException.Unless(bytes <= 28 * 1024, "The request size exceeds the limit.");
        RefusedException.Unless(body.GetProperty("type").GetString() == "message", "expected a message");
        var attachment = body.GetProperty("attachments").EnumerateArray().Single();
        RefusedException.Unless(
            attachment.GetProperty("contentType").GetString() == "application/vnd.microsoft.card.adaptive",
            "expected an adaptive card"
        );
        var card = attachment.GetProperty("content");
        RefusedException.Unless(card.GetProperty("type").GetString() == "AdaptiveCard", "expected an adaptive card");
        var seen = new List<string>();
        foreach (var block in card.GetProperty("body").EnumerateArray())
        {
            RefusedException.Unless(block.GetProperty("type").GetString() == "RichTextBlock", "Markdown");
            seen.AddRange(block.GetProperty("inlines").EnumerateArray().Select(run => run.GetProperty("text").GetString()!));
        }

        return new("Teams", string.Join('\n', seen), card.TryGetProperty("msteams", out _));
    }

    [GeneratedRegex(@"<!|<@|<#|@(here|channel|everyone)\b")]
    private static partial Regex SlackCall();

    [GeneratedRegex(@"^<https?://[^<>|]+\|[\w ]+>$")]
    private static partial Regex SlackLink();

    [GeneratedRegex(@"^```\n([^`]*)\n```$")]
    private static partial Regex DiscordCode();

    [GeneratedRegex(@"@\w")]
    private static partial Regex AtCall();

    [GeneratedRegex("</?(b|pre|a)( href=\"[^\"<>]*\")?>")]
    private static partial Regex TelegramTag();

    [GeneratedRegex("<pre>[^<]*</pre>")]
    private static partial Regex TelegramCode();

    [GeneratedRegex("^[-_A-Za-z0-9]{1,64}$")]
    private static partial Regex NtfyTopic();
}
