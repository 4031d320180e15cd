using System.Globalization;
using System.Text;

namespace MirrorAction.Alarms;

/// <summary>
/// The pings of a dead man's switch. Healthchecks: <c>POST URL/start</c>, <c>URL</c> and <c>URL/fail</c>, each with the id of the run, the last two
/// with a text. Uptime Kuma, whose paths have <c>/api/push/</c>, takes no start: <c>?status=up|down&amp;msg=…&amp;ping=MILLISECONDS</c>.
/// </summary>
/// <param name="url">The address of the switch.</param>
/// <param name="run">The id that pairs start and end of a run.</param>
internal sealed class Heartbeat(Uri url, Guid run)
{
    /// <summary>What Healthchecks keeps of a body; other services of its kind keep less or nothing.</summary>
    private const int MaxBody = 10_000;

    /// <summary>A message is part of the address, for which servers have limits.</summary>
    private const int MaxMessage = 250;

    /// <summary>What Uptime Kuma takes for a duration, in milliseconds.</summary>
    private const long MaxPing = 100_000_000_000;

    private static readonly string[] s_ofKuma = ["status", "msg", "ping"];

    private bool IsKuma => url.AbsolutePath.Contains("/api/push/", StringComparison.Ordinal);

    /// <summary>The ping of a start; null for a switch that knows none.</summary>
    public HttpRequestMessage? Start() => IsKuma ? null : Healthchecks("/start", "");

    /// <summary>The ping of an end.</summary>
    public HttpRequestMessage End(Alarm alarm)
    {
        var failed = alarm.ExitCode != 0;
        return IsKuma
            ? Kuma(failed, alarm)
            : Healthchecks(failed ? "/fail" : "", AlarmText.Fit([alarm.Title, .. alarm.Lines], MaxBody, AlarmText.Bytes));
    }

    private HttpRequestMessage Healthchecks(string state, string body)
    {
        var target = new UriBuilder(url) { Path = url.AbsolutePath.TrimEnd('/') + state, Query = $"{Joined(url.Query)}rid={run:D}" };
        return new(HttpMethod.Post, target.Uri) { Content = new StringContent(body, Encoding.UTF8, "text/plain") };
    }

    private HttpRequestMessage Kuma(bool failed, Alarm alarm)
    {
        // What is copied from its page has these three already.
        var others = url.Query.TrimStart('?').Split('&').Where(pair => pair.Length > 0 && !s_ofKuma.Contains(pair.Split('=')[0]));
        var message = Uri.EscapeDataString(AlarmText.Fit([alarm.Title], MaxMessage));
        var ping = Math.Clamp(alarm.DurationMs, 0, MaxPing).ToString(CultureInfo.InvariantCulture);
        string[] pairs = [.. others, $"status={(failed ? "down" : "up")}", $"msg={message}", $"ping={ping}"];
        return new(HttpMethod.Get, new UriBuilder(url) { Query = string.Join('&', pairs) }.Uri);
    }

    private static string Joined(string query) => query.Length > 1 ? query[1..] + "&" : "";
}
