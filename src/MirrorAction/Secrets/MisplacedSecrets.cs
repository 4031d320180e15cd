using System.Buffers;
using MirrorAction.Inputs;

namespace MirrorAction.Secrets;

/// <summary>
/// Finds credentials where none belongs: in an option, in a URL, in another input. Such a configuration is refused with a message that may quote it,
/// and a quoted credential must be hidden like any other.
/// </summary>
internal static class MisplacedSecrets
{
    /// <summary>A token is longer than what a text would name in passing.</summary>
    private const int MinTokenLength = 8;

    /// <summary>Bounds a key of the configuration file, or a long line of such words would take the square of its length.</summary>
    private const int MaxKey = 80;

    private static readonly string[] s_words = ["token", "secret", "password", "passwd"];

    private static readonly SearchValues<string> s_keyWords = SearchValues.Create([.. s_words, "private-key"], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] s_tokenStarts = [.. TokenOrigin.Starts];

    private static readonly SearchValues<string> s_anyTokenStart = SearchValues.Create(s_tokenStarts, StringComparison.Ordinal);

    private static readonly SearchValues<char> s_tokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=-"
    );

    /// <summary>All that look like one.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Of which inputs, and what goes with <c>sync</c>, are looked at.</param>
    public static IEnumerable<string> In(IReadOnlyList<string> arguments, EnvironmentVariables environment)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            // Any option that is named like a credential, mistyped or not: --gihub-token X, --password=X.
            if (arguments[i].StartsWith('-') && IsNamedLikeOne(arguments[i].Split('=', ':')[0]))
            {
                var value =
                    arguments[i].IndexOfAny(['=', ':']) is var sign and > 0 ? arguments[i][(sign + 1)..]
                    : i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-') ? arguments[i + 1]
                    : "";
                yield return value.Trim();
            }
        }

        var inputs = environment
            .Names.Where(name => name.StartsWith("INPUT_", StringComparison.Ordinal) || name.StartsWith("MIRROR_", StringComparison.Ordinal))
            .ToList();
        foreach (var value in inputs.Where(IsNamedLikeOne).Select(name => environment[name]).OfType<string>())
        {
            yield return value;
        }

        foreach (var secret in arguments.Concat(inputs.Select(name => environment[name]).OfType<string>()).SelectMany(InText))
        {
            yield return secret;
        }
    }

    /// <summary>All that look like one in a configuration file, where none may be.</summary>
    /// <param name="text">The file, good or broken.</param>
    public static IEnumerable<string> InFile(string text) => text.Split('\n', '\r').Select(NamedValue).OfType<string>().Concat(InText(text));

    private static IEnumerable<string> InText(string text)
    {
        for (var at = 0; NextToken(text, at) is { } token; at = token.End.Value)
        {
            yield return text[token];
        }

        for (var at = 0; NextLogin(text, at) is { } login; at = login.End.Value)
        {
            // A token may stand in the user's place as well.
            foreach (var part in text[login].Split(':', 2))
            {
                yield return part;
                yield return Uri.UnescapeDataString(part);
            }
        }
    }

    /// <summary>A token of one of the hosts. An installation token of GitHub ends with a JWT, whose parts stand behind dots.</summary>
    private static Range? NextToken(string text, int from)
    {
        while (text.AsSpan(from).IndexOfAny(s_anyTokenStart) is >= 0 and var found)
        {
            var start = from + found;
            var body = start + s_tokenStarts.First(begin => string.CompareOrdinal(text, start, begin, 0, begin.Length) == 0).Length;
            var end = EndOfRun(text, body);
            if (end - body >= MinTokenLength)
            {
                while (end < text.Length && text[end] == '.' && EndOfRun(text, end + 1) is var next && next > end + 1)
                {
                    end = next;
                }

                return start..end;
            }

            from = body;
        }

        return null;
    }

    private static int EndOfRun(string text, int from)
    {
        var length = from < text.Length ? text.AsSpan(from).IndexOfAnyExcept(s_tokenCharacters) : 0;
        return length < 0 ? text.Length : from + length;
    }

    /// <summary>What stands before the <c>@</c> of a URL.</summary>
    private static Range? NextLogin(string text, int from)
    {
        while (text.IndexOf("//", from, StringComparison.Ordinal) is >= 0 and var slashes)
        {
            from = slashes + 2;
            var end = from;
            while (end < text.Length && text[end] is not ('/' or '@') && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            if (end > from && end < text.Length && text[end] == '@')
            {
                return from..end;
            }

            from = end == from ? slashes + 1 : end;
        }

        return null;
    }

    /// <summary>The value in a line of YAML whose key is named like a credential; null in any other.</summary>
    private static string? NamedValue(string line)
    {
        for (var at = 0; line.AsSpan(at).IndexOfAny(s_keyWords) is >= 0 and var found; )
        {
            at += found + 1;
            var colon = at;
            while (colon < line.Length && colon < at + MaxKey && (char.IsLetterOrDigit(line[colon]) || line[colon] is '_' or '-' or '"' or '\''))
            {
                colon++;
            }

            var rest = line.AsSpan(colon).TrimStart(" \t");
            if (rest is [':', ' ' or '\t', .. var value] && value.Trim() is { IsEmpty: false } trimmed)
            {
                return trimmed.ToString().Split(" #")[0].Trim().Trim('"', '\'').Trim();
            }
        }

        return null;
    }

    private static bool IsNamedLikeOne(string name) => s_words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
