using System.Text;

namespace MirrorAction.Git.Model;

/// <summary>
/// The full name of a ref, such as <c>refs/heads/main</c>, kept byte for byte as it was sent.
/// </summary>
/// <remarks>
/// git gives ref names no encoding: they are bytes. The bytes are held one to a character (Latin-1), so that a name in any encoding
/// goes to the other side unchanged. Decoding them as UTF-8 would turn a Latin-1 name into another branch. <see cref="ToString"/> is for people only.
/// </remarks>
public readonly record struct RefName : IComparable<RefName>
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string? _latin1;

    private RefName(string latin1) => _latin1 = latin1;

    /// <summary>One character per byte; for comparing and splitting, not for showing.</summary>
    public string Raw => _latin1 ?? "";

    /// <summary>The number of bytes on the wire.</summary>
    public int ByteLength => Raw.Length;

    /// <summary>Under <c>refs/heads/</c>.</summary>
    public bool IsBranch => Raw.StartsWith("refs/heads/", StringComparison.Ordinal);

    /// <summary>Under <c>refs/tags/</c>.</summary>
    public bool IsTag => Raw.StartsWith("refs/tags/", StringComparison.Ordinal);

    /// <summary>Takes the bytes of the wire.</summary>
    public static RefName FromBytes(ReadOnlySpan<byte> bytes) => new(Encoding.Latin1.GetString(bytes));

    /// <summary>Takes text that a person wrote; characters beyond ASCII become their UTF-8 bytes.</summary>
    public static RefName FromText(string text) => FromBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>The branch of this short name, <c>main</c> as <c>refs/heads/main</c>.</summary>
    public static RefName Branch(string shortName) => FromText("refs/heads/" + shortName);

    /// <summary>
    /// The name as text that stands for these very bytes, for interfaces that take nothing else; null where the bytes are not UTF-8.
    /// </summary>
    public string? Text
    {
        get
        {
            try
            {
                return Ascii.IsValid(Raw) ? Raw : s_strictUtf8.GetString(Encoding.Latin1.GetBytes(Raw));
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    /// <summary>The branch that a host's list means by a short name. Such lists are text: what is not UTF-8 has become U+FFFD in them.</summary>
    /// <param name="listed">The name in the list.</param>
    /// <param name="refs">The refs of the repository.</param>
    public static RefName ListedBranch(string listed, IEnumerable<RefName> refs)
    {
        if (listed.Contains('\uFFFD', StringComparison.Ordinal))
        {
            var text = "refs/heads/" + listed;
            foreach (var name in refs)
            {
                if (name.IsBranch && Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(name.Raw)) == text)
                {
                    return name;
                }
            }
        }

        return Branch(listed);
    }

    /// <summary>The name below <c>refs/heads/</c> or <c>refs/tags/</c>, for people; any other name whole.</summary>
    public string ShortName =>
        IsBranch ? ToString()["refs/heads/".Length..]
        : IsTag ? ToString()["refs/tags/".Length..]
        : ToString();

    /// <summary>Adds bytes behind the name.</summary>
    public static RefName Concat(string asciiPrefix, RefName name, int skip) => new(asciiPrefix + name.Raw[skip..]);

    /// <summary>
    /// True when this name and the other cannot exist at once because one is a directory of the other, as <c>x</c> and <c>x/y</c>.
    /// </summary>
    public bool ConflictsWith(RefName other)
    {
        var (shorter, longer) = Raw.Length < other.Raw.Length ? (Raw, other.Raw) : (other.Raw, Raw);
        return longer.Length > shorter.Length && longer[shorter.Length] == '/' && longer.StartsWith(shorter, StringComparison.Ordinal);
    }

    /// <summary>Writes the bytes of the wire.</summary>
    public void CopyTo(Span<byte> destination) => Encoding.Latin1.GetBytes(Raw, destination);

    /// <summary>Whether git would accept the name (git-check-ref-format, rules 1 to 10), with at least two levels.</summary>
    public bool IsWellFormed => RefNameFormat.IsWellFormed(Raw);

    /// <inheritdoc/>
    public int CompareTo(RefName other) => string.CompareOrdinal(Raw, other.Raw);

    /// <summary>The name for people: UTF-8 where the bytes are UTF-8, else Latin-1; control characters as <c>?</c>.</summary>
    public override string ToString()
    {
        // Where it is not UTF-8, one character a byte is as good a picture as any.
        var raw = Text ?? Raw;
        return HasControls(raw) ? string.Concat(raw.Select(c => char.IsControl(c) ? '?' : c)) : raw;
    }

    private static bool HasControls(ReadOnlySpan<char> name) =>
        name.ContainsAnyInRange('\0', '\u001f') || name.ContainsAnyInRange('\u007f', '\u009f');

#pragma warning disable CS1591
    public static bool operator <(RefName left, RefName right) => left.CompareTo(right) < 0;

    public static bool operator >(RefName left, RefName right) => left.CompareTo(right) > 0;

    public static bool operator <=(RefName left, RefName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RefName left, RefName right) => left.CompareTo(right) >= 0;
#pragma warning restore CS1591
}

/// <summary>A ref and the object it names.</summary>
/// <param name="Name">The full name.</param>
/// <param name="Id">The object; for an annotated tag the tag object, not what it points to.</param>
public readonly record struct Ref(RefName Name, ObjectId Id);

/// <summary>The verdict of <c>git check-ref-format</c> on a full ref name (git-check-ref-format, rules 1 to 10).</summary>
internal static class RefNameFormat
{
    /// <summary>Takes the name one character a byte.</summary>
    internal static bool IsWellFormed(string raw)
    {
        if (
            !raw.Contains('/', StringComparison.Ordinal)
            || raw == "@"
            || raw.EndsWith('.')
            || raw.Contains("..", StringComparison.Ordinal)
            || raw.Contains("@{", StringComparison.Ordinal)
        )
        {
            return false;
        }

        foreach (var c in raw)
        {
            if (c < 0x20 || c is (char)0x7f or ' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
            {
                return false;
            }
        }

        foreach (var component in raw.Split('/'))
        {
            if (component.Length == 0 || component[0] == '.' || component.EndsWith(".lock", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
