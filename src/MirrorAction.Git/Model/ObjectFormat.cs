using System.Security.Cryptography;

namespace MirrorAction.Git.Model;

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
