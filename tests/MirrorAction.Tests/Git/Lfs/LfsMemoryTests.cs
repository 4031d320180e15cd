using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Lfs;

/// <summary>
/// One large object, generated as it is read and thrown away as it arrives. The variable <c>MIRROR_LFS_TEST_BYTES</c> gives it another size, such as
/// 2147483648.
/// </summary>
[Collection<AloneCollection>]
public sealed class LfsMemoryTests
{
    private const long MaxHeap = 64 << 20;
    private const long DefaultSize = 160 << 20;

    private long _arrived;

    [Fact]
    public async Task Large_object_passes_through_without_being_held()
    {
        var given = Environment.GetEnvironmentVariable("MIRROR_LFS_TEST_BYTES");
        var size = given is null ? DefaultSize : long.Parse(given, CultureInfo.InvariantCulture);
        var pointer = new LfsPointer(OidOf(size), size);
        await using var server = await LoopbackServer.StartAsync(ServeAsync);
        using var http = new GitHttp(new GitHttpOptions());
        var endpoint = new GitEndpoint(new Uri(server.Url, "website.git"));
        var peak = 0L;
        var relay = new LfsRelay(
            new RemoteLfsSource(http, endpoint, new TransferCounter()),
            new RemoteLfsStore(http, endpoint, new TransferCounter(), _ => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false))),
            new TransferSlots(0),
            TimeProvider.System
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var outcome = await relay.MoveAsync([pointer], TestContext.Current.CancellationToken);

        outcome.Failed.ShouldBeEmpty();
        _arrived.ShouldBe(size);
        (peak - before).ShouldBeLessThan(MaxHeap);
    }

    private static string OidOf(long size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in Parts(size))
        {
            hash.AppendData(part.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(long size)
    {
        var bytes = new RandomBytes(1).Take(1 << 16);
        for (; size > 0; size -= bytes.Length)
        {
            yield return bytes.AsMemory(0, (int)Math.Min(size, bytes.Length));
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        var size = context.Request.ContentLength ?? 0;
        if (context.Request.Method == "POST")
        {
            var question = (JsonNode)context.Items[typeof(SandboxLfs)]!;
            var (oid, length) = ((string)question["objects"]![0]!["oid"]!, (long)question["objects"]![0]!["size"]!);
            var link = new JsonObject { ["href"] = $"http://{context.Request.Host}/object?{length}" };
            var action = (string?)question["operation"] == "upload" ? "upload" : "download";
            var answer = new JsonObject
            {
                ["oid"] = oid,
                ["size"] = length,
                ["actions"] = new JsonObject { [action] = link },
            };
            await context.Response.WriteAsync(new JsonObject { ["objects"] = new JsonArray(answer) }.ToJsonString());
        }
        else if (context.Request.Method == "GET")
        {
            size = long.Parse(context.Request.QueryString.Value![1..], CultureInfo.InvariantCulture);
            context.Response.ContentLength = size;
            foreach (var part in Parts(size))
            {
                await context.Response.Body.WriteAsync(part);
            }
        }
        else
        {
            var buffer = new byte[1 << 16];
            while (await context.Request.Body.ReadAsync(buffer) is > 0 and var count)
            {
                _arrived += count;
            }

            size.ShouldBe(_arrived);
        }
    }
}
