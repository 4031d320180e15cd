using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// Where the mirrors of listed sources are, found by the ids in their marks, and which of them are to move because their source has another name
/// (contract, rules 2 and 15). Only what has a mark of this very source is a mirror. Immutable.
/// </summary>
internal sealed class MirrorPlaces
{
    /// <summary>Begins a temporary slug; the source's id follows. Every host takes it as it is.</summary>
    private const string TemporaryPrefix = "mirror-renaming-";

    private readonly Dictionary<Repository, Repository> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Repository, IReadOnlyList<Repository>> _several = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Repository, MirrorRename> _renames = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Repository, Repository> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly Func<string, Repository?> _existing;

    /// <summary>Finds the mirrors of sources.</summary>
    /// <param name="listed">All sources, and what holds for each.</param>
    /// <param name="mirrors">What the destination lists.</param>
    /// <param name="existing">The one of a slug; null when there is none.</param>
    internal MirrorPlaces(
        IReadOnlyList<(Repository Source, RepositorySettings Settings)> listed,
        IReadOnlyList<Repository> mirrors,
        Func<string, Repository?> existing
    )
    {
        _existing = existing;
        var marked = (
            from mirror in mirrors
            let mark = MirrorDescription.Read(mirror.Description)
            where mark is not null
            select (Mirror: mirror, Mark: mark)
        ).ToLookup(m => m.Mark.Id, StringComparer.Ordinal);
        foreach (var (source, settings) in listed)
        {
            var id = (source.Parent ?? source).Id;
            List<Repository> own = [.. marked[id].Where(m => m.Mark.IsOf(source)).Select(m => m.Mirror)];
            if ((At(own, settings.Slug) ?? At(own, settings.FormerSlug) ?? (own is [var only] ? only : null)) is { } place)
            {
                _places[source] = place;
                _sources[place] = source;
            }
            else if (own.Count > 1)
            {
                _several[source] = own;
            }
        }
    }

    /// <summary>What is to be renamed, or would be but for an obstacle; by source.</summary>
    internal IReadOnlyDictionary<Repository, MirrorRename> Renames => _renames;

    /// <summary>The mirror of a source, under whatever slug it is now; null when it has none, or several.</summary>
    internal Repository? Of(Repository source) => _places.GetValueOrDefault(source);

    /// <summary>Several mirrors with the mark of one source, of which none has its slug; empty where that is not so.</summary>
    internal IReadOnlyList<Repository> Several(Repository source) => _several.GetValueOrDefault(source) ?? [];

    /// <summary>The listed source whose mirror something at the destination is; null when it is none's.</summary>
    internal Repository? SourceOf(Repository mirror) => _sources.GetValueOrDefault(mirror);

    /// <summary>Whether a mirror gives up its slug in this run.</summary>
    internal bool IsLeaving(Repository mirror) =>
        SourceOf(mirror) is { } source && _renames.TryGetValue(source, out var rename) && rename.Obstacle is null;

    /// <summary>A slug under which a mirror waits for its own; nothing has it.</summary>
    internal string TemporarySlugOf(MirrorRename rename)
    {
        // A wiki has the id of its repository.
        var id = rename.Source.Id.ToLowerInvariant() + (rename.Source.IsWiki ? WikiAddress.Suffix : "");
        var slug = TemporaryPrefix + id;
        for (var number = 2; _existing(slug) is not null; number++)
        {
            slug = FormattableString.Invariant($"{TemporaryPrefix}{id}-{number}");
        }

        return slug;
    }

