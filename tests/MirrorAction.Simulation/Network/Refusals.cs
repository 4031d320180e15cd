using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.Simulation.Git;

namespace MirrorAction.Simulation.Network;

/// <summary>What hosts and the machines before them say when they serve nobody.</summary>
internal static class Refusals
{
    /// <summary>The answer of a fault that has one.</summary>
    public static Answer For(Fault fault, HttpRequestMessage request, Call call) =>
        fault.Kind switch
        {
            FaultKind.TooMany => TooMany(fault.At, call),
            FaultKind.Unauthorized => call.IsSource && call.IsGit
                ? Answer.Text(401, "Invalid username or token. Password authentication is not supported for Git operations.\n")
            : call.IsSource ? Answer.Text(401, "{\"message\":\"Bad credentials\"}")
            : Answer.Text(401, "Token is invalid, expired, or not supported for this endpoint."),
            FaultKind.Echo => Echo(fault.At, request),
            FaultKind.EchoOfGit => EchoOfGit(fault.At, request, call),
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
        var answer =
            call is { IsSource: true, IsGit: false } && variant % 2 == 0
                ? Answer.Text(403, "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes before you try again.\"}")
                : Answer.Text(429, "Rate limit for this resource has been exceeded");
        if (variant % 3 != 0)
            answer.Headers["Retry-After"] = variant % 2 == 0 ? "0" : "60"; // Whole minutes: what a program adds at random changes no story.
        return answer;
    }

    /// <summary>A page that repeats the request's headers.</summary>
    private static Answer Echo(int variant, HttpRequestMessage request)
    {
        var text = TextOf(variant, request);
        return (variant % 4) switch
        {
            0 => Answer.Text(500, text),
            1 => Answer.Page(500, $"<b>{text}</b>"),
            2 => new Answer(503, "application/json", Encoding.UTF8.GetBytes(new JsonObject { ["message"] = text }.ToJsonString())),
            _ => new Answer(
                500,
                "application/json",
                Encoding.UTF8.GetBytes(
                    new JsonObject
                    {
                        ["error"] = new JsonObject { ["message"] = text, ["detail"] = text },
                    }.ToJsonString()
                )
            ),
        };
    }

    /// <summary>The same from git: an error line, the end of a pack that never comes, or the words of a hook.</summary>
    private static Answer EchoOfGit(int variant, HttpRequestMessage request, Call call)
    {
        var text = TextOf(variant, request);
        using var body = new MemoryStream();
        var bytes = Encoding.UTF8.GetBytes(text);
        if (call.Kind == CallKind.Push)
        {
            using var report = new MemoryStream();
            report.Line($"unpack {(variant % 2 == 0 ? "ok" : $"index-pack died: {Pkt.Text.GetString(bytes)}")}\n").End();
            return Git("receive-pack-result", body.Band(2, bytes, 1 + (variant % 90)).Band(1, report.ToArray()).End());
        }

        if (call.Kind == CallKind.Discover)
            return Git("receive-pack-advertisement", body.Line("# service=git-receive-pack\n").End().Line($"ERR {Pkt.Text.GetString(bytes)}\n"));
        if (call.Kind == CallKind.ListRefs || variant % 2 == 0)
            return Git("upload-pack-result", body.Line($"ERR {Pkt.Text.GetString(bytes)}\n"));
        return Git("upload-pack-result", body.Line("packfile\n").Band(2, bytes, 1 + (variant % 90)).Band(3, bytes));
    }

    private static Answer Git(string type, MemoryStream body) => new(200, $"application/x-git-{type}", body.ToArray());

    /// <summary>A text with a credential in some form, at such a place that a program that cuts the text may cut anywhere in it.</summary>
    private static string TextOf(int variant, HttpRequestMessage request)
    {
        var header = request.Headers.Authorization?.ToString() ?? "";
        var secret = request.Headers.Authorization?.Parameter ?? "";
        if (request.Headers.Authorization?.Scheme == "Basic")
            secret = Encoding.UTF8.GetString(Convert.FromBase64String(secret)).Split(':', 2)[1];
        var shown = (variant % 7) switch
        {
            0 => header,
            1 => secret,
            2 => Uri.EscapeDataString(secret),
            3 => secret.Insert(secret.Length / 2, "\u200b"),
            4 => secret.Insert(secret.Length / 2, "\r\n"),
            5 => header.Insert(header.Length - 10, "</b><b>"),
            _ => Convert.ToBase64String(Encoding.UTF8.GetBytes($"Bearer {secret}")),
        };
        var before = (variant % 3) switch
        {
            0 => variant / 7 % 60,
            1 => variant / 7 % 700,
            _ => 3900 + (variant / 7 % 300),
        };
        return $"{new string('.', before)} the request was Authorization: {shown} and it failed";
    }
}
