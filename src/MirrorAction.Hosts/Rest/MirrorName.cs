using System.Security.Cryptography;
using System.Text;

namespace MirrorAction.Hosts.Rest;

/// <summary>
/// What all hosts have in common of the name that a mirror gets (contract, rule 3). What a host keeps of a name, and how it makes one of what it does
/// not keep, is its own.
/// </summary>
internal static class MirrorName
{
    /// <summary>The longest name that is asked for at hosts that take only lower case.</summary>
    public const int MaxLength = 62;

    private const int HashLength = 8;

    /// <summary>The name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>.</summary>
    public static string Plain(string name) =>
        string.Concat(
            name.EnumerateRunes()
                .Select(rune => Rune.ToLowerInvariant(rune) is { IsAscii: true } lower && IsLegal((char)lower.Value) ? (char)lower.Value : '-')
        );

    /// <summary>A lower-case letter, a digit, or one of <c>_ . -</c>.</summary>
    public static bool IsLegal(char letter) => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' or '.' or '-';

    /// <summary>One dash for several, and none at either end.</summary>
    public static string WithSingleDashes(string slug) => string.Join('-', slug.Split('-', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>As much of a text as leaves room for a dash and the hash.</summary>
    public static string Beginning(string text, int maxLength = MaxLength) => text[..Math.Min(text.Length, maxLength - HashLength - 1)];

    /// <summary>What is left of a name, a dash, and the hash of the whole name; the hash alone where nothing is left.</summary>
    public static string Hashed(string rest, string name) => rest.Length == 0 ? HashOf(name) : $"{rest}-{HashOf(name)}";

    /// <summary>The first 8 hexadecimal digits of the SHA-256 of a name.</summary>
    public static string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
}