    /// <summary>Finds out what is to move.</summary>
    /// <param name="wanted">The slug of a source.</param>
    /// <param name="movable">Sources of this run whose mirrors may move.</param>
    /// <param name="claimed">The slugs that sources of this run need, of mirrors that are there and of those to come.</param>
    /// <param name="bystanders">Sources that no run mirrors: their mirrors move only out of another one's way.</param>
    /// <param name="obstacleOf">Why a mirror can't have a slug though nothing that is listed has it; null where it can.</param>
    internal void Plan(
        Func<Repository, string> wanted,
        IReadOnlyList<Repository> movable,
        IEnumerable<string> claimed,
        IReadOnlySet<Repository> bystanders,
        Func<MirrorRename, string?> obstacleOf
    )
    {
        var all = movable.Select(source => RenameOf(source, wanted)).OfType<MirrorRename>().ToList();
        var asked = new Queue<string>(claimed.Concat(all.Select(rename => rename.Slug)));
        while (asked.TryDequeue(out var slug))
        {
            if (
                _existing(slug) is { } inTheWay
                && SourceOf(inTheWay) is { } bystander
                && bystanders.Contains(bystander)
                && all.TrueForAll(rename => !ReferenceEquals(rename.Source, bystander))
                && RenameOf(bystander, wanted) is { } rename
                && all.TrueForAll(other => !other.Slug.Equals(rename.Slug, StringComparison.OrdinalIgnoreCase))
            )
            {
                all.Add(rename);
                asked.Enqueue(rename.Slug);
            }
        }

        var free = all.Select(rename => rename with { Obstacle = obstacleOf(rename) }).ToList();
        foreach (var stuck in free.Where(rename => rename.Obstacle is not null))
        {
            _renames[stuck.Source] = stuck;
        }

        var candidates = free.Where(rename => rename.Obstacle is null)
            .Select(rename => new Rename<MirrorRename>(rename, rename.Mirror.Name, rename.Slug))
            .ToList();
        var possible = RenameOrder.Possible(candidates, slug => _existing(slug) is not null, StringComparer.OrdinalIgnoreCase);
        foreach (var rename in candidates.Select(candidate => candidate.Item))
        {
            var isPossible = possible.Any(candidate => ReferenceEquals(candidate.Item, rename));
            _renames[rename.Source] = isPossible ? rename : rename with { Obstacle = DescribeOccupant(rename) };
        }
    }

    private MirrorRename? RenameOf(Repository source, Func<Repository, string> wanted) =>
        Of(source) is { } mirror && wanted(source) is var slug && !slug.Equals(mirror.Name, StringComparison.OrdinalIgnoreCase)
            ? new MirrorRename(source, mirror, slug)
            : null;

    private string DescribeOccupant(MirrorRename rename)
    {
        var occupant = _existing(rename.Slug)!;
        return SourceOf(occupant) is { } owner ? $"{occupant.FullName} is the mirror of {owner.FullName}, and stays there for now."
            : MirrorDescription.Read(occupant.Description) is { } mark ? $"{occupant.FullName} says that it is the mirror of {mark.Source}."
            : $"{occupant.FullName} is there, and does not say that it is a mirror.";
    }

    private static Repository? At(List<Repository> mirrors, string? slug) =>
        slug is null ? null : mirrors.Find(mirror => mirror.Name.Equals(slug, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A mirror whose source has another name now, by which the mirror is to be called too. Immutable.</summary>
/// <param name="Source">The source, as it is listed.</param>
/// <param name="Mirror">The mirror as it was listed, under its former slug.</param>
/// <param name="Slug">The slug that it gets.</param>
internal sealed record MirrorRename(Repository Source, Repository Mirror, string Slug)
{
    /// <summary>What to do where something is in the way.</summary>
    internal const string Hint =
        "It is mirrored into all the same, and each run tries again. Rename or remove what is in the way; "
        + "where the mirror of another shard is, one run without 'shard' puts all in order.";

    /// <summary>Why the mirror keeps its slug for now, as a sentence; null where nothing is in the way.</summary>
    internal string? Obstacle { get; init; }

    /// <summary>The name that the source had when the mirror was marked.</summary>
    internal string FormerSource => MirrorDescription.Read(Mirror.Description)?.FullName ?? Source.FullName;

    /// <summary>What the mirror is described by under its new slug.</summary>
    internal string Description => MirrorDescription.For(Source).Over(Mirror.Description);

    /// <summary>Why it is renamed, as the end of a sentence.</summary>
    internal string Cause =>
        FormerSource.Equals(Source.FullName, StringComparison.OrdinalIgnoreCase)
            ? $"its source {Source.FullName} has its mirror there"
            : $"its source {FormerSource} is called {Source.FullName} now";

    /// <summary>A sentence about the mirror that keeps its slug; null where it need not.</summary>
    internal string? Stays =>
        Obstacle is null ? null : $"{Mirror.FullName} is the mirror of {Source.FullName} and should be called {Slug}, but keeps its name: {Obstacle}";

    /// <summary><c>acme-mirror/old -> acme-mirror/new</c>.</summary>
    internal string Arrow => $"{Mirror.FullName} -> {Mirror.FullName[..^Mirror.Name.Length]}{Slug}";
}

/// <summary>What became of the renamings of a run. Immutable.</summary>
/// <param name="Done">Those that were carried out, by the full name of the source.</param>
/// <param name="Failed">Why others were not, a sentence each, by the full name of the source.</param>
internal sealed record RenameOutcome(IReadOnlyDictionary<string, MirrorRename> Done, IReadOnlyDictionary<string, string> Failed)
{
    /// <summary>Nothing was renamed.</summary>
    internal static RenameOutcome None { get; } = new(new Dictionary<string, MirrorRename>(), new Dictionary<string, string>());
}
