using System.Text;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>The head of a push: one command a ref.</summary>
/// <remarks>
/// gitprotocol-pack, "Reference Update Request and Packfile Transfer":
/// <code>
/// command-list = PKT(command NUL capability-list) *PKT(command) flush
/// command      = old-id SP new-id SP name
/// </code>
/// Only capabilities that the server advertised are asked for. <c>atomic</c> is not: one refused ref must not hold the others back.
/// </remarks>
internal static class PushCommands
{
    /// <summary>Longer names leave no room in a pkt-line for the ids and the capabilities beside them.</summary>
    internal const int MaxNameLength = 64_000;

    internal static ReadOnlyMemory<byte> Request(IReadOnlyList<RefUpdate> updates, CapabilityList server, string agent)
    {
        var writer = new PktLineWriter();
        var capabilities = Encoding.Latin1.GetBytes(Capabilities(server, agent));
        var longest = updates.Select(u => (2 * ((2 * u.Old.Format.ByteLength()) + 1)) + u.Name.ByteLength).DefaultIfEmpty().Max();
        Span<byte> line = new byte[longest + capabilities.Length];
        foreach (var update in updates)
        {
            var length = update.Old.FormatHex(line);
            line[length++] = (byte)' ';
            length += update.New.FormatHex(line[length..]);
            line[length++] = (byte)' ';
            update.Name.CopyTo(line[length..]);
            length += update.Name.ByteLength;
            capabilities.CopyTo(line[length..]);
            writer.Line(line[..(length + capabilities.Length)]);
            capabilities = [];
        }

        return writer.Flush().Written;
    }

    private static string Capabilities(CapabilityList server, string agent)
    {
        var text = new StringBuilder("\0");
        foreach (var name in new[] { "report-status", "side-band-64k", "quiet" })
        {
            _ = server.Has(name) ? text.Append(' ').Append(name) : text;
        }

        _ = server.Has("object-format") ? text.Append(" object-format=").Append(server.ObjectFormat.WireName()) : text;
        _ = server.Has("agent") ? text.Append(" agent=").Append(agent) : text;
        return text.ToString();
    }
}
