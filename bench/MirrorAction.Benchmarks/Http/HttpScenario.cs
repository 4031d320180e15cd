using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Benchmarks.Http;

/// <summary>Every choice of the wire path against what it was chosen over. What is decided by it stands in docs/PERFORMANCE.md.</summary>
internal sealed class HttpScenario(PeerProcess peers, ShapingProxy line, int packMiB, int rounds)
{
    private static readonly ObjectId s_id = ObjectId.Parse(HttpPeers.Id);
    private static readonly RefUpdate[] s_updates = [new(RefName.Branch("main"), ObjectId.Zero(ObjectFormat.Sha1), s_id)];

    /// <summary>KiB.</summary>
    private static readonly int[] s_copySizes = [16, 64, 128, 256, 512];

    /// <summary>KiB; 0 for none given.</summary>
    private static readonly int[] s_bufferSizes = [0, 256, 1024, 4096];

    private readonly int _packets = packMiB * 16;

    internal static Command Command()
    {
        var latency = Subcommand.Number("--latency-ms", 40, "Milliseconds there and back of the long line");
        var packMiB = Subcommand.Number("--pack-mib", 256, "MiB of the pack");
        var rounds = Subcommand.Number("--rounds", 5, "How often each variant is measured");
        return Subcommand.Of(
            "http",
            "Each choice of the wire path against what it was chosen over",
            result => RunAsync(result.GetValue(latency), result.GetValue(packMiB), result.GetValue(rounds)),
            latency,
            packMiB,
            rounds
        );
    }

