namespace MirrorAction.Mirroring;

/// <summary>Finds the name that somebody who mistyped one had in mind.</summary>
public static class NearestName
{
    /// <summary>Longer ones are no slips of the finger, and comparing them would take long.</summary>
    private const int MaxLength = 128;

    /// <summary>The candidate with the fewest edits, if those are at most a third of its letters; else null. Case is ignored.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var lower = name.ToLowerInvariant();
        var near = candidates.Where(c => Math.Abs(c.Length - name.Length) <= c.Length / 3)
            .Select(c => new { Name = c, Distance = Edits(lower, c.ToLowerInvariant()) }).MinBy(c => c.Distance);
        return near is not null && near.Distance <= near.Name.Length / 3 ? near.Name : null;
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements that turn one text into the other.</summary>
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
