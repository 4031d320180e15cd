using System.Globalization;
using System.Text;

namespace MirrorAction.TestKit;

/// <summary>
/// Bytes as text that people can read and files can hold: printable ASCII as it is, everything else as <c>\n</c>, <c>\\</c> or <c>\xNN</c>.
/// </summary>
public static class Escaped
{
    /// <summary>Reads the text back into bytes.</summary>
    /// <exception cref="FormatException">A backslash that begins nothing.</exception>
    public static byte[] Read(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, char.IsHighSurrogate(text[i]) ? 2 : 1));
                i += char.IsHighSurrogate(text[i]) ? 1 : 0;
                continue;
            }

            var kind = ++i < text.Length ? text[i] : ' ';
            bytes.Add(
                kind switch
                {
                    'n' => (byte)'\n',
                    'r' => (byte)'\r',
                    't' => (byte)'\t',
                    '0' => 0,
                    '\\' => (byte)'\\',
                    'x'
                        when i + 2 < text.Length
                            && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b) => b,
                    _ => throw new FormatException($"'\\{kind}' in '{text}' is no escape."),
                }
            );
            i += kind == 'x' ? 2 : 0;
        }

        return [.. bytes];
    }

    /// <summary>Writes bytes as text.</summary>
    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => text.Append("\\n"),
                0 => text.Append("\\0"),
                (byte)'\\' => text.Append("\\\\"),
                >= 0x20 and < 0x7f => text.Append((char)b),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            };
        }

        return text.ToString();
    }
}
