namespace MirrorAction.Mirroring.Selection;

/// <summary>Something that gets another name.</summary>
/// <param name="Item">What it is.</param>
/// <param name="From">Its present name.</param>
/// <param name="To">The name that it gets.</param>
internal sealed record Rename<T>(T Item, string From, string To);

/// <summary>One renaming of several that are carried out one after the other.</summary>
/// <param name="Rename">What it is a part of.</param>
/// <param name="From">The name before.</param>
/// <param name="To">The name after: nothing has it when its turn comes.</param>
internal sealed record RenameStep<T>(Rename<T> Rename, string From, string To)
{
    /// <summary>The name is given up again by a later step.</summary>
    internal bool IsTemporary => To != Rename.To;
}

/// <summary>
/// The order in which things get names that others of them still have: who has a free name before it goes first, and a circle is opened by a
/// temporary name. After each step every name is of one thing alone, so that an interruption leaves nothing that can't be taken up again.
/// </summary>
internal static class RenameOrder
{
    /// <summary>Puts renamings in order.</summary>
    /// <param name="renames">
    /// No two from or to one name; each new name is free, or one that another of them gives up (<see cref="Possible"/>).
    /// </param>
    /// <param name="temporaryFor">A name that nothing has, another one for each item.</param>
    /// <param name="names">Tells which names are one.</param>
    internal static IReadOnlyList<RenameStep<T>> Of<T>(IReadOnlyList<Rename<T>> renames, Func<T, string> temporaryFor, StringComparer names)
    {
        List<RenameStep<T>> steps = [];
        var waiting = renames.Select(rename => (Rename: rename, rename.From)).ToList();
        var held = waiting.Select(w => w.From).ToHashSet(names);
        while (waiting.Count > 0)
        {
            var next = waiting.FindIndex(w => !held.Contains(w.Rename.To));
            if (next >= 0)
            {
                var (rename, from) = waiting[next];
                steps.Add(new(rename, from, rename.To));
                waiting.RemoveAt(next);
                held.Remove(from);
            }
            else
            {
                // Only circles are left.
                var (rename, from) = waiting[0];
                var temporary = temporaryFor(rename.Item);
                steps.Add(new(rename, from, temporary));
                waiting[0] = (rename, temporary);
                held.Remove(from);
                held.Add(temporary);
            }
        }

        return steps;
    }

    /// <summary>
    /// Those of some renamings whose new name is free, or given up by another of those. One that is not possible keeps its name, which may be what
    /// another one waits for.
    /// </summary>
    /// <param name="renames">No two from or to one name.</param>
    /// <param name="isTaken">Whether a name is taken now.</param>
    /// <param name="names">Tells which names are one.</param>
    internal static IReadOnlyList<Rename<T>> Possible<T>(IReadOnlyList<Rename<T>> renames, Func<string, bool> isTaken, StringComparer names)
    {
        var possible = renames;
        for (var before = -1; before != possible.Count; )
        {
            before = possible.Count;
            var givenUp = possible.Select(rename => rename.From).ToHashSet(names);
            possible = [.. possible.Where(rename => !isTaken(rename.To) || givenUp.Contains(rename.To))];
        }

        return possible;
    }
}
