using System.Globalization;
using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// Finds names, globs and regular expressions of filters and rules that fit no repository: most often one was mistyped. They are told and fail
/// nothing as long as anything is selected, because the last repository of a name may have been deleted, and that must not stop the mirror of all the
/// others.
/// </summary>
internal sealed class UnusedNames
{
    /// <summary>More are counted only.</summary>
    private const int MaxShown = 20;

    private readonly IReadOnlyList<IRepositoryName> _listed;

    /// <summary>Holds the filter and the rules against a listing.</summary>
    /// <param name="options">The filter and the rules.</param>
    /// <param name="listed">All that the source lists, taken or not, of all shards.</param>
    internal UnusedNames(MirrorOptions options, IReadOnlyList<IRepositoryName> listed)
    {
        _listed = listed;
        var missed = Unused(options.Filter.IncludeOrigin, options.Filter.Include);
        IsMissed = missed.Count > 0;
        Sentence = Describe([
            .. missed,
            .. Unused(options.Filter.ExcludeOrigin, options.Filter.Exclude),
            .. options.Rules.SelectMany(rule => Unused(rule.Origin, rule.Match)),
        ]);
    }

    /// <summary>One sentence about all of them; null when each fits something.</summary>
    internal string? Sentence { get; }

    /// <summary>One of those to take is among them.</summary>
    internal bool IsMissed { get; }

    private List<(string Origin, NamePattern Pattern)> Unused(string origin, IReadOnlyList<NamePattern> patterns) =>
        [.. patterns.Where(pattern => !_listed.Any(pattern.Matches)).Select(pattern => (origin, pattern))];

    private string? Describe(List<(string Origin, NamePattern Pattern)> unused)
    {
        if (unused.Count == 0)
        {
            return null;
        }

        var places = unused
            .Take(MaxShown)
            .GroupBy(u => u.Origin, StringComparer.Ordinal)
            .Select(g => $"{g.Key} {string.Join(", ", g.Select(u => Describe(u.Pattern)))}");
        var rest = unused.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $"; and {unused.Count - MaxShown} more") : "";
        return $"{(unused.Count == 1 ? "A name fits" : "Some names fit")} no repository: {string.Join("; ", places)}{rest}.";
    }

    private string Describe(NamePattern pattern)
    {
        var isFull = pattern.Text.Contains('/', StringComparison.Ordinal);
        var nearest = NearestName.Of(pattern.Text, _listed.Select(r => isFull ? r.FullName : r.Name));
        return nearest is null ? $"'{pattern.Text}'" : $"'{pattern.Text}' (did you mean '{nearest}'?)";
    }
}

/// <summary>Finds the name that someone who mistyped one had in mind.</summary>
public static class NearestName
{
    /// <summary>Longer ones are no slips of the finger, and comparing them would take long.</summary>
    private const int MaxLength = 128;

    /// <summary>Shorter texts begin too many names.</summary>
    private const int LeastPart = 4;

    /// <summary>
    /// The candidate with the fewest edits, if those are at most a third of its letters; else the only one that begins with the name or has it as a
    /// part between hyphens (<c>repos</c> for <c>repositories</c>, <c>owner</c> for <c>github-owner</c>); else null. Case is ignored.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var lower = name.ToLowerInvariant();
        List<string> parts = [];
        var (nearest, fewest) = ((string?)null, int.MaxValue);
        foreach (var candidate in candidates)
        {
            var other = candidate.ToLowerInvariant();
            var most = candidate.Length / 3;
            if (Math.Abs(other.Length - lower.Length) <= most && Edits(lower, other) is var edits && edits <= most && edits < fewest)
            {
                (nearest, fewest) = (candidate, edits);
            }

            if (
                lower.Length >= LeastPart
                && parts.Count < 2
                && (other.StartsWith(lower, StringComparison.Ordinal) || other.Split('-').Contains(lower))
            )
            {
                parts.Add(candidate);
            }
        }

        return nearest ?? (parts is [var only] ? only : null);
    }

    /// <summary>Insertions, deletions, replacements, and swaps of neighbours, that turn one text into the other.</summary>
    private static int Edits(string from, string to)
    {
        var (beforeLast, last, row) = (new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray(), new int[to.Length + 1]);
        for (var i = 1; i <= from.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[^1];
    }
}