    private static async Task RunAsync(int roundTrip, int packMiB, int rounds)
    {
        await using var peers = await PeerProcess.StartAsync();
        await using var line = ShapingProxy.Start(peers.Secure, TimeSpan.FromMilliseconds(roundTrip), double.PositiveInfinity);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"a long line is one of {roundTrip} ms there and back, behind TLS; wall, CPU and allocations are those of this process, the peers are another"
            )
        );
        var scenario = new HttpScenario(peers, line, packMiB, rounds);
        await scenario.RequestsAsync();
        await scenario.VersionsAsync();
        await scenario.HavesAsync();
        await scenario.PacksAsync();
    }

    /// <summary>What two requests a repository cost.</summary>
    private async Task RequestsAsync()
    {
        const int Repositories = 10;
        await Choice.MeasureAsync(
            $"Both preflights of {Repositories} repositories in turn, long line",
            rounds,
            new("at once, connections of a pool", () => PreflightsAsync(atOnce: true, _ => { })),
            new("one after the other, connections of a pool", () => PreflightsAsync(atOnce: false, _ => { })),
            new("at once, a connection each", () => PreflightsAsync(atOnce: true, handler => handler.PooledConnectionLifetime = TimeSpan.Zero))
        );

        async Task<string> PreflightsAsync(bool atOnce, Action<SocketsHttpHandler> tune)
        {
            var before = line.Connections;
            using var http = Connect(tune);
            for (var i = 0; i < Repositories; i++)
            {
                var listing = Source(http, line.Url).ListRefsAsync([], CancellationToken.None);
                if (!atOnce)
                {
                    await listing;
                }

                await Destination(http, line.Url).DiscoverAsync(CancellationToken.None);
                await listing;
            }

            return $"{line.Connections - before} connections";
        }
    }

    /// <summary>HTTP/1.1 and HTTP/2, for packs and for REST.</summary>
    private async Task VersionsAsync()
    {
        var packets = _packets / 4;
        await Choice.MeasureAsync(
            $"{packets / 16} MiB of pack, long line",
            rounds,
            new("down, HTTP/1.1", () => DownAsync(HttpVersion.Version11)),
            new("down, HTTP/2", () => DownAsync(HttpVersion.Version20)),
            new("up, HTTP/1.1", () => UpAsync(HttpVersion.Version11)),
            new("up, HTTP/2", () => UpAsync(HttpVersion.Version20))
        );
        await Choice.MeasureAsync(
            "40 REST requests, long line, from no connection on",
            rounds,
            new("pages one after the other, HTTP/1.1", () => RestAsync(HttpVersion.Version11, 1)),
            new("pages one after the other, HTTP/2", () => RestAsync(HttpVersion.Version20, 1)),
            new("8 at a time, HTTP/1.1", () => RestAsync(HttpVersion.Version11, 8)),
            new("8 at a time, HTTP/2", () => RestAsync(HttpVersion.Version20, 8))
        );

        async Task<string> DownAsync(Version version)
        {
            using var client = Client(version);
            using var content = new ByteArrayContent([]);
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{HttpPeers.Source(line.Url, packets)}/git-upload-pack")
            {
                Version = version,
                Content = content,
            };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await response.Content.CopyToAsync(Stream.Null);
            return "";
        }

        async Task<string> UpAsync(Version version)
        {
            using var client = Client(version);
            using var content = new StreamedContent(packets);
            using var response = await client.PostAsync(new Uri($"{HttpPeers.Destination(line.Url)}/git-receive-pack"), content);
            return "";
        }

        async Task<string> RestAsync(Version version, int atOnce)
        {
            var before = line.Connections;
            using var client = Client(version);
            await Parallel.ForAsync(
                0,
                40,
                new ParallelOptions { MaxDegreeOfParallelism = atOnce },
                async (i, token) => await client.GetByteArrayAsync(new Uri(line.Url, $"page/{i}"), token)
            );
            return $"{line.Connections - before} connections";
        }
    }

    /// <summary>A long list of haves as it is and by gzip.</summary>
    private async Task HavesAsync()
    {
        var noise = new RandomBytes(1);
        var request = new FetchRequest
        {
            Wants = [s_id],
            Haves = [.. Enumerable.Range(0, PackSender.MaxHaves).Select(_ => ObjectId.Parse(Convert.ToHexStringLower(noise.Take(20))))],
        };
        var plain = Fetch.RequestV2(request, ObjectFormat.Sha1, "mirror-action");
        await Choice.MeasureAsync(
            $"20 requests with {PackSender.MaxHaves} haves, long line",
            rounds,
            new("gzip, fastest", () => AskAsync(() => UploadPackClient.Compressed(plain, CompressionLevel.Fastest))),
            new("gzip, optimal", () => AskAsync(() => UploadPackClient.Compressed(plain, CompressionLevel.Optimal))),
            new("plain", () => AskAsync(() => new ReadOnlyMemoryContent(plain)))
        );

        async Task<string> AskAsync(Func<HttpContent> body)
        {
            using var client = Client(HttpVersion.Version11);
            var before = line.BytesToTarget;
            for (var i = 0; i < 20; i++)
            {
                using var content = body();
                using var response = await client.PostAsync(new Uri(line.Url, "haves"), content);
            }

            return string.Create(CultureInfo.InvariantCulture, $"{(line.BytesToTarget - before) / 20.0 / 1024:0.0} KiB a request");
        }
    }

    /// <summary>How a pack is passed on.</summary>
    private async Task PacksAsync()
    {
        await Choice.MeasureAsync(
            $"{packMiB} MiB relayed, no delay: bytes of a pack written at a time",
            rounds,
            [.. s_copySizes.Select(k => new Variant($"{k} KiB", () => RelayAsync(peers.Plain, new() { CopySize = k << 10 })))]
        );
        await Choice.MeasureAsync(
            $"{packMiB} MiB relayed, no delay: sockets' buffers",
            rounds,
            [
                .. s_bufferSizes.Select(k => new Variant(
                    k == 0 ? "as the kernel sizes them" : $"{k} KiB",
                    () => RelayAsync(peers.Plain, new() { Tune = Buffers(k << 10) })
                )),
            ]
        );
        await Choice.MeasureAsync(
            $"{packMiB} MiB relayed, no delay: passed on or held",
            rounds,
            new("streamed behind 4 MiB", () => RelayAsync(peers.Plain, new())),
            new("streamed behind 1 MiB", () => RelayAsync(peers.Plain, new() { PackMemory = 1 << 20 })),
            new("held as a whole, then sent", () => RelayAsync(peers.Plain, new() { PackMemory = 1 << 30 }))
        );
        await Choice.MeasureAsync(
            $"{packMiB} MiB relayed, no delay, behind TLS",
            rounds,
            new Variant("as it is", () => RelayAsync(peers.Secure, new()))
        );
    }

    private async Task<string> RelayAsync(Uri at, GitHttpOptions options)
    {
        GC.Collect(2, GCCollectionMode.Aggressive);
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5"); // The kernel begins a new peak.
        using var http = new GitHttp(
            options with
            {
                Tune = handler =>
                {
                    Trust(handler);
                    options.Tune?.Invoke(handler);
                },
            }
        );
        var source = Source(http, at, _packets);
        var refs = await source.ListRefsAsync([], CancellationToken.None);
        var destination = Destination(http, at);
        var advertisement = await destination.DiscoverAsync(CancellationToken.None);
        var results = await new PackRelay(source, refs, destination, advertisement, new RelayOptions()).RelayAsync(s_updates, CancellationToken.None);
        return results[0].Status == RefUpdateStatus.Ok
            ? string.Create(CultureInfo.InvariantCulture, $"peak {MeasuredRun.PeakOf(Environment.ProcessId) / 1048576.0:0} MiB")
            : throw new InvalidOperationException(results[0].Reason);
    }

    private static GitHttp Connect(Action<SocketsHttpHandler> tune) =>
        new(
            new GitHttpOptions
            {
                Tune = handler =>
                {
                    Trust(handler);
                    tune(handler);
                },
            }
        );

    private static HttpClient Client(Version version)
    {
        var handler = RestTransport.CreateHandler();
        Trust(handler);
        return new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    /// <summary>The peers signed their certificate themselves.</summary>
    private static void Trust(SocketsHttpHandler handler) =>
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == HttpPeers.Subject;

    private static Action<SocketsHttpHandler>? Buffers(int size) =>
        size == 0
            ? null
            : handler =>
                handler.ConnectCallback = async (context, token) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
                    {
                        NoDelay = true,
                        SendBufferSize = size,
                        ReceiveBufferSize = size,
                    };
                    await socket.ConnectAsync(context.DnsEndPoint, token);
                    return new NetworkStream(socket, ownsSocket: true);
                };

    private static UploadPackClient Source(GitHttp http, Uri at, int packets = 1) =>
        new(http, new GitEndpoint(HttpPeers.Source(at, packets)), new TransferCounter());

    private static ReceivePackClient Destination(GitHttp http, Uri at) =>
        new(http, new GitEndpoint(HttpPeers.Destination(at)), new TransferCounter());

    /// <summary>A body of so many packets that is written as it comes.</summary>
    private sealed class StreamedContent(int packets) : HttpContent
    {
        private readonly byte[] _packet = new byte[65515];

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < packets; i++)
            {
                await stream.WriteAsync(_packet);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
