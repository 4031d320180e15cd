using System.Security.Cryptography;
using System.Text;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Names objects: the hash over type, size, NUL and data. One at a time; must be disposed.</summary>
internal sealed class ObjectHash(ObjectFormat format) : IDisposable
{
    private readonly IncrementalHash _hash = format.CreateHash();

    /// <summary>Begins an object whose data will come in parts.</summary>
    internal void Begin(PackObjectType type, long size)
    {
        Span<byte> head = stackalloc byte[32];
        Encoding.ASCII.TryGetBytes($"{WireName(type)} {size}\0", head, out var length);
        _hash.AppendData(head[..length]);
    }

    /// <summary>The next part.</summary>
    internal void Append(ReadOnlySpan<byte> data) => _hash.AppendData(data);

    /// <summary>Ends the object and writes its id.</summary>
    internal void End(Span<byte> id) => _hash.GetHashAndReset(id);

    /// <summary>The id of an object that is there as a whole.</summary>
    internal ObjectId IdOf(PackObjectType type, ReadOnlySpan<byte> data)
    {
        Span<byte> id = stackalloc byte[format.ByteLength()];
        Begin(type, data.Length);
        Append(data);
        End(id);
        return ObjectId.FromBytes(id);
    }

    public void Dispose() => _hash.Dispose();

    private static string WireName(PackObjectType type) =>
        type switch
        {
            PackObjectType.Commit => "commit",
            PackObjectType.Tree => "tree",
            PackObjectType.Blob => "blob",
            _ => "tag",
        };
}
