using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>What dead man's switches take.</summary>
internal static class PingRules
{
    /// <summary>What Healthchecks keeps of a body, in bytes.</summary>
    private const int BodyLimit = 10_000;

    /// <summary>Healthchecks: <c>/UUID</c>, <c>/UUID/start</c>, <c>/UUID/fail</c>; the id of a run is a UUID.</summary>
    public static SentPing Healthchecks(HttpRequest request, string body)
    {
        var parts = request.Path.Value!.Trim('/').Split('/');
        if (!Guid.TryParse(parts[0], out _) || parts.Length > 2)
            throw new RefusedException("not found", StatusCodes.Status404NotFound);
        var run = request.Query["rid"].ToString();
        RefusedException.Unless(run.Length == 0 || Guid.TryParseExact(run, "D", out _), "invalid uuid format");
        var state = parts is [_, var action] ? action : "";
        RefusedException.Unless(state is "" or "start" or "fail", "invalid url format");
        RefusedException.Unless(Encoding.UTF8.GetByteCount(body) <= BodyLimit, "the end of the body would be lost");
        var word = state switch
        {
            "start" => "start",
            "fail" => "down",
            _ => "up",
        };
        return new(word, run.Length == 0 ? null : Guid.Parse(run), body);
    }

    /// <summary>Uptime Kuma: <c>/api/push/TOKEN?status=…&amp;msg=…&amp;ping=…</c>; any status but <c>up</c> is down.</summary>
    public static SentPing Kuma(HttpRequest request)
    {
        if (request.Path.Value!["/api/push/".Length..].Contains("unknown", StringComparison.Ordinal))
            throw new RefusedException("""{"ok":false,"msg":"Monitor not found or not active."}""", StatusCodes.Status404NotFound);
        string One(string name) => request.Query[name] is [var value] ? value! : throw new RefusedException($"{name} is there twice or not at all");
        var ping = double.Parse(One("ping"), CultureInfo.InvariantCulture);
        RefusedException.Unless(ping is >= 0 and <= 100_000_000_000, "Invalid ping value. Must be between 0 and 100000000000 ms.");
        return new(One("status") == "up" ? "up" : "down", null, One("msg"));
    }
}
