using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Git.Model;

/// <summary>The name of a git object: 20 bytes (SHA-1) or 32 bytes (SHA-256). A value; equal when format and bytes are.</summary>
public readonly record struct ObjectId
{
    private readonly ulong _a,
        _b,
        _c,
        _d;

    private ObjectId(ReadOnlySpan<byte> bytes, ObjectFormat format)
    {
        Span<byte> padded = stackalloc byte[32];
        bytes.CopyTo(padded);
        _a = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _b = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(padded[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(padded[24..]);
        Format = format;
    }

    /// <summary>The hash this id was made with.</summary>
    public ObjectFormat Format { get; }

    /// <summary>True for the all-zero id, which stands for "no object" in a push command.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>The all-zero id: the old value of a creation and the new value of a deletion.</summary>
    public static ObjectId Zero(ObjectFormat format) => new([], format);

    /// <summary>Takes the raw bytes of an id; their number tells the format.</summary>
    /// <exception cref="ArgumentException">Neither 20 nor 32 bytes.</exception>
    public static ObjectId FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length switch
        {
            20 => new ObjectId(bytes, ObjectFormat.Sha1),
            32 => new ObjectId(bytes, ObjectFormat.Sha256),
            _ => throw new ArgumentException($"An object id has 20 or 32 bytes, not {bytes.Length}.", nameof(bytes)),
        };

    /// <summary>Reads 40 or 64 hex digits; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out ObjectId id)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (hex.Length is not (40 or 64) || Convert.FromHexString(hex, bytes, out _, out var written) != OperationStatus.Done)
        {
            id = default;
            return false;
        }

        id = FromBytes(bytes[..written]);
        return true;
    }

    /// <summary>Reads 40 or 64 hex digits of text.</summary>
    /// <exception cref="FormatException">The text is no object id.</exception>
    public static ObjectId Parse(string hex) =>
        TryParse(Encoding.ASCII.GetBytes(hex), out var id) ? id : throw new FormatException($"'{hex}' is not an object id of 40 or 64 hex digits.");

    /// <summary>Writes the raw bytes and returns how many they are.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[32];
        BinaryPrimitives.WriteUInt64BigEndian(padded, _a);
        BinaryPrimitives.WriteUInt64BigEndian(padded[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(padded[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(padded[24..], _d);
        var length = Format.ByteLength();
        padded[..length].CopyTo(destination);
        return length;
    }

    /// <summary>Writes the id in lower-case hex digits and returns how many they are.</summary>
    /// <exception cref="ArgumentException">There is no room for them.</exception>
    public int FormatHex(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[32];
        var length = CopyTo(bytes);
        return Convert.TryToHexStringLower(bytes[..length], destination, out var written)
            ? written
            : throw new ArgumentException($"An object id has {2 * length} hex digits; there is room for {destination.Length}.", nameof(destination));
    }

    /// <summary>The id in lower-case hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[32];
        var length = CopyTo(bytes);
        return Convert.ToHexStringLower(bytes[..length]);
    }
}

/// <summary>The hash that names a repository's objects; both sides of a relay must use the same one.</summary>
public enum ObjectFormat
{
    /// <summary>SHA-1: 20 bytes, 40 hex digits; what GitHub and Bitbucket Cloud use.</summary>
    Sha1,

    /// <summary>SHA-256: 32 bytes, 64 hex digits.</summary>
    Sha256,
}

/// <summary>Sizes and wire names of the object formats (gitprotocol-capabilities, "object-format").</summary>
public static class ObjectFormats
{
    /// <summary>The length of an object id in bytes.</summary>
    public static int ByteLength(this ObjectFormat format) => format == ObjectFormat.Sha1 ? 20 : 32;

    /// <summary>The name that the <c>object-format</c> capability uses: <c>sha1</c> or <c>sha256</c>.</summary>
    public static string WireName(this ObjectFormat format) => format == ObjectFormat.Sha1 ? "sha1" : "sha256";

    /// <summary>The hash itself.</summary>
    internal static IncrementalHash CreateHash(this ObjectFormat format) =>
        IncrementalHash.CreateHash(format == ObjectFormat.Sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
}
