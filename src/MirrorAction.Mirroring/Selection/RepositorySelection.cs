using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Selection;

/// <summary>What a run works on: what the source lists, matched with what the destination has. Immutable.</summary>
internal sealed class RepositorySelection
{
    /// <summary>What to do where two sources would be mirrored into the same destination.</summary>
    internal const string HintOnRivals =
        "Leave all but one of them out with 'exclude', or give one of them another slug by a rule in the configuration file.";

    private readonly Dictionary<Repository, RepositorySettings> _settings = new(ReferenceEqualityComparer.Instance);
    private readonly RepositoryWikis _wikis;
    private readonly IOwnWikis? _ownWikis;
    private readonly ILookup<string, Repository> _bySlug;
    private readonly Dictionary<string, Repository> _existing;
    private readonly MirrorPlaces _places;
    private readonly Func<HostListing<Repository>, RenameOutcome, RepositorySelection> _remake;
    private readonly RenameOutcome _outcome;
    private readonly int _selected;

    /// <summary>Matches the two listings.</summary>
    /// <param name="listed">What the source lists.</param>
    /// <param name="existing">What the destination lists.</param>
    /// <param name="options">Filters and rules.</param>
    /// <param name="slugFor">The slug for a name that no rule gives one.</param>
    /// <param name="formerSlugFor">Where a mirror of such a name may be from earlier; null where there is no such place.</param>
    /// <param name="ownWikis">The wikis that the destination has; null where the mirror of a wiki is a repository beside the mirror.</param>
    /// <param name="areMirrors">
    /// What the destination has are mirrors, which are found by the ids in their marks whatever they are called; else the name alone counts.
    /// </param>
    /// <param name="outcome">What became of renamings that this run has carried out; null before.</param>
    internal RepositorySelection(
        HostListing<Repository> listed,
        HostListing<Repository> existing,
        MirrorOptions options,
        Func<string, string> slugFor,
        Func<string, string?>? formerSlugFor = null,
        IOwnWikis? ownWikis = null,
        bool areMirrors = true,
        RenameOutcome? outcome = null
    )
    {
        _remake = (now, renamed) => new RepositorySelection(listed, now, options, slugFor, formerSlugFor, ownWikis, areMirrors, renamed);
        _outcome = outcome ?? RenameOutcome.None;
        _ownWikis = ownWikis;
        Listed = [.. listed.Repositories.Where(r => !r.IsWiki)];
        AtDestination = existing;
        foreach (var repository in Listed)
        {
            _settings[repository] = RepositorySettings.For(options, repository, slugFor, formerSlugFor);
        }

        bool IsTaken(Repository repository, RepositoryFilter filter) => filter.Takes(repository) && !_settings[repository].IsSkipped;
        var selected = Listed.Where(r => IsTaken(r, options.Filter)).ToList();
        _existing = existing
            .Repositories.GroupBy(r => r.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        Unusable = new UnusableEntries(listed.Unusable, existing.Unusable);
        _selected = selected.Count + Unusable.Sources(options with { Shard = null }).Count();
        LeftOut = Listed.Count + listed.Unusable.Count - _selected;

        var all = selected.Select(r => (Repository: r, Barred: Bar(r))).ToList();
        var inShard = all.Where(r => options.Shard?.Takes(r.Repository) != false).ToList();
        Taken = [.. inShard.Where(r => r.Barred is null).Select(r => r.Repository)];
        ListedWikis = [.. listed.Repositories.Where(r => r.IsWiki)];
        _wikis = new RepositoryWikis(options.Wikis ? Listed : [], ListedWikis, existing.Repositories);
        foreach (var wiki in _wikis.All)
        {
            var settings = _settings[wiki.Parent!];
            var slug = settings.Slug + WikiAddress.Suffix;
            _settings[wiki] = settings.OfWiki(ownWikis is null ? slugFor(slug) : slug, ownWikis, wiki.IsPrivate);
        }

        bool IsLeftOut(Repository wiki) =>
            options.Filter.Exclude.Any(name => name.Matches(wiki)) || RepositorySettings.IsSkippedBy(options.Rules, wiki);
        var wikis = all.Where(r => r.Barred is null)
            .Select(r => WikiOf(r.Repository))
            .OfType<Repository>()
            .Where(wiki => !IsLeftOut(wiki))
            .Select(wiki => (Repository: wiki, Barred: ownWikis is null ? Bar(wiki) : null))
            .ToList();
        var wikisInShard = wikis.Where(wiki => options.Shard?.Takes(wiki.Repository.Parent!) != false).ToList();
        Wikis = [.. wikisInShard.Where(wiki => wiki.Barred is null).Select(wiki => wiki.Repository)];
        Barred = [.. Unusable.Sources(options), .. inShard.Concat(wikisInShard).Select(r => r.Barred).OfType<BarredRepository>()];
        UnusedNames = new UnusedNames(options, [.. Listed, .. _wikis.All, .. listed.Unusable]);
        UnusableSentence = Unusable.Sentence(all.Concat(wikis).Select(r => r.Barred).OfType<BarredRepository>());

        // Of all shards: two repositories with one slug may be in different ones, and neither may be pushed.
        var chosen = selected.Concat(wikis.Select(wiki => wiki.Repository)).ToList();
        _bySlug = chosen.ToLookup(r => _settings[r].Slug, StringComparer.OrdinalIgnoreCase);

        // Wikis of the destination's own have no place beside their mirror, and move with it.
        List<Repository> placed = [.. Listed, .. ownWikis is null ? _wikis.All : []];
        List<Repository> claiming = [.. Taken, .. ownWikis is null ? Wikis : []];
        _places = new MirrorPlaces([.. placed.Select(r => (r, _settings[r]))], areMirrors ? existing.Repositories : [], Existing);
        _places.Plan(
            WantedSlugOf,
            [.. claiming.Where(r => !_settings[r].WouldExpose && !Rivals(_settings[r].Slug, r).Any())],
            claiming.Select(r => _settings[r].Slug),
            placed.Except<Repository>(chosen, ReferenceEqualityComparer.Instance).ToHashSet<Repository>(ReferenceEqualityComparer.Instance),
            ObstacleOf
        );
        Census = new MirrorCensus(
            this,
            existing.Repositories,
            selected,
            [.. Listed.Where(r => IsTaken(r, options.Filter with { OnlyPrivate = null }))]
        );
    }

    /// <summary>What the destination lists.</summary>
    internal HostListing<Repository> AtDestination { get; }

    /// <summary>
    /// What this run is to rename at the destination, in their order: by the names that sources have now. Only mirrors of its own shard, and those
    /// of sources that are left out where they are in the way.
    /// </summary>
    internal IReadOnlyList<RenameStep<MirrorRename>> Renames =>
        RenameOrder.Of(
            [.. _places.Renames.Values.Where(rename => rename.Obstacle is null).Select(r => new Rename<MirrorRename>(r, r.Mirror.Name, r.Slug))],
            _places.TemporarySlugOf,
            StringComparer.OrdinalIgnoreCase
        );

    /// <summary>The selection after renamings were carried out, or could not be.</summary>
    internal RepositorySelection After(HostListing<Repository> existing, RenameOutcome outcome) => _remake(existing, outcome);

    /// <summary>How the mirror of a source is to be renamed, or would be but for an obstacle; null where it has its slug.</summary>
    internal MirrorRename? RenameOf(Repository repository) => _places.Renames.GetValueOrDefault(repository);

    /// <summary>How this run has renamed the mirror of a source; null where it has not.</summary>
    internal MirrorRename? DoneRenameOf(Repository repository) => _outcome.Done.GetValueOrDefault(repository.FullName);

    /// <summary>Mirrors with the mark of one source, of which nobody can know which is the right one; empty where that is not so.</summary>
    internal IReadOnlyList<Repository> SeveralMirrorsOf(Repository repository) => _places.Several(repository);

    /// <summary>The source whose mirror has the slug of another one that has none, and does not leave it; null where that is not so.</summary>
    internal Repository? InTheWayOf(Repository repository) =>
        _places.Of(repository) is null
        && Existing(SettingsOf(repository).Slug) is { } there
        && _places.SourceOf(there) is { } source
        && !_places.IsLeaving(there)
        && !WantedSlugOf(source).Equals(there.Name, StringComparison.OrdinalIgnoreCase)
            ? source
            : null;

    private string WantedSlugOf(Repository repository) =>
        SettingsOf(repository) is { FormerSlug: { } former } && former.Equals(_places.Of(repository)?.Name, StringComparison.OrdinalIgnoreCase)
            ? former
            : SettingsOf(repository).Slug;

    private string? ObstacleOf(MirrorRename rename) =>
        _outcome.Failed.GetValueOrDefault(rename.Source.FullName)
        ?? (Unusable.MirrorOf(rename.Source, rename.Slug) is { } unusable ? unusable.Error.Message : null);

    /// <summary>All that the source lists, whether taken or not.</summary>
    internal IReadOnlyList<Repository> Listed { get; }

    /// <summary>The repositories that are mirrored, in the order of the listing; without wikis.</summary>
    internal IReadOnlyList<Repository> Taken { get; }

    /// <summary>What is mirrored as well: wikis of those, as far as they may have one.</summary>
    internal IReadOnlyList<Repository> Wikis { get; }

    /// <summary>Wikis that the source lists as repositories, whether taken or not: in a restore the mirrors of wikis.</summary>
    internal IReadOnlyList<Repository> ListedWikis { get; }

    /// <summary>What is selected as well and can't be mirrored, because of what a host lists.</summary>
    internal IReadOnlyList<BarredRepository> Barred { get; }

    /// <summary>All that the run works on and reports. Wikis come last: each after its repository.</summary>
    internal WorkList<Repository> WorkList => new([.. Taken, .. Wikis], Barred);

    /// <summary>What is listed and nobody can use.</summary>
    internal UnusableEntries Unusable { get; }

    /// <summary>A sentence about those at the destination that are not among the <see cref="Barred"/>; null when there are none.</summary>
    internal string? UnusableSentence { get; }

    /// <summary>How many of the listed ones filters and rules leave out.</summary>
    internal int LeftOut { get; }

    /// <summary>What is to be said of the mirrors as a whole.</summary>
    internal MirrorCensus Census { get; }

    /// <summary>What in filters and rules fits nothing.</summary>
    internal UnusedNames UnusedNames { get; }

    /// <summary>What holds for a listed repository.</summary>
    internal RepositorySettings SettingsOf(Repository repository) => _settings[repository];

    /// <summary>
    /// The mirror of a repository, whatever it is called; where none has its mark, what the destination has in the mirror's place. Null when it has
    /// nothing there, or nothing that stays.
    /// </summary>
    internal Repository? MirrorOf(Repository repository)
    {
        if (repository.Parent is { } parent && _ownWikis is not null)
        {
            return MirrorOf(parent) is { } mirror ? MirrorDescription.WikiOf(mirror) : null;
        }

        return _places.Of(repository) ?? (Existing(SettingsOf(repository).Slug) is { } there && !_places.IsLeaving(there) ? there : null);
    }

    /// <summary>The wiki of a repository, where wikis are asked for and it may have one; null otherwise.</summary>
    internal Repository? WikiOf(Repository repository) => _wikis.Of(repository);

    /// <summary>Bars a repository of which the destination lists the mirror in a way that nobody can use.</summary>
    private BarredRepository? Bar(Repository repository)
    {
        var settings = SettingsOf(repository);
        var barred = Unusable.MirrorOf(repository, settings.Slug);
        return barred is null && settings.FormerSlug is { } slug && Existing(settings.Slug) is null ? Unusable.MirrorOf(repository, slug) : barred;
    }

    /// <summary>What the destination has under the slug; null when it has nothing.</summary>
    internal Repository? Existing(string slug) => _existing.GetValueOrDefault(slug);

    /// <summary>Holds that something is selected, unless what leaves nothing is there as it was named (contract, rule 18).</summary>
    /// <exception cref="MirrorException">Nothing is, and a name to take fits no repository.</exception>
    internal void RefuseMissedNames()
    {
        if (_selected == 0 && UnusedNames.IsMissed)
        {
            throw new MirrorException(
                ErrorCode.SourceNotFound,
                $"None of {NameList.Repositories(Listed.Count)} is selected. {UnusedNames.Sentence}",
                "Correct the names in 'repositories'. A glob such as web* or a regular expression such as /^lib-/ takes several."
            );
        }
    }

    /// <summary>The selected sources that would be mirrored into one place.</summary>
    internal IEnumerable<Repository> Sharing(string slug) => _bySlug[slug];

    /// <summary>Of those the one that the mark of the mirror there names; null when it names none of them, or there is no mirror.</summary>
    internal Repository? OwnerOf(string slug) =>
        Existing(slug) is { } mirror && MirrorDescription.Read(mirror.Description) is { } mark ? Sharing(slug).FirstOrDefault(mark.IsOf) : null;

    /// <summary>
    /// The other sources that keep one from being mirrored: the one whose mirror is there already; where there is none, all that would have the same.
    /// </summary>
    internal IEnumerable<Repository> Rivals(string slug, Repository repository)
    {
        var rivals = OwnerOf(slug) is { } owner
            ? ReferenceEquals(owner, repository)
                ? []
                : [owner]
            : Sharing(slug);
        return rivals.Where(r => !ReferenceEquals(r, repository));
    }
}

/// <summary>What a run works on, and what it was to work on and can't.</summary>
/// <param name="Items">The work.</param>
/// <param name="Barred">Selected too; each fails by itself.</param>
internal sealed record WorkList<T>(IReadOnlyList<T> Items, IReadOnlyList<BarredRepository> Barred)
{
    /// <summary>How many the report is going to have.</summary>
    internal int Count => Items.Count + Barred.Count;
}

/// <summary>A selected repository that fails before anything is tried.</summary>
/// <param name="Source"><c>owner/name</c>.</param>
/// <param name="Destination"><c>workspace/slug</c>; null where that is not known.</param>
/// <param name="Error">Why.</param>
internal sealed record BarredRepository(string Source, string? Destination, RepositoryError Error);
