using System.Text;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>The v2 command that asks for a pack, and its v0 elder.</summary>
/// <remarks>
/// gitprotocol-v2, "fetch". With <c>done</c> in the request there is no negotiation and no <c>acknowledgments</c> section:
/// <code>
/// output  = *(section 0001) PKT("packfile" LF) *side-band-pkt 0000
/// section = PKT(("acknowledgments" / "shallow-info" / "wanted-refs" / "packfile-uris") LF) *PKT(line)
/// </code>
/// gitprotocol-pack, "Packfile Negotiation" (v0): <c>want</c> lines, flush, <c>have</c> lines, <c>done</c>; the answer is <c>NAK</c> or <c>ACK</c>
/// lines and then side-band packets. After <c>deepen</c> there are <c>shallow</c> lines and a flush before those.
/// </remarks>
internal static class Fetch
{
    /// <summary>Lines of sections that are skipped; a bound on a peer that never comes to the pack.</summary>
    private const int MaxSectionLines = 100_000;

    /// <summary>The same bound in bytes.</summary>
    private const int MaxSectionBytes = 16 << 20;

    internal static ReadOnlyMemory<byte> RequestV2(FetchRequest request, ObjectFormat format, string agent)
    {
        var writer = new PktLineWriter().Line("command=fetch\n").Line($"agent={agent}\n").Line($"object-format={format.WireName()}\n").Delimiter();
        foreach (
            var (wanted, line) in new[]
            {
                (request.ThinPack, "thin-pack\n"),
                (request.OfsDelta, "ofs-delta\n"),
                (true, "no-progress\n"),
                (request.Filter != ObjectFilter.None, $"filter {WireName(request.Filter)}\n"),
                (request.TipsOnly, "deepen 1\n"),
            }
        )
        {
            _ = wanted ? writer.Line(line) : writer;
        }

        foreach (var want in request.Wants)
        {
            writer.Line($"want {want}\n");
        }

        foreach (var have in request.Haves)
        {
            writer.Line($"have {have}\n");
        }

        return writer.Line("done\n").Flush().Written;
    }

    internal static ReadOnlyMemory<byte> RequestV0(FetchRequest request, CapabilityList server, string agent)
    {
        var capabilities = new StringBuilder();
        foreach (
            var (wanted, name) in new[]
            {
                // Without haves thin-pack has no effect, and some servers (dulwich) answer no client that does not name it.
                (true, "multi_ack_detailed"),
                (true, "side-band-64k"),
                (request.ThinPack || request.Haves.Count == 0, "thin-pack"),
                (request.OfsDelta, "ofs-delta"),
                (true, "no-progress"),
                (request.Filter != ObjectFilter.None, "filter"),
                (request.TipsOnly, "shallow"),
            }
        )
        {
            _ = wanted && server.Has(name) ? capabilities.Append(' ').Append(name) : capabilities;
        }

        _ = server.Has("agent") ? capabilities.Append(" agent=").Append(agent) : capabilities;
        var writer = new PktLineWriter();
        foreach (var want in request.Wants)
        {
            writer.Line($"want {want}{capabilities}\n");
            capabilities.Clear();
        }

        if (request.TipsOnly)
        {
            writer.Line("deepen 1\n");
        }

        if (request.Filter != ObjectFilter.None)
        {
            writer.Line($"filter {WireName(request.Filter)}\n");
        }

        writer.Flush();
        foreach (var have in request.Haves)
        {
            writer.Line($"have {have}\n");
        }

        return writer.Line("done\n").Written;
    }

    /// <summary>Reads up to the first byte of the pack, of a source that has all of its history.</summary>
    internal static Task SkipToPackV2Async(PktLineReader reader, string peer, CancellationToken cancellationToken) =>
        SkipToPackV2Async(reader, peer, isShallow: false, cancellationToken);

    /// <summary>Reads up to the first byte of the pack.</summary>
    /// <param name="reader">The answer.</param>
    /// <param name="peer">The source, for messages.</param>
    /// <param name="isShallow">The history was not asked for; otherwise a source that lacks some of it is refused.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async Task SkipToPackV2Async(PktLineReader reader, string peer, bool isShallow, CancellationToken cancellationToken)
    {
        var bytes = 0;
        for (var lines = 0; lines < MaxSectionLines && bytes < MaxSectionBytes; lines++)
        {
            var line = await reader.ReadAsync(cancellationToken);
            line.ThrowIfError(peer);
            bytes += line.Payload.Length;
            switch (line.Kind)
            {
                case PktLineKind.EndOfStream:
                    throw new GitTransportException($"{peer} broke off its answer before the pack.")
                    {
                        IsEmptyAnswer = lines == 0,
                        IsBrokenOff = true,
                    };
                case PktLineKind.Flush or PktLineKind.ResponseEnd:
                    throw new GitProtocolException($"{peer} ended its answer without a pack.");
                case PktLineKind.Data when line.Line.SequenceEqual("packfile"u8):
                    return;
                case PktLineKind.Data when !isShallow && line.Line.SequenceEqual("shallow-info"u8):
                    throw Shallow(peer);
                default:
                    break;
            }
        }

        throw new GitProtocolException($"{peer} sent more than {MaxSectionLines} lines or {MaxSectionBytes >> 20} MiB before the pack.");
    }

