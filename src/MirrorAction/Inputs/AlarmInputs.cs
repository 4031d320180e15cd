namespace MirrorAction.Inputs;

/// <summary>The inputs that say who is told how a run ended, and whether it took place at all.</summary>
internal static class AlarmInputs
{
    private const string Group = "Alarms";

    public static ActionInput<SecretUrl?> HeartbeatUrl { get; } =
        new("heartbeat-url", InputKind.Text, SecretUrl.Read)
        {
            Group = Group,
            Summary = "URL of a dead man's switch, which is told of start, success and failure of each run",
            Text =
                "URL of a dead man's switch, such as a check of Healthchecks or a push monitor of Uptime Kuma. It is told when a run starts, "
                + "succeeds and fails, and raises the alarm when it hears nothing. A secret. Environment: `MIRROR_HEARTBEAT_URL`.",
            Fallback = "MIRROR_HEARTBEAT_URL",
            IsSecret = true,
        };

    public static ActionInput<SecretUrl?> NotifyUrl { get; } =
        new("notify-url", InputKind.Text, ReadNotifyUrl)
        {
            Group = Group,
            Summary = "URL that is sent a message: Slack, Teams, Discord, Telegram, ntfy, or any program that takes JSON",
            Text =
                "URL that is sent a message about the run. The URL tells the form: webhooks of Slack, Teams (a workflow) and Discord, Telegram "
                + "(`https://api.telegram.org/bot<TOKEN>/sendMessage?chat_id=<ID>`), ntfy (`https://ntfy.sh/<TOPIC>`); any other gets JSON. "
                + "A secret. Environment: `MIRROR_NOTIFY_URL`.",
            Fallback = "MIRROR_NOTIFY_URL",
            IsSecret = true,
        };

    public static ActionInput<NotifyOn> NotifyOn { get; } =
        ActionInput.Choice(
            "notify-on",
            "Which runs `notify-url` is told of: each `failure`; each `change`, which is a failure that the last run did not have, and the first "
                + "success after one; or `always`. What the last run was is read from `history`, the report in `report-dir` or `previous-report`.",
            [("failure", Inputs.NotifyOn.Failure), ("change", Inputs.NotifyOn.Change), ("always", Inputs.NotifyOn.Always)],
            "change"
        ) with
        {
            Group = Group,
            Summary = "Which runs the notify-url is told of",
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [HeartbeatUrl, NotifyUrl, NotifyOn];

    /// <summary>Reads them.</summary>
    public static AlarmSettings Read(CheckedInputs inputs) => new(inputs.Read(HeartbeatUrl), inputs.Read(NotifyUrl), inputs.Read(NotifyOn));

    /// <summary>
    /// What the environment says, for a run whose configuration is wrong: that has to be told as well. An address that is itself wrong is none.
    /// </summary>
    public static AlarmSettings ReadUnchecked(EnvironmentVariables environment)
    {
        return new(UrlOf(HeartbeatUrl), UrlOf(NotifyUrl), Inputs.NotifyOn.Failure);

        SecretUrl? UrlOf(ActionInput<SecretUrl?> input)
        {
            try
            {
                return (environment[input.Variable] ?? environment[input.Fallback!]) is { } text ? input.Parse(text) : null;
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }

    private static SecretUrl ReadNotifyUrl(string text)
    {
        var secret = SecretUrl.Read(text);
        var url = secret.Reveal();
        if (url.Host.EndsWith(".webhook.office.com", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException(
                "is a connector of Office 365, which Microsoft switched off in May 2026; make a workflow in Teams (When a Teams webhook request is "
                    + "received) and give its URL."
            );
        }

        return IsTelegram(url) && !url.Query.Contains("chat_id=", StringComparison.Ordinal)
            ? throw new FormatException("names no chat; add ?chat_id= with the id of the chat, such as ?chat_id=-1001234567890.")
            : secret;
    }

    /// <summary>The address of Telegram's Bot API, at Telegram or at a server of one's own.</summary>
    public static bool IsTelegram(Uri url) => url.Segments is [_, var bot, "sendMessage"] && bot.StartsWith("bot", StringComparison.Ordinal);
}

/// <summary>Who is told of a run. Shows no secret as text.</summary>
/// <param name="Heartbeat">The dead man's switch; null for none.</param>
/// <param name="Notify">Where messages go; null for nowhere.</param>
/// <param name="NotifyOn">Which runs a message is sent for.</param>
internal sealed record AlarmSettings(SecretUrl? Heartbeat, SecretUrl? Notify, NotifyOn NotifyOn)
{
    /// <summary>Nobody.</summary>
    public static AlarmSettings None { get; } = new(null, null, NotifyOn.Change);
}

/// <summary>Which runs a message is sent for.</summary>
internal enum NotifyOn
{
    /// <summary>Those that failed.</summary>
    Failure,

    /// <summary>Those that ended in another way than the last one.</summary>
    Change,

    /// <summary>All.</summary>
    Always,
}
