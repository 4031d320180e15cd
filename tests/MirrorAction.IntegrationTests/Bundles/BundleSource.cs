using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Bundles;

/// <summary>A repository behind git's own server, and files that are made of what it serves.</summary>
internal sealed class BundleSource : IAsyncDisposable
{
    private static readonly string[] s_everything = ["refs/"];

    private readonly GitHttpBackend _server;
    private readonly GitHttp _http = new(new GitHttpOptions());
    private readonly ObjectFormat _format;

    private BundleSource(GitHttpBackend server, string format)
    {
        _server = server;
        _format = format == "sha1" ? ObjectFormat.Sha1 : ObjectFormat.Sha256;
        Repository = server.Create("website", format);
    }

    internal GitRepository Repository { get; }

    internal TempFolder Temp { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal static async Task<BundleSource> StartAsync(string format = "sha1") => new(await GitHttpBackend.StartAsync(), format);

    internal async Task<(UploadPackClient Client, RemoteRefs Refs)> ListAsync()
    {
        var client = new UploadPackClient(_http, new GitEndpoint(_server.UrlOf("website")), new TransferCounter());
        return (client, await client.ListRefsAsync(s_everything, Token));
    }

    /// <summary>Writes a bundle with all refs; only what is new since the refs that are known, thin.</summary>
    internal async Task<BundleFacts> WriteAsync(string path, IReadOnlyCollection<Ref> known)
    {
        var haves = known.Select(r => r.Id).ToHashSet();
        var (client, refs) = await ListAsync();
        var named = refs.Refs.OrderBy(r => r.Key).Select(r => new Ref(r.Key, r.Value)).ToList();
        if (refs.Head is { } head && refs.Refs.TryGetValue(head, out var tip))
            named.Add(new Ref(RefName.FromText("HEAD"), tip));
        var header = new BundleHeader
        {
            ObjectFormat = _format,
            Prerequisites = [.. known.Where(r => r.Name.IsBranch).Select(r => r.Id).Distinct()],
            Refs = named,
        };
        var wants = refs.Refs.Values.Except(haves).ToHashSet();
        await using var file = File.Create(path);
        using var session =
            wants.Count == 0
                ? null
                : await client.FetchAsync(
                    new FetchRequest
                    {
                        Wants = wants,
                        Haves = haves,
                        ThinPack = haves.Count > 0,
                        OfsDelta = true,
                    },
                    Token
                );
        return await BundleFile.WriteAsync(file, header, session, null, Token);
    }

    /// <summary>Indexes the pack of a bundle.</summary>
    internal static async Task<PackFile> IndexAsync(string path, IReadOnlyList<PackFile> earlier)
    {
        var bytes = await File.ReadAllBytesAsync(path, Token);
        var stream = new MemoryStream(bytes);
        var header = await BundleFile.ReadHeaderAsync(stream, Token);
        var start = stream.Position;
        var pack = new PackFile(stream, start, PackIndex.Build(stream, header.ObjectFormat, earlier, Token));
        header.Prerequisites.ShouldAllBe(id => earlier.Any(p => p.Index.Contains(id)));
        header.Refs.ShouldAllBe(r => earlier.Append(pack).Any(p => p.Index.Contains(r.Id)));
        return pack;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        Temp.Dispose();
    }
}
