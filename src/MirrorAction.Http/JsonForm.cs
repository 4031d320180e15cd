using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MirrorAction.Http;

/// <summary>Reads the objects of a host's JSON. What is wrong is told by the name of the field; what the server wrote is never quoted.</summary>
internal static class JsonForm
{
    /// <summary>Reads one object.</summary>
    /// <exception cref="FormatException">It is not JSON of that shape; the message says where.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class => (T)Read(json, (JsonTypeInfo)type);

    /// <summary>Reads one object of a type that is known at run time.</summary>
    /// <exception cref="FormatException">It is not JSON of that shape; the message says where.</exception>
    public static object Read(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new FormatException("it is null");
        }
        catch (JsonException e)
        {
            throw Wrong(Describe(e, type)); // Not with what it comes from, which may quote the server.
        }
    }

    /// <summary>The exception without what it comes from, which may quote the server.</summary>
    public static FormatException Wrong(string why) => new(why);

    /// <summary>Where the JSON is wrong.</summary>
    public static string Describe(JsonException e, JsonTypeInfo? type = null)
    {
        var place = FormattableString.Invariant($"near line {e.LineNumber + 1}, byte {e.BytePositionInLine}");

        // Its message and its path may hold names that the server chose.
        var field = type?.Properties.FirstOrDefault(property => $"{e.Path}.".StartsWith($"$.{property.Name}.", StringComparison.Ordinal))?.Name;
        return field is null ? $"the JSON is wrong {place}" : $"its field '{field}' has a value that it can't have, {place}";
    }
}

/// <summary>
/// Cuts long texts in JSON as it is read, so that no answer fills the memory with one: of each string only the beginning is kept. What is left is
/// JSON of the same shape, however the bytes are divided. One instance per answer.
/// </summary>
internal sealed class JsonTextCutter
{
    /// <summary>Bytes that are kept of a string; a listing needs none that is longer.</summary>
    public const int MaxText = 16 * 1024;

    /// <summary>A string that offers no place for a clean cut in so many bytes more is not UTF-8.</summary>
    private const int MaxOverhang = 16;

    private bool _isInText;
    private int _length;
    private bool _isCut;

    /// <summary>Which byte of an escape is due: 1 is the one behind the backslash, 2 to 5 are the digits of <c>\uXXXX</c>; 0 is none.</summary>
    private int _escape;
    private bool _isSurrogate;

    /// <summary>The escape that came last is the first half of a surrogate pair; a cut behind it would leave a text that nobody can read.</summary>
    private bool _isHalf;

    /// <summary>Moves what is kept of a piece to its beginning.</summary>
    /// <returns>How many bytes are kept.</returns>
    public int Cut(Span<byte> piece)
    {
        var kept = 0;
        foreach (var next in piece)
        {
            if (IsKept(next))
            {
                piece[kept++] = next;
            }
        }

        return kept;
    }

    private bool IsKept(byte next)
    {
        if (!_isInText)
        {
            _isInText = next == '"';
            (_length, _isCut, _isHalf) = (0, false, false);
            return true;
        }

        if (_escape > 0)
        {
            ReadEscape(next);
        }
        else if (next == '"')
        {
            _isInText = false;
            return true;
        }
        else
        {
            // Before a character, never in the middle of one.
            var isContinued = (next & 0b1100_0000) == 0b1000_0000;
            _isCut = _isCut || (_length >= MaxText && !isContinued && !_isHalf) || _length >= MaxText + MaxOverhang;
            _isHalf = false;
            _escape = next == '\\' ? 1 : 0;
        }

        _length++;
        return !_isCut;
    }

    private void ReadEscape(byte next)
    {
        switch (_escape)
        {
            case 1:
                _escape = next == 'u' ? 2 : 0;
                return;
            case 2:
                _isSurrogate = next is (byte)'d' or (byte)'D';
                break;
            case 3:
                _isHalf = _isSurrogate && (char)next is '8' or '9' or 'a' or 'b' or 'A' or 'B';
                break;
        }

        _escape = _escape == 5 ? 0 : _escape + 1;
    }
}