    /// <summary>Reads past the <c>NAK</c> and <c>ACK</c> lines, of a source that has all of its history.</summary>
    internal static Task<PktLine> SkipToPackV0Async(PktLineReader reader, string peer, CancellationToken cancellationToken) =>
        SkipToPackV0Async(reader, peer, isShallow: false, cancellationToken);

    /// <summary>Reads past the <c>NAK</c> and <c>ACK</c> lines; returns the first side-band packet.</summary>
    /// <param name="reader">The answer.</param>
    /// <param name="peer">The source, for messages.</param>
    /// <param name="isShallow">The history was not asked for; otherwise a source that lacks some of it is refused.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async Task<PktLine> SkipToPackV0Async(PktLineReader reader, string peer, bool isShallow, CancellationToken cancellationToken)
    {
        var bytes = 0;
        for (var lines = 0; lines < MaxSectionLines && bytes < MaxSectionBytes; lines++)
        {
            var line = await reader.ReadAsync(cancellationToken);
            line.ThrowIfError(peer);
            bytes += line.Payload.Length;
            if (line.Kind == PktLineKind.EndOfStream)
            {
                throw new GitTransportException($"{peer} broke off its answer before the pack.") { IsEmptyAnswer = lines == 0, IsBrokenOff = true };
            }

            if (isShallow && (line.Kind == PktLineKind.Flush || line.Line.StartsWith("shallow "u8)))
            {
                continue;
            }

            if (line.Kind != PktLineKind.Data)
            {
                throw new GitProtocolException($"{peer} sent {line.Quote()} where NAK, ACK or the pack was expected.");
            }

            if (line.Line.StartsWith("shallow "u8))
            {
                throw Shallow(peer);
            }

            if (!line.Line.SequenceEqual("NAK"u8) && !line.Line.StartsWith("ACK "u8))
            {
                return line;
            }
        }

        throw new GitProtocolException($"{peer} sent more than {MaxSectionLines} lines or {MaxSectionBytes >> 20} MiB before the pack.");
    }

    private static string WireName(ObjectFilter filter) =>
        filter switch
        {
            ObjectFilter.CommitsOnly => "tree:0",
            ObjectFilter.NoBlobs => "blob:none",
            _ => $"blob:limit={FetchRequest.LargeBlob}",
        };

    private static GitProtocolException Shallow(string peer) =>
        new($"{peer} is a shallow repository: part of its history is missing. Make it whole with 'git fetch --unshallow'.");
}

/// <summary>What is asked of a source's upload-pack.</summary>
public sealed record FetchRequest
{
    /// <summary>Files of so many bytes and more are left out by <see cref="ObjectFilter.SmallBlobs"/>.</summary>
    internal const int LargeBlob = 1024;

    /// <summary>Objects wanted, with everything they reach.</summary>
    public required IReadOnlyCollection<ObjectId> Wants { get; init; }

    /// <summary>Objects that need not be sent, with everything they reach. Unknown ones are ignored by the source.</summary>
    public IReadOnlyCollection<ObjectId> Haves { get; init; } = [];

    /// <summary>Deltas against objects that are not in the pack are welcome.</summary>
    public bool ThinPack { get; init; }

    /// <summary>Deltas may name their base by its offset.</summary>
    public bool OfsDelta { get; init; }

    /// <summary>What the source leaves out, unless it is wanted by its id. The default value leaves out nothing.</summary>
    public ObjectFilter Filter { get; init; }

    /// <summary>Only the wanted commits, and nothing of the history before them (<c>deepen 1</c>).</summary>
    public bool TipsOnly { get; init; }
}

/// <summary>What a source leaves out of a pack: git's object filters, of which all large hosts know these.</summary>
public enum ObjectFilter
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every tree and file: <c>tree:0</c>.</summary>
    CommitsOnly,

    /// <summary>Every file: <c>blob:none</c>.</summary>
    NoBlobs,

    /// <summary>Files of 1,024 bytes and more, which cannot be pointers of Git LFS: <c>blob:limit=1024</c>.</summary>
    SmallBlobs,
}
