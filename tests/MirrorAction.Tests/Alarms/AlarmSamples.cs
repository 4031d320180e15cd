using MirrorAction.Alarms;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Alarms;

/// <summary>Addresses and runs for tests of alarms.</summary>
internal static class AlarmSamples
{
    public const string Slack = "https://hooks.slack.com/services/T0123456789/B0123456789/XyZ0123456789abcdefghijk";
    public const string Discord = "https://discord.com/api/webhooks/123456789012345678/AbCdEf0123456789-abcdefghijklmnop";
    public const string Teams =
        "https://prod-01.westeurope.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=2016-06-01&sig=Q1w2E3r4T5y6U7i8O9p0";
    public const string Telegram = "https://api.telegram.org/bot123456789:AAF0123456789abcdefghijklmnopqrstuv/sendMessage?chat_id=-1001234567890";
    public const string Ntfy = "https://ntfy.sh/acme-mirror-x7k2m9p4";
    public const string Json = "https://hooks.acme.example/hook/0123456789abcdef";
    public const string Healthchecks = "https://hc-ping.com/3f2504e0-4f89-11d3-9a0c-0305e82c3301";
    public const string Kuma = "https://status.acme.example/api/push/aB3dE5fG7h?status=up&msg=OK&ping=";

    public static TheoryData<string, string> Services =>
        new()
        {
            { "Slack", Slack },
            { "Discord", Discord },
            { "Teams", Teams },
            { "Telegram", Telegram },
            { "ntfy", Ntfy },
            { "JSON", Json },
        };

    public static Alarm Alarm(RunReport report, int code = 1) =>
        AlarmText.Of(report, code, code == 0 ? AlarmKind.Success : AlarmKind.Failure, new("https://github.com/acme/mirror/actions/runs/42"));

    /// <summary>What a stranger could make a repository, a branch or an answer say.</summary>
    public static RunReport Hostile()
    {
        const string Calls =
            "<!here> <!channel> <@U123> @channel @everyone @here @admin <users/all> [pay](https://evil.example) <b>x</b></pre> ```\n*bold* # h &lt;!here&gt; "
            + "\u001b[31m \u202e :bomb: <at>Everyone</at>";
        return Sample.Run(Sample.Failed("bad", Calls), Sample.Repository("docs"));
    }

    /// <summary>More than any service takes.</summary>
    public static RunReport Large(int repositories = 5000) =>
        Sample.Run([
            .. Enumerable.Range(0, repositories).Select(i => Sample.Failed($"repository-{i}", string.Concat(Enumerable.Repeat("&<ö€😀", 200)))),
        ]);
}
