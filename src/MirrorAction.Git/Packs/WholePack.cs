using System.Buffers;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>
/// A pack that lies in memory as a whole, its checksum proved: it tells what it brings, without another question to its source. It is not complete in
/// itself, for its deltas may be against objects that only the receiver has. Immutable.
/// </summary>
/// <param name="bytes">The pack, checksum included.</param>
/// <param name="format">The hash that names its objects.</param>
public sealed class WholePack(ReadOnlySequence<byte> bytes, ObjectFormat format)
{
    private readonly byte[] _entries = bytes.Slice(0, bytes.Length - format.ByteLength()).ToArray();

    /// <summary>The hash that names its objects.</summary>
    public ObjectFormat Format { get; } = format;

    /// <summary>Reads the pack past a visitor; false when it makes no sense, which its receiver will say better.</summary>
    internal bool TryScan(IPackVisitor visitor)
    {
        var scanner = new PackScanner("The pack", Format, visitor);
        try
        {
            scanner.Push(_entries);
            scanner.Finish();
            return true;
        }
        catch (GitProtocolException)
        {
            return false;
        }
    }
}
