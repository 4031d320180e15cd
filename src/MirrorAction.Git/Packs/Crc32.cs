namespace MirrorAction.Git.Packs;

/// <summary>The checksum that an index keeps of each object as it stands in the pack: CRC-32 of IEEE 802.3, zlib's.</summary>
internal static class Crc32
{
    private static readonly uint[] s_table =
    [
        .. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) == 0 ? c >> 1 : 0xEDB88320 ^ (c >> 1))),
    ];

    /// <summary>Goes on from the checksum of the bytes before; 0 at the start.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var table = s_table;
        crc = ~crc;
        foreach (var b in bytes)
        {
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }
}
