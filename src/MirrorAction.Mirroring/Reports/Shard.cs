using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Reports;

/// <summary>
/// One of several equal parts of all repositories. The part of a repository depends on its name and the number of parts alone, so that one that is
/// created or deleted moves no other.
/// </summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>The most jobs that a matrix may have.</summary>
    public const int MaxCount = 256;

    /// <summary>Whether the repository is in this part: by the SHA-256 of its full name in lower case, as the hosts ignore case.</summary>
    public bool Takes(IRepositoryName repository)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(repository.FullName.ToLowerInvariant()));
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Count) == Index - 1;
    }

    /// <summary>Reads <c>2/5</c>.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        shard = default;
        if (
            text.Split('/') is not [var index, var count]
            || !int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            || i < 1
            || i > n
            || n > MaxCount
        )
        {
            return false;
        }

        shard = new Shard(i, n);
        return true;
    }

    /// <summary>As it is written: <c>2/5</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
