using MirrorAction.Simulation.Git;

namespace MirrorAction.Simulation.World;

/// <summary>Every object that was ever made in a simulation, whoever holds it now, and what is true of them.</summary>
internal sealed class Universe
{
    private readonly Dictionary<string, SimObject> _all = new(StringComparer.Ordinal);

    /// <summary>Gives an object to the world.</summary>
    public SimObject Add(SimObject item)
    {
        if (_all.TryGetValue(item.Id, out var known))
            return known;
        _all.Add(item.Id, item);
        return item;
    }

    /// <summary>The object of a name that someone made.</summary>
    public SimObject this[string id] => _all[id];

    /// <summary>The object of a name; null when nobody ever made it.</summary>
    public SimObject? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>Everything that can be reached from some objects, themselves included.</summary>
    public HashSet<string> Reach(IEnumerable<string> roots, HashSet<string>? beyond = null)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(roots);
        while (open.TryPop(out var id))
        {
            if ((beyond is not null && beyond.Contains(id)) || !_all.TryGetValue(id, out var item) || !seen.Add(id))
                continue;
            foreach (var link in item.Links)
                open.Push(link);
        }

        return seen;
    }

    /// <summary>Whether the old commit is the new one, or among its ancestors.</summary>
    public bool IsAncestor(string old, string of)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([of]);
        while (open.TryPop(out var id))
        {
            if (id == old)
                return true;
            if (!_all.TryGetValue(id, out var item) || item.Kind != ObjectKind.Commit || !seen.Add(id))
                continue;
            foreach (var parent in item.Parents)
                open.Push(parent);
        }

        return false;
    }
}
