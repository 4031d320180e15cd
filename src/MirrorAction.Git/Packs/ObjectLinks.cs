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
