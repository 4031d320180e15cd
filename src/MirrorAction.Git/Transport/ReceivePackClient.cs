using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;

namespace MirrorAction.Git.Transport;

/// <summary>
/// The writing side: reads the advertisement of <c>git-receive-pack</c> and pushes. Use one instance per repository and attempt. Not thread-safe.
/// </summary>
public sealed class ReceivePackClient
{
    /// <summary>A body that fits into the socket's buffer is always sent whole, so that the answer can't get lost behind a broken pipe.</summary>
    private const int MaxPooledBody = 64 << 10;

    /// <summary>Reports are a line per ref; more than the longest is no report.</summary>
    private const int MaxReport = 8 << 20;

    private readonly SmartHttpClient _http;
    private readonly TransferCounter _counter;

    /// <summary>Prepares the conversation; nothing is sent.</summary>
    /// <param name="http">The connections; stay the caller's.</param>
    /// <param name="endpoint">The repository.</param>
    /// <param name="counter">Where requests and bytes are counted.</param>
    public ReceivePackClient(GitHttp http, GitEndpoint endpoint, TransferCounter counter)
    {
        _http = new SmartHttpClient(http, endpoint, counter);
        _counter = counter;
    }

    /// <summary>The server, for messages.</summary>
    public string Peer => _http.Peer;

    /// <summary>Asks what the repository has: one request.</summary>
    /// <exception cref="GitException">The server refused, was not understood, or could not be reached.</exception>
    public Task<RefAdvertisement> DiscoverAsync(CancellationToken cancellationToken) => DiscoverAsync(null, cancellationToken);

    /// <summary>Asks what the repository has: one request.</summary>
    /// <param name="needsTip">Which of the mirror's own tips are needed even where there are more of them than are held; null for none.</param>
    /// <param name="cancellationToken">Ends the conversation.</param>
    /// <exception cref="GitException">The server refused, was not understood, or could not be reached.</exception>
    public async Task<RefAdvertisement> DiscoverAsync(Func<RefName, bool>? needsTip, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await _http.GetInfoRefsAsync(SmartHttpClient.ReceivePack, askForV2: false, cancellationToken);
            using var reader = new PktLineReader(reply.Body, Peer);
            return await RefAdvertisementReader.ReadAsync(reader, SmartHttpClient.ReceivePack, Peer, needsTip, cancellationToken);
        }
        catch (GitException e) when (e.In(GitService.ReceivePack))
        {
            throw;
        }
    }

    /// <summary>Sends commands and, unless all of them are deletions, a pack.</summary>
    /// <param name="advertisement">What the server can do.</param>
    /// <param name="updates">The commands, in their order.</param>
    /// <param name="pack">The objects that the server lacks; null for deletions only. Stays the caller's.</param>
    /// <param name="cancellationToken">Cuts the connection; a push that is not complete then moves no ref.</param>
    /// <returns>The server's verdicts. Refused refs are values, not exceptions.</returns>
    /// <exception cref="GitException">The server refused the whole, the connection broke, or the pack's source failed.</exception>
    internal async Task<PushReport> PushAsync(
        RefAdvertisement advertisement,
        IReadOnlyList<RefUpdate> updates,
        IPackSource? pack,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ChooseConnectionAsync(advertisement, updates, pack, cancellationToken);
        }
        catch (GitException e) when (e.In(GitService.ReceivePack))
        {
            throw;
        }
    }

    private async Task<PushReport> ChooseConnectionAsync(
        RefAdvertisement advertisement,
        IReadOnlyList<RefUpdate> updates,
        IPackSource? pack,
        CancellationToken cancellationToken
    )
    {
        var commands = PushCommands.Request(updates, advertisement.Capabilities, _http.Options.Agent);
        if (commands.Length + (pack is null ? 0 : pack.Length) <= MaxPooledBody)
        {
            return await SendAsync(commands, updates, pack, null, null, cancellationToken);
        }

        if (pack is { Length: null })
        {
            await ProbeAsync(cancellationToken);
        }

        var (connection, answer) = _http.OpenUpload();
        using (connection)
        {
            return await SendAsync(commands, updates, pack, connection, answer, cancellationToken);
        }
    }

    /// <summary>A push of nothing, so that a refusal comes before a pack is on its way that cannot be sent twice.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent("0000"u8.ToArray());
        using var reply = await _http.PostAsync(SmartHttpClient.ReceivePack, content, askForV2: false, null, long.MaxValue, cancellationToken);
    }

    private async Task<PushReport> SendAsync(
        ReadOnlyMemory<byte> commands,
        IReadOnlyList<RefUpdate> updates,
        IPackSource? pack,
        HttpMessageInvoker? connection,
        EarlyAnswer? answer,
        CancellationToken cancellationToken
    )
    {
        using var content = new PushContent(commands, pack, answer, _counter, _http.Options.ReportTimeout, cancellationToken);
        using var reply = await _http.PostAsync(SmartHttpClient.ReceivePack, content, askForV2: false, connection, long.MaxValue, cancellationToken);
        using var reader = new PktLineReader(reply.Body, Peer);
        return await ReadReportAsync(reader, updates, cancellationToken);
    }

    private async Task<PushReport> ReadReportAsync(PktLineReader reader, IReadOnlyList<RefUpdate> updates, CancellationToken cancellationToken)
    {
        var report = new MemoryStream();
        var sideband = new SidebandReader(reader, Peer);
        while (true)
        {
            var line = await reader.ReadAsync(cancellationToken);
            if (line.Kind is PktLineKind.Flush or PktLineKind.ResponseEnd or PktLineKind.EndOfStream)
            {
                // A report that is missing or cut leaves refs unreported; reading the refs again tells what happened to them.
                return ReportStatus.Parse(report.ToArray(), updates, sideband.RemoteMessage, Peer);
            }

            line.ThrowIfError(Peer);
            if (line.Kind == PktLineKind.Data && IsBareReport(line))
            {
                Append(report, Encoding.ASCII.GetBytes($"{line.Payload.Length + PktLine.PrefixLength:x4}"));
                Append(report, line.Payload.Span);
            }
            else if (sideband.TryTake(line, out var data))
            {
                Append(report, data.Span);
            }
        }
    }

    /// <summary>Some servers forget the side-band that they advertised.</summary>
    private static bool IsBareReport(PktLine line) =>
        line.Line.StartsWith("unpack "u8) || line.Line.StartsWith("ok "u8) || line.Line.StartsWith("ng "u8) || line.Line.StartsWith("option "u8);

    private void Append(MemoryStream report, ReadOnlySpan<byte> bytes)
    {
        report.Write(bytes);
        if (report.Length > MaxReport)
        {
            throw new GitProtocolException($"{Peer} sent a report of more than {MaxReport >> 20} MiB.");
        }
    }
}
