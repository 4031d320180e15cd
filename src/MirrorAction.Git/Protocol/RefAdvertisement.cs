using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>What a repository has, as its server advertised it. Immutable.</summary>
public sealed class RefAdvertisement
{
    private HashSet<ObjectId>? _objectIds;

    internal RefAdvertisement(IReadOnlyDictionary<RefName, ObjectId> refs, IReadOnlyCollection<ObjectId> haves, CapabilityList capabilities)
    {
        Refs = refs;
        Haves = haves;
        Capabilities = capabilities;
    }

    /// <summary>What a repository that does not exist yet would advertise.</summary>
    public static RefAdvertisement Empty(ObjectFormat format) =>
        new(
            new Dictionary<RefName, ObjectId>(),
            [],
            CapabilityList.ParseV0(System.Text.Encoding.ASCII.GetBytes($"object-format={format.WireName()}"))
        );

    /// <summary>Every ref by its name; <c>HEAD</c> too where the server lists it.</summary>
    public IReadOnlyDictionary<RefName, ObjectId> Refs { get; }

    /// <summary>Objects that the server has without a ref of this repository (<c>.have</c>: alternates, forks).</summary>
    public IReadOnlyCollection<ObjectId> Haves { get; }

    /// <summary>All advertised objects: the server holds each of them with everything it reaches.</summary>
    /// <remarks>Made when it is first asked for: most advertisements are only compared.</remarks>
    public IReadOnlySet<ObjectId> ObjectIds => LazyInitializer.EnsureInitialized(ref _objectIds, () => [.. Refs.Values, .. Haves]);

    /// <summary>The hash of the repository.</summary>
    public ObjectFormat ObjectFormat => Capabilities.ObjectFormat;

    internal CapabilityList Capabilities { get; }
}

/// <summary>The v0 advertisement of receive-pack (and of upload-pack on servers without v2): refs, capabilities, extra haves.</summary>
/// <remarks>
/// gitprotocol-pack, "Reference Discovery", behind the HTTP header of gitprotocol-http, "Smart Clients":
/// <code>
/// smart-reply     = [PKT("# service=" servicename LF) flush] ref-advertisement
/// ref-advertisement = *1("version 1") (no-refs / list-of-refs) *shallow flush
/// first-ref       = PKT(obj-id SP refname NUL capability-list LF)
/// no-refs         = PKT(zero-id SP "capabilities^{}" NUL capability-list LF)
/// other-ref       = PKT(obj-id SP refname LF) / PKT(obj-id SP refname "^{}" LF) / PKT(obj-id SP ".have" LF)
/// </code>
/// Peeled lines are dropped. A shallow peer is refused: its history is not whole. Reads to the flush and no further.
/// </remarks>
internal static class RefAdvertisementReader
{
    internal static Task<RefAdvertisement> ReadAsync(PktLineReader reader, string service, string peer, CancellationToken cancellationToken) =>
        ReadAsync(reader, service, peer, null, cancellationToken);

    /// <summary>Reads it all; for <paramref name="needsTip"/> see <see cref="RefList"/>.</summary>
    internal static async Task<RefAdvertisement> ReadAsync(
        PktLineReader reader,
        string service,
        string peer,
        Func<RefName, bool>? needsTip,
        CancellationToken cancellationToken
    )
    {
        var line = await SkipServiceHeaderAsync(reader, service, peer, cancellationToken);
        return await ReadRefsAsync(reader, line, peer, needsTip, cancellationToken);
    }

    /// <summary>Reads past <c># service=…</c> and its flush, which some servers leave out; returns the line behind.</summary>
    internal static async Task<PktLine> SkipServiceHeaderAsync(PktLineReader reader, string service, string peer, CancellationToken cancellationToken)
    {
        var line = await reader.ReadAsync(cancellationToken);
        line.ThrowIfError(peer);
        if (line.Kind == PktLineKind.EndOfStream)
        {
            throw new GitTransportException($"{peer} sent an empty advertisement.");
        }

        if (line.Kind != PktLineKind.Data || !line.Line.StartsWith("# service="u8))
        {
            return line;
        }

        if (!line.Line["# service="u8.Length..].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(service)))
        {
            throw new GitProtocolException($"{peer} was asked for {service} and answered {line.Quote()}.");
        }

