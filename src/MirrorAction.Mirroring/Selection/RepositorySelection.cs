using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Selection;

/// <summary>What a run works on: what the source lists, matched with what the destination has. Immutable.</summary>
internal sealed class RepositorySelection
{
    /// <summary>What to do where two sources would be mirrored into the same destination.</summary>
    internal const string HintOnRivals =
        "Leave all but one of them out with 'exclude', or give one of them another slug by a rule in the configuration file.";

    private readonly Dictionary<HostedRepository, RepositorySettings> _settings = new(ReferenceEqualityComparer.Instance);
    private readonly ILookup<string, HostedRepository> _bySlug;
    private readonly Dictionary<string, DestinationRepository> _existing;
    private readonly int _selected;

    /// <summary>Matches the two listings.</summary>
    /// <param name="listed">What the source lists.</param>
    /// <param name="existing">What the destination lists.</param>
    /// <param name="options">Filters and rules.</param>
    /// <param name="slugFor">The slug for a name that no rule gives one.</param>
    /// <param name="formerSlugFor">Where a mirror of such a name may be from earlier; null where there is no such place.</param>
    internal RepositorySelection(
        HostListing<HostedRepository> listed,
        HostListing<DestinationRepository> existing,
        MirrorOptions options,
        Func<string, string> slugFor,
        Func<string, string?>? formerSlugFor = null
    )
    {
        Listed = listed.Repositories;
        foreach (var repository in Listed)
        {
            _settings[repository] = RepositorySettings.For(options, repository, slugFor, formerSlugFor);
        }

        bool IsTaken(HostedRepository repository, RepositoryFilter filter) => filter.Takes(repository) && !_settings[repository].IsSkipped;
        var selected = Listed.Where(r => IsTaken(r, options.Filter)).ToList();
        _existing = existing
            .Repositories.GroupBy(r => r.Slug, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        Unusable = new UnusableEntries(listed.Unusable, existing.Unusable);
        _selected = selected.Count + Unusable.Sources(options with { Shard = null }).Count();
        LeftOut = Listed.Count + listed.Unusable.Count - _selected;
        var all = selected.Select(r => (Repository: r, Barred: Bar(r))).ToList();
        var inShard = all.Where(r => options.Shard?.Takes(r.Repository) != false).ToList();
        Taken = [.. inShard.Where(r => r.Barred is null).Select(r => r.Repository)];
        Barred = [.. Unusable.Sources(options), .. inShard.Select(r => r.Barred).OfType<BarredRepository>()];
        UnusedNames = new UnusedNames(options, [.. Listed, .. listed.Unusable]);
        UnusableSentence = Unusable.Sentence(all.Select(r => r.Barred).OfType<BarredRepository>());

        // Of all shards: two repositories with one slug may be in different ones, and neither may be pushed.
        _bySlug = selected.ToLookup(r => _settings[r].Slug, StringComparer.OrdinalIgnoreCase);
        Census = new MirrorCensus(
            this,
            existing.Repositories,
            selected,
            [.. Listed.Where(r => IsTaken(r, options.Filter with { OnlyPrivate = null }))]
        );
    }

    /// <summary>All that the source lists, whether taken or not.</summary>
    internal IReadOnlyList<HostedRepository> Listed { get; }

    /// <summary>What is mirrored, in the order of the listing.</summary>
    internal IReadOnlyList<HostedRepository> Taken { get; }

    /// <summary>What is selected as well and can't be mirrored, because of what a host lists.</summary>
    internal IReadOnlyList<BarredRepository> Barred { get; }

    /// <summary>All that the run works on and reports.</summary>
    internal WorkList<HostedRepository> WorkList => new(Taken, Barred);

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
    internal RepositorySettings SettingsOf(HostedRepository repository) => _settings[repository];

    /// <summary>What the destination has in the place of a repository's mirror; null when it has nothing.</summary>
    internal DestinationRepository? MirrorOf(HostedRepository repository) => Existing(SettingsOf(repository).Slug) ?? FormerMirrorOf(repository);

    /// <summary>Bars a repository of which the destination lists the mirror in a way that nobody can use.</summary>
    private BarredRepository? Bar(HostedRepository repository)
    {
        var settings = SettingsOf(repository);
        var barred = Unusable.MirrorOf(repository, settings.Slug);
        return barred is null && settings.FormerSlug is { } slug && Existing(settings.Slug) is null ? Unusable.MirrorOf(repository, slug) : barred;
    }

    /// <summary>The mirror under the slug that the host itself once made of the name; only the mark tells that it is this one's.</summary>
    private DestinationRepository? FormerMirrorOf(HostedRepository repository) =>
        SettingsOf(repository).FormerSlug is { } slug
        && Existing(slug) is { } mirror
        && MirrorDescription.Read(mirror.Description)?.IsOf(repository) == true
            ? mirror
            : null;

    /// <summary>What the destination has under the slug; null when it has nothing.</summary>
    internal DestinationRepository? Existing(string slug) => _existing.GetValueOrDefault(slug);

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
    internal IEnumerable<HostedRepository> Sharing(string slug) => _bySlug[slug];

    /// <summary>Of those the one that the mark of the mirror there names; null when it names none of them, or there is no mirror.</summary>
    internal HostedRepository? OwnerOf(string slug) =>
        Existing(slug) is { } mirror && MirrorDescription.Read(mirror.Description) is { } mark ? Sharing(slug).FirstOrDefault(mark.IsOf) : null;

    /// <summary>
    /// The other sources that keep one from being mirrored: the one whose mirror is there already; where there is none, all that would have the same.
    /// </summary>
    internal IEnumerable<HostedRepository> Rivals(string slug, HostedRepository repository)
    {
        var rivals = OwnerOf(slug) is { } owner
            ? ReferenceEquals(owner, repository)
                ? []
                : [owner]
            : Sharing(slug);
        return rivals.Where(r => !ReferenceEquals(r, repository));
    }
}
