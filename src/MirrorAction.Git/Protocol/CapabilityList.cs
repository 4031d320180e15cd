using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Protocol;

/// <summary>What a peer says it can do: <c>key</c> or <c>key=value</c>. Unknown ones are kept. Immutable.</summary>
/// <remarks>gitprotocol-capabilities (v0, one line, separated by spaces) and gitprotocol-v2, "Capability Advertisement" (one a line).</remarks>
internal sealed class CapabilityList
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);

    private CapabilityList(IEnumerable<string> items)
    {
        foreach (var item in items)
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            _values[equals < 0 ? item : item[..equals]] = equals < 0 ? null : item[(equals + 1)..];
        }
    }

    internal static CapabilityList Empty { get; } = new([]);

    /// <summary>Whether the key is there, with or without a value.</summary>
    internal bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value, null without one.</summary>
    internal string? Value(string key) => _values.GetValueOrDefault(key);

    /// <summary>The object format; SHA-1 where the peer says nothing.</summary>
    /// <exception cref="GitProtocolException">A format that does not exist yet.</exception>
    internal ObjectFormat ObjectFormat =>
        Value("object-format") switch
        {
            null or "sha1" => ObjectFormat.Sha1,
            "sha256" => ObjectFormat.Sha256,
            var other => throw new GitProtocolException(
                $"The object format '{TextSanitizer.CleanEnd(other)}' is not known; git has sha1 and sha256."
            ),
        };

    /// <summary>The space-separated list behind the NUL of the first ref (v0).</summary>
    internal static CapabilityList ParseV0(ReadOnlySpan<byte> text) =>
        new(Encoding.Latin1.GetString(text).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The lines of a v2 advertisement.</summary>
    internal static CapabilityList ParseV2(IEnumerable<string> lines) => new(lines);
}