        line = await reader.ReadAsync(cancellationToken);
        return line.Kind == PktLineKind.Flush ? await reader.ReadAsync(cancellationToken) : line;
    }

    /// <summary>Reads refs from the given first line on.</summary>
    internal static async Task<RefAdvertisement> ReadRefsAsync(
        PktLineReader reader,
        PktLine line,
        string peer,
        Func<RefName, bool>? needsTip,
        CancellationToken cancellationToken
    )
    {
        CapabilityList? capabilities = null;
        var refs = new RefList(peer, needsTip);
        var haves = new HashSet<ObjectId>();
        for (; line.Kind != PktLineKind.Flush; line = await reader.ReadAsync(cancellationToken))
        {
            line.ThrowIfError(peer);
            if (line.Kind == PktLineKind.EndOfStream)
            {
                throw new GitTransportException($"{peer} broke off its list of refs.");
            }

            Take(line, peer, ref capabilities, refs, haves);
        }

        return new RefAdvertisement(refs.Refs, haves, capabilities ?? CapabilityList.Empty);
    }

    /// <summary>A name with control characters is none in git, and a NUL in it would end the name in a push and begin capabilities.</summary>
    internal static RefName NameOf(ReadOnlySpan<byte> name, PktLine line, string peer) =>
        name.ContainsAnyInRange((byte)0, (byte)0x1f) || name.Contains((byte)0x7f)
            ? throw new GitProtocolException($"{peer} lists a ref whose name has control characters: {line.Quote()}.")
            : RefName.FromBytes(name);

    private static void Take(PktLine line, string peer, ref CapabilityList? capabilities, RefList refs, HashSet<ObjectId> haves)
    {
        var text = line.Line;
        if (text.SequenceEqual("version 1"u8))
        {
            refs.Count(line);
            return;
        }

        if (text.StartsWith("shallow "u8))
        {
            throw new GitProtocolException(
                $"{peer} is a shallow repository: part of its history is missing. Make it whole with 'git fetch --unshallow'."
            );
        }

        var nul = text.IndexOf((byte)0);
        if (nul >= 0)
        {
            capabilities ??= CapabilityList.ParseV0(text[(nul + 1)..]);
            text = text[..nul];
        }

        var space = text.IndexOf((byte)' ');
        if (line.Kind != PktLineKind.Data || space < 0 || !ObjectId.TryParse(text[..space], out var id))
        {
            throw new GitProtocolException($"{peer} sent {line.Quote()} in its list of refs, where an object id and a ref name were expected.");
        }

        if (id.Format != (capabilities?.ObjectFormat ?? ObjectFormat.Sha1))
        {
            throw new GitProtocolException(
                $"{peer} lists an object id of {id.Format.WireName()} and does not say that it uses such: {line.Quote()}."
            );
        }

        var name = text[(space + 1)..];
        if (name.SequenceEqual(".have"u8))
        {
            refs.Count(line);
            haves.Add(id);
        }
        else if (name.EndsWith("^{}"u8) || id.IsZero)
        {
            refs.Count(line);
        }
        else
        {
            refs.Add(NameOf(name, line, peer), id, line);
        }
    }
}

/// <summary>What a source lists. Immutable.</summary>
public sealed class RemoteRefs
{
    internal RemoteRefs(IReadOnlyDictionary<RefName, ObjectId> refs, RefName? head, ObjectFormat objectFormat, CapabilityList? v0)
    {
        Refs = refs;
        Head = head;
        ObjectFormat = objectFormat;
        V0Capabilities = v0;
    }

    /// <summary>Refs by name. A server may list more than it was asked for; <c>HEAD</c> is not among them.</summary>
    public IReadOnlyDictionary<RefName, ObjectId> Refs { get; }

    /// <summary>The branch that <c>HEAD</c> points to; null when it points to none, or the server does not say.</summary>
    public RefName? Head { get; }

    /// <summary>The hash of the repository.</summary>
    public ObjectFormat ObjectFormat { get; }

    /// <summary>Capabilities of a server that knows protocol v0 only; null where v2 is spoken.</summary>
    internal CapabilityList? V0Capabilities { get; }

    /// <summary>
    /// The same, with the default branch that the host lists where that branch is there. Hosts keep <c>HEAD</c> equal to it; where it is not, because
    /// it is detached or was never moved from the name that git gives a new repository, the host's word counts.
    /// </summary>
    /// <param name="listed">The default branch without <c>refs/heads/</c>; null where the host does not tell.</param>
    public RemoteRefs WithDefaultBranch(string? listed) =>
        listed is not null && RefName.ListedBranch(listed, Refs.Keys) is var name && Refs.ContainsKey(name)
            ? new RemoteRefs(Refs, name, ObjectFormat, V0Capabilities)
            : this;
}
