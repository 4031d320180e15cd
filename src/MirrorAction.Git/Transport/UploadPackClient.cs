using System.IO.Compression;
using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Transport;

/// <summary>
/// The reading side: lists refs and fetches packs from <c>git-upload-pack</c>. Speaks protocol v2, and v0 where the server knows no other.
/// Remembers what it learnt of the server, so use one instance per repository and attempt. Not thread-safe.
/// </summary>
public sealed class UploadPackClient : IFetchSource
{
    /// <summary>Shorter requests do not gain from compression; git has the same bound.</summary>
    private const int MinGzipLength = 1024;

    /// <summary>Statuses that answer the question. Any other may only mean that the server wants to be asked in another way.</summary>
    private static readonly HttpStatusCode[] s_answers =
    [
        HttpStatusCode.Unauthorized,
        HttpStatusCode.Forbidden,
        HttpStatusCode.NotFound,
        HttpStatusCode.ProxyAuthenticationRequired,
        HttpStatusCode.Gone,
        HttpStatusCode.TooManyRequests,
        HttpStatusCode.UnavailableForLegalReasons,
        HttpStatusCode.BadGateway,
        HttpStatusCode.ServiceUnavailable,
        HttpStatusCode.GatewayTimeout,
    ];

    private readonly SmartHttpClient _http;
    private CapabilityList? _v0Capabilities;
    private ObjectFormat _format;

    /// <summary>Prepares the conversation; nothing is sent.</summary>
    /// <param name="http">The connections; stay the caller's.</param>
    /// <param name="endpoint">The repository.</param>
    /// <param name="counter">Where requests and bytes are counted.</param>
    public UploadPackClient(GitHttp http, GitEndpoint endpoint, TransferCounter counter) => _http = new SmartHttpClient(http, endpoint, counter);

    /// <inheritdoc/>
    public string Peer => _http.Peer;

    /// <inheritdoc/>
    public GitHttpOptions Options => _http.Options;

    /// <summary>False when the server is known to have no filters; a v2 server is not asked beforehand.</summary>
    public bool CanFilter => _v0Capabilities?.Has("filter") ?? true;

    /// <summary>False when the server is known to give history whole; a v2 server is not asked beforehand.</summary>
    public bool GivesTipsOnly => _v0Capabilities?.Has("shallow") ?? true;

    /// <summary>A v0 server gives what it lists, unless it says more; a v2 server whatever it has.</summary>
    public bool GivesAnyObject => _v0Capabilities?.Has("allow-any-sha1-in-want") ?? true;

    /// <summary>Lists <c>HEAD</c> and the refs below the prefixes of the patterns, and holds what they take in.</summary>
    /// <exception cref="GitException">The server refused, was not understood, or could not be reached.</exception>
    public Task<RemoteRefs> ListRefsAsync(RefPatternSet patterns, CancellationToken cancellationToken) =>
        ListRefsAsync(patterns.Prefixes, patterns.Includes, cancellationToken);

    /// <summary>Lists <c>HEAD</c> and the refs below the prefixes.</summary>
    /// <exception cref="GitException">The server refused, was not understood, or could not be reached.</exception>
    public Task<RemoteRefs> ListRefsAsync(IReadOnlyList<string> prefixes, CancellationToken cancellationToken) =>
        ListRefsAsync(prefixes, null, cancellationToken);

    /// <summary>One request to a server that speaks v2, which is asked without discovery.</summary>
    private async Task<RemoteRefs> ListRefsAsync(IReadOnlyList<string> prefixes, Func<RefName, bool>? needsTip, CancellationToken cancellationToken)
    {
        try
        {
            return await ListV2Async(prefixes, needsTip, ObjectFormat.Sha1, cancellationToken);
        }
        catch (GitException e) when (e.In(GitService.UploadPack) || IsReasonToDiscover(e))
        {
            return await DiscoverAndListAsync(prefixes, needsTip, e, cancellationToken);
        }
    }

