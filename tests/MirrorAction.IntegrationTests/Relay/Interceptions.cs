using System.Text;
using Microsoft.AspNetCore.Http;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>What can come between a client and a server.</summary>
internal static class Interceptions
{
    internal static bool IsPushPost(this HttpRequest request) =>
        request.Method == "POST" && request.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal);

    internal static bool IsUploadPackPost(this HttpRequest request) =>
        request.Method == "POST" && request.Path.Value!.EndsWith("/git-upload-pack", StringComparison.Ordinal);

    internal static bool IsAdvertisement(this HttpRequest request) => request.Path.Value!.EndsWith("/info/refs", StringComparison.Ordinal);

    /// <summary>Goes round the requests of a kind; all others pass.</summary>
    internal static Interception On(Func<HttpRequest, bool> which, Interception what) =>
        (context, next) => which(context.Request) ? what(context, next) : next();

    /// <summary>Goes round the first request of a kind.</summary>
    internal static Interception Once(Func<HttpRequest, bool> which, Interception what)
    {
        var seen = 0;
        return (context, next) => which(context.Request) && Interlocked.Exchange(ref seen, 1) == 0 ? what(context, next) : next();
    }

    /// <summary>Answers in the server's place.</summary>
    internal static Interception Answer(int status, string body, string contentType) =>
        async (context, _) =>
        {
            // Read to the end, as a server does that wants to keep the connection.
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(body), context.RequestAborted);
        };

    /// <summary>Sends elsewhere.</summary>
    internal static Interception Redirect(int status, Func<HttpRequest, string> location) =>
        async (context, _) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.Headers.Location = location(context.Request);
        };

    /// <summary>Changes what the server answered; the text has one character per byte.</summary>
    internal static Interception Rewrite(Func<string, string> change) =>
        async (context, next) =>
        {
            var output = context.Response.Body;
            var answer = new MemoryStream();
            context.Response.Body = answer;
            await next();
            context.Response.Body = output;
            context.Response.ContentLength = null;
            await output.WriteAsync(Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(answer.ToArray()))), context.RequestAborted);
        };

    /// <summary>Declines a push as a whole, in a host's words, when something is wrong with its refs; every other push passes.</summary>
    /// <param name="words">What the host writes about these refs; null when it takes them.</param>
    /// <param name="reason">What it writes beside each.</param>
    internal static Interception Decline(Func<string[], string?> words, string reason) =>
        On(
            IsPushPost,
            async (context, next) =>
            {
                var names = await ReadRefsAsync(context.Request);
                if (names.Length == 0 || words(names) is not { } text)
                {
                    await next();
                    return;
                }

                var report = Pkt("unpack ok\n") + string.Concat(names.Select(name => Pkt($"ng {name} {reason}\n"))) + "0000";
                var bands = string.Concat(report.Chunk(60_000).Select(part => Pkt("\u0001" + new string(part))));
                context.Response.ContentType = "application/x-git-receive-pack-result";
                await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(Pkt("\u0002" + text) + bands + "0000"), context.RequestAborted);
            }
        );

    /// <summary>The refs of a push, whose body can be read again; none of a probe.</summary>
    internal static async Task<string[]> ReadRefsAsync(HttpRequest request)
    {
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        body.Position = 0;
        request.Body = body;
        return [.. WireTap.Lines(body.ToArray()).Select(line => line.Split('\0')[0].Split(' ')[2])];
    }

    /// <summary>A pkt-line.</summary>
    internal static string Pkt(string payload) => $"{payload.Length + 4:x4}{payload}";
}
