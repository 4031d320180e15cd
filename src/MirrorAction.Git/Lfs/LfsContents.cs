using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace MirrorAction.Git.Lfs;

/// <summary>Copies the contents of an object, whose last bytes are let go only when all of them are known to be right.</summary>
internal static class LfsContents
{
    private const int ChunkSize = 128 << 10;

    private static readonly byte[] s_nothing = new byte[ChunkSize];

    /// <summary>Copies. What is not the object is never there whole: a receiver that waits for the object's length drops it.</summary>
    /// <param name="from">The contents; read to their end.</param>
    /// <param name="to">Where they go; stays the caller's.</param>
    /// <param name="pointer">What they have to be.</param>
    /// <param name="peer">Where they come from, for messages.</param>
    /// <param name="isRefused">The receiver has refused, and takes what comes without looking at it: nothing more is read for it.</param>
    /// <param name="progress">Called for bytes that were read; null for nobody.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <exception cref="LfsObjectException">They are something else, or of another length.</exception>
    internal static async Task CopyAsync(
        Stream from,
        Stream to,
        LfsPointer pointer,
        string peer,
        Func<bool> isRefused,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (held, next) = (ArrayPool<byte>.Shared.Rent(ChunkSize), ArrayPool<byte>.Shared.Rent(ChunkSize));
        try
        {
            var (length, heldLength) = (0L, 0);
            while (await from.ReadAsync(next, cancellationToken) is > 0 and var count)
            {
                length += count;
                if (length > pointer.Size)
                {
                    throw Wrong(pointer, peer, $"sent more than its {pointer.Size} bytes");
                }

                hash.AppendData(next, 0, count);
                progress?.Invoke(count);
                await to.WriteAsync(held.AsMemory(0, heldLength), cancellationToken);
                (held, next, heldLength) = (next, held, count);
                if (isRefused())
                {
                    await FillAsync(to, pointer.Size - length + heldLength, cancellationToken);
                    return;
                }
            }

            if (length < pointer.Size)
            {
                throw Wrong(pointer, peer, $"sent {length} of its {pointer.Size} bytes");
            }

            if (Convert.ToHexStringLower(hash.GetHashAndReset()) is var oid && oid != pointer.Oid)
            {
                throw Wrong(pointer, peer, $"sent something else, whose SHA-256 is {oid}");
            }

            await to.WriteAsync(held.AsMemory(0, heldLength), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(held);
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    private static async Task FillAsync(Stream to, long length, CancellationToken cancellationToken)
    {
        for (; length > 0; length -= s_nothing.Length)
        {
            await to.WriteAsync(s_nothing.AsMemory(0, (int)Math.Min(length, s_nothing.Length)), cancellationToken);
        }
    }

    private static LfsObjectException Wrong(LfsPointer pointer, string peer, FormattableString what) =>
        new($"the LFS object {pointer.Oid} is damaged: {peer} {what.ToString(CultureInfo.InvariantCulture)}");
}
