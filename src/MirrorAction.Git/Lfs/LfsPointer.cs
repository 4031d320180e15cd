using System.Buffers;
using System.Globalization;

namespace MirrorAction.Git.Lfs;

/// <summary>What git holds in the place of a file that Git LFS keeps: the name and the length of its contents. A value.</summary>
/// <remarks>
/// git-lfs docs/spec.md: <code>version SP url LF *( "ext-" digit "-" name SP value LF ) "oid sha256:" 64hex LF "size " number LF</code> in fewer than
/// 1,024 bytes. As git-lfs itself, every file that reads so is taken for a pointer, whatever <c>.gitattributes</c> says.
/// </remarks>
/// <param name="Oid">SHA-256 of the contents, in 64 lower-case hex digits.</param>
/// <param name="Size">Bytes of the contents.</param>
public readonly record struct LfsPointer(string Oid, long Size)
{
    /// <summary>A pointer is shorter than so many bytes.</summary>
    public const int MaxLength = 1024;

    /// <summary>No pointer is shorter: the oldest version, an oid, and a size of one digit.</summary>
    internal const int MinLength = 32 + 76 + 6;

    /// <summary>The longest name of an oid: its 64 digits.</summary>
    internal const int OidLength = 64;

    private static readonly SearchValues<byte> s_hexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Reads a file; false when it is no pointer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> file, out LfsPointer pointer)
    {
        pointer = default;
        if (file.Length >= MaxLength || !IsVersion(NextLine(ref file)))
        {
            return false;
        }

        var line = NextLine(ref file);
        while (line.StartsWith("ext-"u8))
        {
            line = NextLine(ref file);
        }

        if (!line.StartsWith("oid sha256:"u8) || !IsOid(line["oid sha256:"u8.Length..]))
        {
            return false;
        }

        var oid = System.Text.Encoding.ASCII.GetString(line["oid sha256:"u8.Length..]);
        line = NextLine(ref file);
        if (
            !line.StartsWith("size "u8)
            || !long.TryParse(line["size "u8.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !file.Trim("\r\n"u8).IsEmpty
        )
        {
            return false;
        }

        pointer = new LfsPointer(oid, size);
        return true;
    }

    /// <summary>Whether a text is 64 lower-case hex digits: safe in a path and in an address.</summary>
    public static bool IsOid(ReadOnlySpan<byte> text) => text.Length == OidLength && !text.ContainsAnyExcept(s_hexDigits);

    private static bool IsVersion(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("version https://git-lfs.github.com/spec/v1"u8)
        || line.SequenceEqual("version https://hawser.github.com/spec/v1"u8)
        || line.SequenceEqual("version http://git-media.io/v/2"u8);

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }
}

/// <summary>A pointer, and the file of git that holds it.</summary>
/// <param name="Blob">The file.</param>
/// <param name="Pointer">What it points to.</param>
public readonly record struct FoundPointer(Model.ObjectId Blob, LfsPointer Pointer);
