using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>Short forms for asking requests and for writing answers.</summary>
internal static class HttpAnswers
{
    /// <summary>Whether the request reads for, or does, a push.</summary>
    public static bool IsPush(this HttpRequest request) =>
        request.Path.Value!.EndsWith("/git-receive-pack", StringComparison.Ordinal)
        || request.Query["service"] == "git-receive-pack"
        || SandboxLfs.IsUpload(request.HttpContext);

    /// <summary>The address that the client knows the server by.</summary>
    public static string Origin(this HttpRequest request) => $"{request.Scheme}://{request.Host}";

    public static Task TextAsync(this HttpResponse response, int status, string text, string contentType = "text/plain; charset=utf-8") =>
        WriteAsync(response, status, contentType, text);

    public static Task JsonAsync(this HttpResponse response, int status, JsonNode body) =>
        WriteAsync(response, status, "application/json; charset=utf-8", body.ToJsonString());

    private static async Task WriteAsync(HttpResponse response, int status, string contentType, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes);
    }
}
