using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>Reads along what is sent to a server. Goes round whatever was intercepted before.</summary>
internal sealed class WireTap
{
    private readonly ConcurrentQueue<byte[]> _fetches = new();
    private readonly ConcurrentQueue<byte[]> _pushes = new();

    internal WireTap(GitHttpBackend server)
    {
        var inner = server.Intercept;
        server.Intercept = async (context, next) =>
        {
            if (context.Request.Method == "POST")
            {
                var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                (context.Request.Path.Value!.EndsWith("git-upload-pack", StringComparison.Ordinal) ? _fetches : _pushes).Enqueue(
                    context.Request.Headers.ContentEncoding == "gzip" ? Unzipped(body.ToArray()) : body.ToArray()
                );
                body.Position = 0;
                context.Request.Body = body;
            }

            await (inner is null ? next() : inner(context, next));
        };
    }

    /// <summary>The lines of each request for a pack, requests that leave out objects aside.</summary>
    internal IReadOnlyList<string[]> Fetches =>
        [
            .. _fetches
                .Select(Lines)
                .Where(lines =>
                    lines.Any(l => l.StartsWith("want ", StringComparison.Ordinal))
                    && !lines.Any(l => l.StartsWith("filter ", StringComparison.Ordinal))
                ),
        ];

    /// <summary>The commands of each push, as <c>old new name</c> with one character per byte; probes aside.</summary>
    internal IReadOnlyList<string[]> Pushes =>
        [.. _pushes.Select(Lines).Where(lines => lines.Length > 0).Select(lines => lines.Select(l => l.Split('\0')[0]).ToArray())];

    /// <summary>The number of objects that the pack of each push promises; null for a push without one.</summary>
    internal IReadOnlyList<int?> PackedObjects => [.. _pushes.Select(ObjectsOf)];

    private static int? ObjectsOf(byte[] push)
    {
        var pack = push.AsSpan().IndexOf("0000PACK"u8);
        return pack < 0 ? null : System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(push.AsSpan(pack + 12));
    }

    /// <summary>All pkt-lines up to the flush, without line feeds.</summary>
    internal static string[] Lines(byte[] body)
    {
        var lines = new List<string>();
        for (var at = 0; at + 4 <= body.Length; )
        {
            var length = int.Parse(Encoding.ASCII.GetString(body, at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
                break;
            if (length > 4)
                lines.Add(Encoding.Latin1.GetString(body, at + 4, length - 4).TrimEnd('\n'));
            at += Math.Max(length, 4);
        }

        return [.. lines];
    }

    private static byte[] Unzipped(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        var whole = new MemoryStream();
        gzip.CopyTo(whole);
        return whole.ToArray();
    }
}
