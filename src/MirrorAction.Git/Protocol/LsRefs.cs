using System.Text;

namespace MirrorAction.Git.Protocol;

/// <summary>The v2 command that lists refs.</summary>
/// <remarks>
/// gitprotocol-v2, "ls-refs":
/// <code>
/// request = PKT("command=ls-refs" LF) *capability 0001 *(PKT("symrefs") / PKT("peel") / PKT("ref-prefix " prefix)) 0000
/// output  = *ref 0000
/// ref     = PKT((obj-id / "unborn") SP refname *(SP ref-attribute) LF)
/// ref-attribute = "symref-target:" refname / "peeled:" obj-id
/// </code>
/// An end of stream before the flush is a cut answer and never "no refs".
/// </remarks>
internal static class LsRefs
{
    internal static ReadOnlyMemory<byte> Request(IEnumerable<string> prefixes, ObjectFormat format, string agent, bool peel = false)
    {
        var writer = new PktLineWriter()
            .Line("command=ls-refs\n").Line($"agent={agent}\n").Line($"object-format={format.WireName()}\n")
            .Delimiter().Line("symrefs\n");
        _ = peel ? writer.Line("peel\n") : writer;
        writer.Line("ref-prefix HEAD\n");
        foreach (var prefix in prefixes)
        {
            writer.Line(Encoding.Latin1.GetBytes($"ref-prefix {prefix}\n"));
        }

        return writer.Flush().Written;
    }

    internal static async Task<SourceRefs> ReadAsync(PktLineReader reader, ObjectFormat format, string peer, CancellationToken cancellationToken)
    {
        var refs = new Dictionary<RefName, ObjectId>();
        var peeled = new Dictionary<RefName, ObjectId>();
        RefName? head = null;
        var bytes = 0;
        for (var lines = 0; ; lines++)
        {
            var line = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            line.ThrowIfError(peer);
            switch (line.Kind)
            {
                case PktLineKind.Flush:
                    return new SourceRefs(refs, head, format, null, peeled);
                case PktLineKind.EndOfStream:
                    throw new GitTransportException($"{peer} broke off its list of refs.") { IsEmptyAnswer = lines == 0 };
                case PktLineKind.Data:
                    RefAdvertisementReader.HoldToLimits(lines + 1, bytes += line.Payload.Length, peer);
                    Take(line, format, peer, refs, peeled, ref head);
                    break;
                default:
                    throw new GitProtocolException($"{peer} sent {line.Quote()} in its list of refs.");
            }
        }
    }

    private static void Take(
        PktLine line, ObjectFormat format, string peer, Dictionary<RefName, ObjectId> refs, Dictionary<RefName, ObjectId> peeled, ref RefName? head)
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
            throw new GitProtocolException($"{peer} lists an object id of {id.Format.WireName()} in a repository of {format.WireName()}: {line.Quote()}.");
        }

        var rest = text[(space + 1)..];
        var end = rest.IndexOf((byte)' ');
        var name = RefAdvertisementReader.NameOf(end < 0 ? rest : rest[..end], line, peer);
        if (name.Raw == "HEAD")
        {
            head = end >= 0 && TryGetAttribute(rest[(end + 1)..], "symref-target:"u8, out var target) ? RefName.FromBytes(target) : null;
        }
        else if (!isUnborn)
        {
            refs[name] = id;
            if (end >= 0 && TryGetAttribute(rest[(end + 1)..], "peeled:"u8, out var hex))
            {
                peeled[name] = ObjectId.TryParse(hex, out var target) && target.Format == format ? target : throw new GitProtocolException(
                    $"{peer} sent {line.Quote()} in its list of refs, where the object behind a tag was expected.");
            }
        }
    }

    private static bool TryGetAttribute(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var range in attributes.Split((byte)' '))
        {
            if (attributes[range].StartsWith(name))
            {
                value = attributes[range][name.Length..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
