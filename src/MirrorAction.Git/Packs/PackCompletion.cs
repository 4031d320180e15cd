using System.Buffers.Binary;
using System.Security.Cryptography;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Packs;

/// <summary>Makes a pack that stands alone out of a thin one, as <c>git index-pack --fix-thin</c> does.</summary>
/// <remarks>
/// A pack in a repository must have the bases of its own deltas. Those that it lacks are put behind its objects, whole; the number of objects and the
/// checksum change, the offsets do not.
/// </remarks>
internal static class PackCompletion
{
    /// <summary>Writes the whole pack.</summary>
    /// <param name="thin">The pack, indexed.</param>
    /// <param name="earlier">The packs that have what it lacks, those that it was indexed with.</param>
    /// <param name="destination">Where to; not closed.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="InvalidDataException">A pack is not what it was when it was indexed.</exception>
    internal static void Complete(PackFile thin, IReadOnlyList<PackFile> earlier, Stream destination, CancellationToken cancellationToken)
    {
        var format = thin.Index.ObjectFormat;
        using var hash = format.CreateHash();
        var lacking = thin.Index.ForeignBases;
        var header = new byte[PackTrailerValidator.HeaderLength];
        thin.Pack.Position = thin.Start;
        thin.Pack.ReadExactly(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), checked((uint)(thin.Index.Count + lacking.Count)));
        Write(header);

        var buffer = new byte[1 << 17];
        for (var left = thin.Pack.Length - thin.Pack.Position - format.ByteLength(); left > 0; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = thin.Pack.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            Write(count > 0 ? buffer.AsSpan(0, count) : throw new InvalidDataException("ends before it did when it was indexed"));
            left -= count;
        }

        var bases = new PackStore(earlier);
        foreach (var id in lacking)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (type, data) = bases.Find(id) ?? throw new InvalidDataException($"lacks {id}, which was there when it was indexed");
            Write(PackEntryForm.HeadOf(type, data.Length));
            Write(PackEntryForm.Deflate(data));
        }

        destination.Write(hash.GetHashAndReset());

        void Write(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            destination.Write(bytes);
        }
    }
}
