using System.Globalization;
using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs;

/// <summary>Turns what a user wrote into values. Each method throws <see cref="FormatException"/> whose message says what was expected.</summary>
internal static class InputFormat
{
    /// <summary>Longer values are shown cut in messages.</summary>
    private const int ShownCharacters = 80;

    /// <summary>Items separated by comma or newline; an item between slashes may hold commas.</summary>
    public static IReadOnlyList<string> List(string text)
    {
        var items = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var rest = line.Trim();
            while (rest.Length > 0)
            {
                var end = EndOfItem(rest);
                if (rest[..end].Trim() is { Length: > 0 } item)
                {
                    items.Add(item);
                }

                rest = end < rest.Length ? rest[(end + 1)..].TrimStart() : "";
            }
        }

        return items;
    }

    /// <summary>The booleans of YAML 1.2's core schema.</summary>
    public static bool Boolean(string text) =>
        text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => throw new FormatException($"expected true or false, not {Shown(text)}."),
        };

    /// <summary>A whole number within bounds.</summary>
    public static int WholeNumber(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new FormatException(FormattableString.Invariant($"expected a whole number from {min} to {max}, not {Shown(text)}."));

    /// <summary>A whole number of milliseconds, seconds or minutes: <c>500ms</c>, <c>2s</c>, <c>1m</c>; at most an hour.</summary>
    public static TimeSpan Duration(string text)
    {
        var (digits, unit) = text switch
        {
            "0" => ("0", 1L),
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1L),
            _ when text.EndsWith('s') => (text[..^1], 1000L),
            _ when text.EndsWith('m') => (text[..^1], 60_000L),
            _ => ("", 1L),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count * unit <= 3_600_000
            ? TimeSpan.FromMilliseconds(count * unit)
            : throw new FormatException($"expected a duration of at most an hour, such as 500ms, 2s or 1m, not {Shown(text)}.");
    }

    /// <summary>A whole number of binary kilo-, mega- or gigabytes: <c>1900MiB</c>, <c>2GiB</c>.</summary>
    public static long Bytes(string text)
    {
        var shift = text switch
        {
            _ when text.EndsWith("KiB", StringComparison.Ordinal) => 10,
            _ when text.EndsWith("MiB", StringComparison.Ordinal) => 20,
            _ when text.EndsWith("GiB", StringComparison.Ordinal) => 30,
            _ => 0,
        };
        return
            shift > 0 && int.TryParse(text[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 1_000_000_000
            ? (long)count << shift
            : throw new FormatException($"expected a size such as 1900MiB or 2GiB, not {Shown(text)}.");
    }

    /// <summary>One of the input's allowed words.</summary>
    public static string Choice(string text, IReadOnlyList<string> allowed)
    {
        if (allowed.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        var advice = NearestName.Of(text, allowed) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
        throw new FormatException($"{Shown(text)} is not known{advice}; allowed: {string.Join(", ", allowed)}.");
    }

    /// <summary>A part of all repositories, such as <c>2/5</c>.</summary>
    public static Shard? Shard(string text) =>
        Mirroring.Reports.Shard.TryParse(text, out var shard)
            ? shard
            : throw new FormatException(
                FormattableString.Invariant(
                    $"expected one part of at most {Mirroring.Reports.Shard.MaxCount}, such as 2/5 for the second of five, not {Shown(text)}."
                )
            );

    /// <summary>A share or a count of refs.</summary>
    public static PruneLimit PruneLimit(string text) =>
        Mirroring.Refs.PruneLimit.TryParse(text, out var limit)
            ? limit
            : throw new FormatException($"expected a share such as 50% or a number of refs such as 20, not {Shown(text)}.");

    /// <summary>Repository names: globs or <c>/regex/</c>.</summary>
    public static IReadOnlyList<NamePattern> NamePatterns(string text) =>
        [.. List(text).Select(item => NamePattern.TryParse(item, out var pattern, out var problem) ? pattern! : throw new FormatException(problem))];

    /// <summary>Ref patterns, at least one of them positive.</summary>
    public static RefPatternSet RefPatterns(string text)
    {
        var patterns = List(text)
            .Select(item => RefPattern.TryParse(item, out var pattern, out var problem) ? pattern! : throw new FormatException(problem))
            .ToList();
        return patterns.Exists(pattern => !pattern.IsNegative)
            ? new RefPatternSet(patterns)
            : throw new FormatException($"{Shown(text)} only leaves refs out; name what to take as well, such as refs/heads/*.");
    }

    /// <summary>An absolute <c>https</c> URL, or <c>http</c> on this machine, without credentials; a slash at its end is dropped.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="whereCredentialsGo">What to use instead of user-info in the URL.</param>
    public static Uri Url(string text, string whereCredentialsGo)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0)
        {
            // What was written is not shown: it may be a URL with a password that is broken somewhere else.
            throw new FormatException("expected an absolute URL that begins with https://.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw new FormatException($"a URL must not hold a user or password; remove the part before '@' and use {whereCredentialsGo} instead.");
        }

        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw new FormatException("a URL must not have a query ('?') or fragment ('#') here.");
        }

        return url.Scheme == "https" || IsLoopback(url)
            ? new Uri(url.GetLeftPart(UriPartial.Path).TrimEnd('/'))
            : throw new FormatException($"{Shown(text)} would send credentials in the clear; use https:// (http:// is for loopback hosts only).");
    }

    /// <summary>A value in quotes for a message, cut when it is long.</summary>
    public static string Shown(string text) => text.Length <= ShownCharacters ? $"'{text}'" : $"'{text[..ShownCharacters]}…'";

    /// <summary>The host of a URL is this machine.</summary>
    public static bool IsLoopback(Uri url) =>
        url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Where the first item of a line ends: a comma, or for <c>/regex/</c> the comma behind its closing slash.</summary>
    private static int EndOfItem(string line)
    {
        for (var close = line[0] == '/' ? line.IndexOf('/', 1) : -1; close > 0; close = line.IndexOf('/', close + 1))
        {
            var next = close + 1;
            while (next < line.Length && char.IsWhiteSpace(line[next]))
            {
                next++;
            }

            if (next == line.Length || line[next] == ',')
            {
                return next;
            }
        }

        var comma = line.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? line.Length : comma;
    }
}