    /// <summary>Asks for a pack; the session begins with its first byte and must be disposed.</summary>
    /// <exception cref="GitException">The server refused, was not understood, or could not be reached.</exception>
    public async Task<FetchSession> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenFetchAsync(request, cancellationToken);
        }
        catch (GitException e) when (e.In(GitService.UploadPack))
        {
            throw;
        }
    }

    private async Task<FetchSession> OpenFetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        var isV2 = _v0Capabilities is null;
        var body = isV2 ? Fetch.RequestV2(request, _format, _http.Options.Agent) : Fetch.RequestV0(request, _v0Capabilities!, _http.Options.Agent);
        var reply = await _http.PostAsync(
            SmartHttpClient.UploadPack,
            Compressed(body, CompressionLevel.Optimal),
            isV2,
            null,
            long.MaxValue,
            cancellationToken
        );
        var reader = new PktLineReader(reply.Body, Peer);
        try
        {
            PktLine? first = null;
            if (isV2)
            {
                await Fetch.SkipToPackV2Async(reader, Peer, request.TipsOnly, cancellationToken);
            }
            else
            {
                first = await Fetch.SkipToPackV0Async(reader, Peer, request.TipsOnly, cancellationToken);
            }

            return new FetchSession(reply, reader, first, _format, Peer);
        }
        catch
        {
            reader.Dispose();
            reply.Dispose();
            throw;
        }
    }

    private static bool IsReasonToDiscover(GitException e) =>
        e is GitProtocolException or GitTransportException { IsEmptyAnswer: true } or GitRemoteException { Status: null }
        || (e is GitRemoteException { Status: { } status } && !s_answers.Contains(status));

    private async Task<RemoteRefs> ListV2Async(
        IReadOnlyList<string> prefixes,
        Func<RefName, bool>? needsTip,
        ObjectFormat format,
        CancellationToken cancellationToken
    )
    {
        var body = LsRefs.Request(prefixes, format, _http.Options.Agent);
        using var content = new ReadOnlyMemoryContent(body);
        using var reply = await _http.PostAsync(
            SmartHttpClient.UploadPack,
            content,
            askForV2: true,
            null,
            SmartHttpClient.MaxAdvertisement,
            cancellationToken
        );
        using var reader = new PktLineReader(reply.Body, Peer);
        var refs = await LsRefs.ReadAsync(reader, format, Peer, needsTip, cancellationToken);
        _format = format;
        return refs;
    }

    /// <summary>The long way: ask what the server speaks, then list.</summary>
    private async Task<RemoteRefs> DiscoverAndListAsync(
        IReadOnlyList<string> prefixes,
        Func<RefName, bool>? needsTip,
        GitException reason,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await DiscoverAsync(prefixes, needsTip, reason, cancellationToken);
        }
        catch (GitException e) when (e.In(GitService.UploadPack))
        {
            throw;
        }
    }

    private async Task<RemoteRefs> DiscoverAsync(
        IReadOnlyList<string> prefixes,
        Func<RefName, bool>? needsTip,
        GitException reason,
        CancellationToken cancellationToken
    )
    {
        using var reply = await _http.GetInfoRefsAsync(SmartHttpClient.UploadPack, askForV2: true, cancellationToken);
        using var reader = new PktLineReader(reply.Body, Peer);
        var line = await RefAdvertisementReader.SkipServiceHeaderAsync(reader, SmartHttpClient.UploadPack, Peer, cancellationToken);
        if (line.Kind == PktLineKind.Data && line.Line.SequenceEqual("version 2"u8))
        {
            var capabilities = await ReadV2CapabilitiesAsync(reader, cancellationToken);
            if (!capabilities.Has("ls-refs"))
            {
                throw reason;
            }

            return await ListV2Async(prefixes, needsTip, capabilities.ObjectFormat, cancellationToken);
        }

        var advertisement = await RefAdvertisementReader.ReadRefsAsync(reader, line, Peer, needsTip, cancellationToken);
        _v0Capabilities = advertisement.Capabilities;
        _format = advertisement.ObjectFormat;
        return new RemoteRefs(
            advertisement.Refs.Where(r => r.Key.Raw != "HEAD").ToDictionary(),
            HeadOf(advertisement.Capabilities),
            _format,
            _v0Capabilities
        );
    }

    private async Task<CapabilityList> ReadV2CapabilitiesAsync(PktLineReader reader, CancellationToken cancellationToken)
    {
        const int MaxCapabilities = 1000;
        const int MaxBytes = 1 << 20;
        var lines = new List<string>();
        var bytes = 0;
        while (true)
        {
            var line = await reader.ReadAsync(cancellationToken);
            line.ThrowIfError(Peer);
            switch (line.Kind)
            {
                case PktLineKind.Flush:
                    return CapabilityList.ParseV2(lines);
                case PktLineKind.Data when lines.Count < MaxCapabilities && (bytes += line.Payload.Length) < MaxBytes:
                    lines.Add(System.Text.Encoding.Latin1.GetString(line.Line));
                    break;
                case PktLineKind.EndOfStream:
                    throw new GitTransportException($"{Peer} broke off its list of capabilities.");
                default:
                    throw new GitProtocolException($"{Peer} sent {line.Quote()} in its list of capabilities.");
            }
        }
    }

    /// <summary>v0 says where <c>HEAD</c> points in a capability: <c>symref=HEAD:refs/heads/main</c>.</summary>
    private static RefName? HeadOf(CapabilityList capabilities) =>
        capabilities.Value("symref") is { } symref && symref.StartsWith("HEAD:", StringComparison.Ordinal)
            ? RefName.FromBytes(System.Text.Encoding.Latin1.GetBytes(symref["HEAD:".Length..]))
            : null;

    /// <summary>A request as it is sent: long lists of haves by gzip.</summary>
    internal static ReadOnlyMemoryContent Compressed(ReadOnlyMemory<byte> body, CompressionLevel level)
    {
        if (body.Length < MinGzipLength)
        {
            return new ReadOnlyMemoryContent(body);
        }

        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        var content = new ReadOnlyMemoryContent(compressed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
