using MirrorAction.Simulation.Git;

namespace MirrorAction.Simulation.World;

/// <summary>A ref that moved.</summary>
/// <param name="Run">The run that moved it; 0 for people.</param>
/// <param name="Ref">Its name.</param>
/// <param name="Old">Its value before; null for none.</param>
/// <param name="New">Its value after; null for none.</param>
internal sealed record RefMove(int Run, string Ref, string? Old, string? New);

/// <summary>A value that was overwritten or deleted at a mirror, and has to be found there until some time.</summary>
internal sealed record Owed(string Id, string Ref, DateTimeOffset Until);

/// <summary>A repository at one of the hosts: refs, objects and settings.</summary>
internal sealed class SimRepository
{
    public const string Kept = "refs/tags/mirror-kept";
    public const string Part = "refs/tags/mirror-part";

    /// <summary>The host's id; another one when a repository of the same name is made anew.</summary>
    public required long Id { get; init; }

    /// <summary>The last part of its address.</summary>
    public required string Name { get; set; }

    public bool IsPrivate { get; set; } = true;

    public string Description { get; set; } = "";

    /// <summary>The default branch by its short name, whether it is there or not.</summary>
    public string Head { get; set; } = "main";

    /// <summary>Values by full name, in git's order.</summary>
    public SortedDictionary<string, string> Refs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SimObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Objects that are there by name, and whose bytes are gone.</summary>
    public HashSet<string> Unreadable { get; } = new(StringComparer.Ordinal);

    /// <summary>What the host refuses.</summary>
    public HostRules Rules { get; } = new();

    /// <summary>What happened to its refs, ever.</summary>
    public List<RefMove> Moves { get; } = [];

    /// <summary>What must not be lost.</summary>
    public List<Owed> Owed { get; } = [];

    /// <summary>Of a mirror: the id of the source that it mirrors; null for somebody else's repository.</summary>
    public long? MirrorOf { get; set; }

    /// <summary>Whether a ref is one that is mirrored.</summary>
    public static bool IsMirrored(string name) =>
        (name.StartsWith("refs/heads/", StringComparison.Ordinal) || name.StartsWith("refs/tags/", StringComparison.Ordinal)) && !IsReserved(name);

    /// <summary>Whether a ref belongs to the mirror itself.</summary>
    public static bool IsReserved(string name) => name is Kept or Part || name.StartsWith(Kept + "/", StringComparison.Ordinal);

    /// <summary>The refs that are mirrored.</summary>
    public Dictionary<string, string> Mirrored() => Refs.Where(r => IsMirrored(r.Key)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Puts objects in, with everything that they need.</summary>
    public void Take(Universe universe, params IEnumerable<string> roots)
    {
        foreach (var id in universe.Reach(roots))
            Objects.TryAdd(id, universe[id]);
    }

    /// <summary>Moves a ref, or takes it away.</summary>
    public void Move(int run, string name, string? value)
    {
        var old = Refs.GetValueOrDefault(name);
        Moves.Add(new RefMove(run, name, old, value));
        if (value is null)
            Refs.Remove(name);
        else
            Refs[name] = value;
    }

    /// <summary>Removes what no ref needs.</summary>
    public void CollectGarbage(Universe universe)
    {
        var needed = universe.Reach(Refs.Values);
        foreach (var id in Objects.Keys.Where(id => !needed.Contains(id)).ToArray())
            Objects.Remove(id);
    }

    /// <summary>Whether another ref stands where this one would be a folder, or the other way round.</summary>
    public bool Conflicts(string name) =>
        Refs.Keys.Any(other => other.StartsWith(name + "/", StringComparison.Ordinal) || name.StartsWith(other + "/", StringComparison.Ordinal));
}
