using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Reads which objects an object names.</summary>
/// <remarks>
/// gitformat-commit, gitformat-tag, and for trees: <code>tree = *(mode SP name NUL raw-id)</code> Throws <see cref="InvalidDataException"/>, whose
/// message goes on from the object's name.
/// </remarks>
internal static class ObjectLinks
{
    private static ReadOnlySpan<byte> FolderMode => "40000 "u8;

    private static ReadOnlySpan<byte> SubmoduleMode => "160000 "u8;

    /// <summary>The tree of a commit.</summary>
    internal static ObjectId TreeOf(byte[] commit) => Named(commit, "tree "u8);

    /// <summary>What an annotated tag points to.</summary>
    internal static ObjectId TargetOf(byte[] tag) => Named(tag, "object "u8);

    /// <summary>Calls with the files and folders of a tree; submodules are of other repositories.</summary>
    internal static void ReadTree(byte[] tree, ObjectFormat format, Action<ObjectId, PackObjectType> take)
    {
        for (var rest = tree.AsSpan(); rest.Length > 0; )
        {
            var name = rest.IndexOf((byte)0);
            var length = name + 1 + format.ByteLength();
            if (name < 0 || rest.Length < length)
            {
                throw new InvalidDataException("is a tree that ends within an entry");
            }

            if (!rest.StartsWith(SubmoduleMode))
            {
                take(ObjectId.FromBytes(rest[(name + 1)..length]), rest.StartsWith(FolderMode) ? PackObjectType.Tree : PackObjectType.Blob);
            }

            rest = rest[length..];
        }
    }

    private static ObjectId Named(ReadOnlySpan<byte> data, ReadOnlySpan<byte> word)
    {
        var end = data.IndexOf((byte)'\n');
        return end > word.Length && data.StartsWith(word) && ObjectId.TryParse(data[word.Length..end], out var id)
            ? id
            : throw new InvalidDataException("does not begin as git begins such an object");
    }
}

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
