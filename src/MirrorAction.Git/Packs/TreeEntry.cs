using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>One line of a folder.</summary>
/// <remarks>gitformat: <code>tree = *( mode SP name NUL id )</code> with the mode in octal digits.</remarks>
/// <param name="IsFolder">It is a folder itself, not a file, a link or a submodule.</param>
/// <param name="IsSubmodule">It is a commit of another repository.</param>
/// <param name="Name">The name, without folders before it.</param>
/// <param name="Id">The object.</param>
internal readonly record struct TreeEntry(bool IsFolder, bool IsSubmodule, ReadOnlyMemory<byte> Name, ObjectId Id)
{
    /// <summary>All of a folder.</summary>
    /// <exception cref="GitProtocolException">It is malformed.</exception>
    internal static IEnumerable<TreeEntry> Read(byte[] tree, ObjectFormat format)
    {
        for (var at = 0; at < tree.Length; )
        {
            var space = tree.AsSpan(at).IndexOf((byte)' ');
            var end = tree.AsSpan(at).IndexOf((byte)0);
            if (space < 0 || end < space || tree.Length - at - end - 1 < format.ByteLength())
            {
                throw new GitProtocolException($"A folder in the pack is malformed at byte {at} of {tree.Length}.");
            }

            var mode = tree.AsMemory(at, space);
            yield return new TreeEntry(
                mode.Span.SequenceEqual("40000"u8) || mode.Span.SequenceEqual("040000"u8),
                mode.Span.SequenceEqual("160000"u8),
                tree.AsMemory(at + space + 1, end - space - 1),
                ObjectId.FromBytes(tree.AsSpan(at + end + 1, format.ByteLength()))
            );
            at += end + 1 + format.ByteLength();
        }
    }
}
