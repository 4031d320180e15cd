using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MirrorAction.TestKit;

/// <summary>Answers one HTTP request by running <c>git http-backend</c> as a CGI program (RFC 3875).</summary>
internal static class GitCgi
{
    private const int LongestHeader = 16 * 1024;

    /// <summary>As itself: <c>git http-backend</c> would start it as a process of its own.</summary>
    private static readonly Lazy<string> s_program = new(() => Path.Combine(RealGit.Run(Path.GetTempPath(), "--exec-path"), "git-http-backend"));

    /// <summary>Serves the request from the repositories below a folder.</summary>
    /// <param name="context">The request; its body and the answer are streamed at the same time.</param>
    /// <param name="folder">The root of the repositories.</param>
    /// <param name="pathInfo">The path below it, such as <c>/acme/site.git/info/refs</c>.</param>
    /// <param name="user">Who is logged in, if anyone.</param>
    /// <param name="configuration">Settings of git for this request.</param>
    /// <param name="environment">More environment variables, for hooks.</param>
    public static async Task ServeAsync(
        HttpContext context,
        string folder,
        string pathInfo,
        string? user,
        IEnumerable<KeyValuePair<string, string>> configuration,
        IEnumerable<KeyValuePair<string, string>>? environment = null
    )
    {
        if (SandboxLfs.IsBatch(pathInfo))
        {
            await SandboxLfs.Of(folder).AnswerAsync(context, pathInfo);
            return;
        }

        using var process = Process.Start(StartInfo(context.Request, folder, pathInfo, user, configuration, environment))!;
        await using var kill = context.RequestAborted.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var sending = SendAsync(context.Request.Body, process, answered.Token);
        try
        {
            await ReceiveAsync(context.Response, process.StandardOutput.BaseStream, context.RequestAborted);
            await process.WaitForExitAsync(context.RequestAborted);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);

            // The request must not be read any more once this method has returned.
            await answered.CancelAsync();
            await sending;
            await error;
        }
    }

    private static ProcessStartInfo StartInfo(
        HttpRequest request,
        string folder,
        string pathInfo,
        string? user,
        IEnumerable<KeyValuePair<string, string>> configuration,
        IEnumerable<KeyValuePair<string, string>>? environment
    )
    {
        var start = RealGit.StartInfo(folder, [], configuration);
        start.FileName = s_program.Value;
        var variables = start.Environment;
        variables["GATEWAY_INTERFACE"] = "CGI/1.1";
        variables["SERVER_PROTOCOL"] = request.Protocol;
        variables["REMOTE_ADDR"] = "127.0.0.1";
        variables["REQUEST_METHOD"] = request.Method;
        variables["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "";
        variables["PATH_INFO"] = pathInfo;
        variables["GIT_PROJECT_ROOT"] = folder;
        variables["GIT_HTTP_EXPORT_ALL"] = "1";
        Set("CONTENT_TYPE", request.ContentType);
        Set("CONTENT_LENGTH", request.ContentLength?.ToString(CultureInfo.InvariantCulture));
        Set("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding);
        Set("GIT_PROTOCOL", request.Headers["Git-Protocol"]);
        Set("REMOTE_USER", user);
        foreach (var (name, value) in environment ?? [])
            variables[name] = value;
        return start;

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                variables[name] = value;
        }
    }

    private static async Task SendAsync(Stream body, Process process, CancellationToken cancellationToken)
    {
        var input = process.StandardInput.BaseStream;
        var buffer = new byte[64 * 1024];
        while (true)
        {
            int read;
            try
            {
                read = await body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client is gone in the middle of its request: git must not take the half for the whole.
                process.Kill(entireProcessTree: true);
                return;
            }

            try
            {
                if (read == 0)
                {
                    process.StandardInput.Close();
                    return;
                }

                await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // git has answered without reading on, and its answer counts.
                return;
            }
        }
    }

    private static async Task ReceiveAsync(HttpResponse response, Stream output, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        var end = -1;
        while (end < 0)
        {
            var read = await output.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0 || filled > LongestHeader)
            {
                response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            }

            filled += read;
            end = ReadHeader(response, buffer.AsSpan(0, filled));
        }

        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.WriteAsync(buffer.AsMemory(end, filled - end), cancellationToken);
        int next;
        while ((next = await output.ReadAsync(buffer, cancellationToken)) > 0)
            await response.Body.WriteAsync(buffer.AsMemory(0, next), cancellationToken);
    }

    /// <summary>Takes over the header when it is complete and returns where the body begins; -1 when more is needed.</summary>
    private static int ReadHeader(HttpResponse response, ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return -1;
        foreach (var line in Encoding.Latin1.GetString(received[..end]).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
                response.StatusCode = int.Parse(value.AsSpan(0, 3), CultureInfo.InvariantCulture);
            else
                response.Headers[name] = value;
        }

        return end + 4;
    }
}
