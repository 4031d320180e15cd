using MirrorAction.Simulation.Git;

namespace MirrorAction.Simulation.World;

/// <summary>Both hosts, everything that they hold, and the time.</summary>
internal sealed class SimWorld
{
    /// <summary>The organisation, and the workspace of its mirrors.</summary>
    public const string Owner = "acme";
    public const string Workspace = "acme-mirror";

    private long _lastId = 1000;

    /// <summary>Held while anything is looked at or changed.</summary>
    public Lock Lock { get; } = new();

    public DateTimeOffset Now { get; set; } = new(2026, 12, 1, 2, 17, 0, TimeSpan.Zero);

    public Universe Universe { get; } = new();

    /// <summary>The organisation's repositories.</summary>
    public List<SimRepository> Sources { get; } = [];

    /// <summary>Repositories that the organisation no longer has.</summary>
    public List<SimRepository> Gone { get; } = [];

    /// <summary>The workspace's.</summary>
    public List<SimRepository> Mirrors { get; } = [];

    /// <summary>Former names of the organisation's repositories, which lead to the present ones.</summary>
    public Dictionary<string, SimRepository> FormerNames { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An id that nothing has.</summary>
    public long NextId() => ++_lastId;

    public SimRepository? Source(string name) => Sources.Find(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The repository that once had the name.</summary>
    public SimRepository? Former(string name) => FormerNames.TryGetValue(name, out var found) && Sources.Contains(found) ? found : null;

    public SimRepository? Mirror(string slug) => Mirrors.Find(r => r.Name == slug);

    /// <summary>The mirror of this slug or UUID.</summary>
    public SimRepository? MirrorAt(string slugOrUuid) => Mirrors.Find(r => r.Name == slugOrUuid || UuidOf(r) == slugOrUuid);

    /// <summary>
    /// The mirror of a source: what has its mark, whatever it is called; where nothing has, what has its name. Null when there is none, or nobody
    /// knows which.
    /// </summary>
    public SimRepository? MirrorFor(SimRepository source)
    {
        var own = Mirrors.FindAll(m => IsMarked(m, source.Id));
        return own.Find(m => m.Name == SlugOf(source))
            ?? (
                own.Count == 1 ? own[0]
                : own.Count > 1 ? null
                : Mirror(SlugOf(source))
            );
    }

    /// <summary>A mirror says that it is one of the source of this id, perhaps by a former name.</summary>
    public static bool IsMarked(SimRepository mirror, long id) =>
        mirror.Description.StartsWith($"Mirror of github.com/{Owner}/", StringComparison.Ordinal)
        && mirror.Description.Contains($"(id {id})", StringComparison.Ordinal);

    public static string UuidOf(SimRepository mirror) => $"{{00000000-0000-4000-8000-{mirror.Id:d12}}}";

    /// <summary>What a mirror of a source says of itself.</summary>
    public static string MarkOf(SimRepository source) => $"Mirror of github.com/{Owner}/{source.Name} (id {source.Id})";

    /// <summary>The slug of a source's mirror, as the contract has it.</summary>
    public static string SlugOf(SimRepository source) => source.Name.ToLowerInvariant();

    /// <summary>The source that a mirror stands for, found by its place; null when there is none.</summary>
    public SimRepository? SourceOf(SimRepository mirror) => Sources.Find(s => SlugOf(s) == mirror.Name);

    /// <summary>Makes an object and gives it to a repository.</summary>
    public SimObject Make(SimRepository repository, SimObject item)
    {
        item = Universe.Add(item);
        repository.Objects.TryAdd(item.Id, item);
        return item;
    }
}
