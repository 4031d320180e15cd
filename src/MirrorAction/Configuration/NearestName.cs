namespace MirrorAction.Configuration;

/// <summary>Finds the name that somebody who mistyped one had in mind.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest edits, if those are at most a third of its letters; else null.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        var best = candidates.Select(c => (Name: c, Distance: Edits(name, c))).MinBy(c => c.Distance);
        return best.Name is not null && best.Distance <= best.Name.Length / 3 ? best.Name : null;
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
