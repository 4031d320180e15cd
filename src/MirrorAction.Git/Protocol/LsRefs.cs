using System.Text;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>The v2 command that lists refs.</summary>
/// <remarks>
/// gitprotocol-v2, "ls-refs":
/// <code>
/// request = PKT("command=ls-refs" LF) *capability 0001 *(PKT("symrefs") / PKT("ref-prefix " prefix)) 0000 output = *ref 0000 ref = PKT((obj-id /
/// "unborn") SP refname *(SP ref-attribute) LF) ref-attribute = "symref-target:" refname / "peeled:" obj-id
/// </code>
/// An end of stream before the flush is a cut answer and never "no refs".
/// </remarks>
internal static class LsRefs
{
    internal static ReadOnlyMemory<byte> Request(IEnumerable<string> prefixes, ObjectFormat format, string agent)
    {
        var writer = new PktLineWriter()
            .Line("command=ls-refs\n")
            .Line($"agent={agent}\n")
            .Line($"object-format={format.WireName()}\n")
            .Delimiter()
            .Line("symrefs\n")
            .Line("ref-prefix HEAD\n");
        foreach (var prefix in prefixes)
        {
            writer.Line(Encoding.Latin1.GetBytes($"ref-prefix {prefix}\n"));
        }

        return writer.Flush().Written;
    }

    internal static Task<RemoteRefs> ReadAsync(PktLineReader reader, ObjectFormat format, string peer, CancellationToken cancellationToken) =>
        ReadAsync(reader, format, peer, null, cancellationToken);

    /// <summary>Reads the answer; for <paramref name="needsTip"/> see <see cref="RefList"/>.</summary>
    internal static async Task<RemoteRefs> ReadAsync(
        PktLineReader reader,
        ObjectFormat format,
        string peer,
        Func<RefName, bool>? needsTip,
        CancellationToken cancellationToken
    )
    {
        var refs = new RefList(peer, needsTip);
        RefName? head = null;
        for (var lines = 0; ; lines++)
        {
            var line = await reader.ReadAsync(cancellationToken);
            line.ThrowIfError(peer);
            switch (line.Kind)
            {
                case PktLineKind.Flush:
                    return new RemoteRefs(refs.Refs, head, format, null);
                case PktLineKind.EndOfStream:
                    throw new GitTransportException($"{peer} broke off its list of refs.") { IsEmptyAnswer = lines == 0 };
                case PktLineKind.Data:
                    Take(line, format, peer, refs, ref head);
                    break;
                default:
                    throw new GitProtocolException($"{peer} sent {line.Quote()} in its list of refs.");
            }
        }
    }

    private static void Take(PktLine line, ObjectFormat format, string peer, RefList refs, ref RefName? head)
    {
        var text = line.Line;
        var space = text.IndexOf((byte)' ');
        var isUnborn = space > 0 && text[..space].SequenceEqual("unborn"u8);
        var id = default(ObjectId);
        if (space < 0 || (!isUnborn && !ObjectId.TryParse(text[..space], out id)))
        {
            throw new GitProtocolException($"{peer} sent {line.Quote()} in its list of refs, where an object id and a ref name were expected.");
        }

        if (!isUnborn && id.Format != format)
        {
            throw new GitProtocolException(
                $"{peer} lists an object id of {id.Format.WireName()} in a repository of {format.WireName()}: {line.Quote()}."
            );
        }

        var rest = text[(space + 1)..];
        var end = rest.IndexOf((byte)' ');
        var name = RefAdvertisementReader.NameOf(end < 0 ? rest : rest[..end], line, peer);
        if (name.Raw == "HEAD")
        {
            refs.Count(line);
            head = end < 0 ? null : SymrefTarget(rest[(end + 1)..]);
        }
        else if (isUnborn)
        {
            refs.Count(line);
        }
        else
        {
            refs.Add(name, id, line);
        }
    }

    private static RefName? SymrefTarget(ReadOnlySpan<byte> attributes)
    {
        foreach (var range in attributes.Split((byte)' '))
        {
            if (attributes[range].StartsWith("symref-target:"u8))
            {
                return RefName.FromBytes(attributes[range]["symref-target:"u8.Length..]);
            }
        }

        return null;
    }
}
