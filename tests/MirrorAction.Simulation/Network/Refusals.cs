using System.Globalization;
using System.Text;

namespace MirrorAction.Simulation.Network;

/// <summary>What hosts and the machines before them say when they serve nobody.</summary>
internal static class Refusals
{
    /// <summary>The answer of a fault that has one.</summary>
    public static Answer For(Fault fault, HttpRequestMessage request, Call call) => fault.Kind switch
    {
        FaultKind.TooMany => TooMany(fault.At, call),
        FaultKind.Unauthorized => call.IsSource && call.IsGit
            ? Answer.Text(401, "Invalid username or token. Password authentication is not supported for Git operations.\n")
            : call.IsSource ? Answer.Text(401, "{\"message\":\"Bad credentials\"}") : Answer.Text(401, "Token is invalid, expired, or not supported for this endpoint."),
        FaultKind.Echo => Echo(fault.At, request),
        _ => (fault.At % 4) switch
        {
            0 => Answer.Text(500, "internal error"),
            1 => Answer.Page(502, "<center><h1>502 Bad Gateway</h1></center>"),
            2 => Answer.Page(503, "We are having a problem serving your request."),
            _ => Answer.Text(504, "upstream request timeout"),
        },
    };

    private static Answer TooMany(int variant, Call call)
    {
        var answer = call is { IsSource: true, IsGit: false } && variant % 2 == 0
            ? Answer.Text(403, "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.\"}")
            : Answer.Text(429, "Rate limit for this resource has been exceeded");
        if (variant % 3 != 0)
            answer.Headers["Retry-After"] = (variant % 100).ToString(CultureInfo.InvariantCulture);
        return answer;
    }

    /// <summary>A page that repeats the request's headers, at such a place that a program that cuts the text may cut anywhere in them.</summary>
    private static Answer Echo(int variant, HttpRequestMessage request)
    {
        var header = request.Headers.Authorization?.ToString() ?? "";
        var secret = request.Headers.Authorization?.Parameter ?? "";
        if (request.Headers.Authorization?.Scheme == "Basic")
            secret = Encoding.UTF8.GetString(Convert.FromBase64String(secret)).Split(':', 2)[1];
        var shown = (variant % 6) switch
        {
            0 => header,
            1 => secret,
            2 => Uri.EscapeDataString(secret),
            3 => secret.Insert(secret.Length / 2, "\u200b"),
            4 => secret.Insert(secret.Length / 2, "\r\n"),
            _ => header.Insert(header.Length - 10, "</b><b>"),
        };
        var text = $"{new string('.', variant / 6 % 700)} the request was Authorization: {shown} and it failed";
        return variant % 2 == 0 ? Answer.Text(500, text) : Answer.Page(500, $"<b>{text}</b>");
    }
}
