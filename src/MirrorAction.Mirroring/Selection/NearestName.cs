namespace MirrorAction.Mirroring.Selection;

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
