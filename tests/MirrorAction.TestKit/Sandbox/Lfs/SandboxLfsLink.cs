using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One request by a link of <see cref="SandboxLfs"/>.</summary>
internal sealed class SandboxLfsLink(SandboxLfs server, HttpContext context, string repository, string oid)
{
    private static readonly ConcurrentDictionary<string, int> s_uses = new(StringComparer.Ordinal);

    private string File => Path.Combine(server.FolderOf(repository), oid);

    public async Task ServeAsync()
    {
        var request = context.Request;
        var status = server.Check(request);
        var uses = s_uses.AddOrUpdate(request.Path + request.QueryString, 1, (_, n) => n + 1);
        if (server.UsesOfLinks is { } most && uses > most)
            status = 403;
        if (status != 200)
            await context.Response.TextAsync(status, status == 400 ? "Only one auth mechanism allowed" : "Request has expired");
        else if (request.Method == "PUT" && request.Query["kind"] == "upload")
            await TakeAsync();
        else if (request.Method == "POST" && request.Query["kind"] == "verify")
            await VerifyAsync();
        else if (request.Method == "GET" && System.IO.File.Exists(File))
            await GiveAsync();
        else
            await context.Response.TextAsync(404, "Not found");
    }

    private async Task GiveAsync()
    {
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        if (server.Damaged.Contains(oid))
            bytes[^1] ^= 1;
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = bytes.Length;
        if (server.Cut.TryGetValue(oid, out var cuts) && cuts > 0)
        {
            server.Cut[oid] = cuts - 1;
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes);
    }

    /// <summary>Object stores want its length beforehand. It is under its name only when it is whole and right.</summary>
    private async Task TakeAsync()
    {
        if (context.Request.ContentLength is null && server.Links == LfsLinks.Signed)
        {
            await context.Response.TextAsync(411, "A header you provided implies functionality that is not implemented: Transfer-Encoding");
            return;
        }

        Directory.CreateDirectory(server.FolderOf(repository));
        var draft = Path.Combine(server.FolderOf(repository), Guid.NewGuid().ToString("N"));
        try
        {
            await using (var file = System.IO.File.Create(draft))
                await context.Request.Body.CopyToAsync(file, context.RequestAborted);
            var bytes = await System.IO.File.ReadAllBytesAsync(draft);
            if (
                bytes.Length.ToString(CultureInfo.InvariantCulture) != context.Request.Query["size"]
                || Convert.ToHexStringLower(SHA256.HashData(bytes)) != oid
            )
                await context.Response.TextAsync(422, "The content does not match its SHA-256");
            else
                System.IO.File.Move(draft, File, overwrite: true);
        }
        finally
        {
            System.IO.File.Delete(draft);
        }
    }

    private async Task VerifyAsync()
    {
        var question = await JsonNode.ParseAsync(context.Request.Body);
        var isRight =
            System.IO.File.Exists(File)
            && (string?)question!["oid"] == oid
            && ((long)question["size"]!).ToString(CultureInfo.InvariantCulture) == context.Request.Query["size"];
        await context.Response.TextAsync(isRight ? 200 : 404, "{}");
    }
}
