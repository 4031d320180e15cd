using System.Text;

namespace MirrorAction.Inputs.Yaml;

/// <summary>The text of a configuration file, as far as it is one.</summary>
internal static class ConfigFileText
{
    /// <summary>Larger files are no configuration, whatever they are.</summary>
    private const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is too large.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("it is a folder");
        }

        using var file = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; bytes.Length <= MaxBytes && (read = file.Read(buffer)) > 0; )
        {
            bytes.Write(buffer, 0, read);
        }

        return bytes.Length <= MaxBytes ? bytes.ToArray() : throw new FormatException("is larger than 1 MiB; name the YAML file of the mirror.");
    }

    /// <summary>The text without a byte order mark; null, with a problem, when it is not text in UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, string file, FileProblems problems)
    {
        try
        {
            var text = s_utf8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes);
            if (FirstControl(text) is >= 0 and var control)
            {
                var code = ((int)text[control]).ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
                problems.Add(
                    PositionAfter(text.AsSpan(0, control), file),
                    $"holds the control character U+{code}, which YAML does not allow; remove it or save the file as UTF-8."
                );
                return null;
            }

            return text;
        }
        catch (DecoderFallbackException)
        {
            problems.Add(
                PositionAfter(Encoding.UTF8.GetString(bytes[..ValidLength(bytes)]), file),
                "is not UTF-8 from here on; save the file as UTF-8."
            );
            return null;
        }
    }

    private static int FirstControl(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\t' or '\r' or '\n' or '\u0085'))
            {
                return i;
            }
        }

        return -1;
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static FilePosition PositionAfter(ReadOnlySpan<char> before, string file) =>
        new(file, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
}
