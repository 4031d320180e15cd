using System.Net;
using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Http;

namespace MirrorAction.Git.Transport;

/// <summary>Turns an HTTP answer that is not the expected one into an exception that says what the server meant.</summary>
internal static class HttpRefusal
{
    /// <summary>How much of an error page is read.</summary>
    private const int MaxBody = 64 << 10;

    /// <summary>How much of it is quoted.</summary>
    private const int MaxQuoted = 600;

    internal static async Task<GitRemoteException> ReadAsync(
        HttpResponseMessage response,
        Stream body,
        string peer,
        bool isLoginRenewed,
        TimeProvider time
    )
    {
        var text = await TextAsync(response, body);
        var status = $"{(int)response.StatusCode} {TextSanitizer.CleanEnd(response.ReasonPhrase ?? "")}".TrimEnd();
        return new GitRemoteException($"{peer} answered {status}{(text.Length > 0 ? ": " + text : "")}")
        {
            Status = response.StatusCode,
            RemoteMessage = text,
            RetryAfter = RetryAfter(response, time),
            IsLoginRenewed = isLoginRenewed,
        };
    }

    /// <summary>An answer of status 200 that is not git's: a login page, a proxy, a server without smart HTTP.</summary>
    internal static async Task<GitException> NotGitAsync(HttpResponseMessage response, Stream body, string expected, string peer)
    {
        var text = await TextAsync(response, body);
        var type = TextSanitizer.CleanEnd(response.Content.Headers.ContentType?.ToString() ?? "no content type");
        var message =
            $"{peer} answered with {type} where {expected} was expected; is this the URL of a git repository?"
            + $"{(text.Length > 0 ? $" It says: {text}" : "")}";
        return IsPage(response)
            ? new GitRemoteException(message)
            {
                Status = response.StatusCode,
                RemoteMessage = text,
                IsPage = true,
            }
            : new GitProtocolException(message);
    }

    /// <summary>A web page of status 200 where something else was due: a proxy, a login page, a host in trouble.</summary>
    internal static async Task<GitRemoteException> PageAsync(HttpResponseMessage response, Stream body, string peer)
    {
        var text = await TextAsync(response, body);
        return new GitRemoteException($"{peer} answered with a web page{(text.Length > 0 ? $": {text}" : ".")}")
        {
            Status = response.StatusCode,
            RemoteMessage = text,
            IsPage = true,
        };
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, Stream body)
    {
        var buffer = new byte[MaxBody];
        var length = 0;
        try
        {
            for (var read = -1; read != 0 && length < MaxBody; length += read)
            {
                read = await body.ReadAsync(buffer.AsMemory(length));
            }
        }
        catch (GitException)
        {
            // The status says enough.
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        text = IsPage(response) ? TextSanitizer.CleanPage(text) : TextSanitizer.CleanEnd(text);
        return text.Length > MaxQuoted ? text[..MaxQuoted] + "…" : text;
    }

    internal static bool IsPage(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType is "text/html";

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is { } w && w < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Statuses of a redirect.</summary>
    internal static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;
}
