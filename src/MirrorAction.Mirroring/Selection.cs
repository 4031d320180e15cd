using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>What a run works on: what the source lists, matched with what the destination has. Immutable.</summary>
internal sealed class Selection
{
    /// <summary>What to do where two sources would be mirrored into the same destination.</summary>
    internal const string CureOfRivals = "Leave all but one of them out with 'exclude', or give one of them another slug by a rule in the configuration file.";

    private readonly Dictionary<HostedRepository, RepositorySettings> _settings = new(ReferenceEqualityComparer.Instance);
    private readonly ILookup<string, HostedRepository> _bySlug;
    private readonly Dictionary<string, DestinationRepository> _existing;

    /// <summary>Matches the two listings.</summary>
    /// <param name="listed">What the source lists.</param>
    /// <param name="existing">What the destination lists.</param>
    /// <param name="options">Filters and rules.</param>
    /// <param name="slugFor">The slug for a name that no rule gives one.</param>
    /// <param name="formerSlugFor">Where a mirror of such a name may be from earlier; null where there is no such place.</param>
    internal Selection(
        IReadOnlyList<HostedRepository> listed,
        IReadOnlyList<DestinationRepository> existing,
        MirrorOptions options,
        Func<string, string> slugFor,
        Func<string, string?>? formerSlugFor = null)
    {
        Listed = listed;
        foreach (var repository in listed.Where(options.Filter.Takes))
        {
            var settings = RepositorySettings.For(options, repository, slugFor, formerSlugFor);
            if (!settings.IsSkipped)
            {
                _settings.Add(repository, settings);
            }
        }

        var selected = listed.Where(_settings.ContainsKey).ToList();
        Taken = options.Shard is { } shard ? [.. selected.Where(shard.Takes)] : selected;
        UnusedNames = new UnusedNames(options, listed);

        // Of all shards: two repositories with one slug may be in different ones, and neither may be pushed.
        _bySlug = selected.ToLookup(r => _settings[r].Slug, StringComparer.OrdinalIgnoreCase);
        _existing = existing.GroupBy(r => r.Slug, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        var owners = listed.Select(r => r.Owner).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ids = listed.Select(r => r.Id).ToHashSet();
        bool IsOrphan(DestinationRepository repository) => MirrorMark.Read(repository) is { } mark && owners.Contains(mark.Owner) && !ids.Contains(mark.Id);
        Orphans = [.. existing.Where(IsOrphan).Select(r => r.FullName).Order(StringComparer.Ordinal)];
    }

    /// <summary>All that the source lists, whether taken or not.</summary>
    internal IReadOnlyList<HostedRepository> Listed { get; }

    /// <summary>What is mirrored, in the order of the listing.</summary>
    internal IReadOnlyList<HostedRepository> Taken { get; }

    /// <summary>How many of the listed ones filters and rules leave out.</summary>
    internal int LeftOut => Listed.Count - _settings.Count;

    /// <summary>Mirrors of these owners whose source is no longer listed.</summary>
    internal IReadOnlyList<string> Orphans { get; }

    /// <summary>What in filters and rules fits nothing.</summary>
    internal UnusedNames UnusedNames { get; }

    /// <summary>What holds for a repository that no filter and no rule leaves out.</summary>
    internal RepositorySettings SettingsOf(HostedRepository repository) => _settings[repository];

    /// <summary>What the destination has in the place of a repository's mirror; null when it has nothing.</summary>
    internal DestinationRepository? MirrorOf(HostedRepository repository) => Existing(SettingsOf(repository).Slug) ?? FormerMirrorOf(repository);

    /// <summary>The mirror under the slug that the host itself once made of the name; only the mark tells that it is this one's.</summary>
    private DestinationRepository? FormerMirrorOf(HostedRepository repository) =>
        SettingsOf(repository).FormerSlug is { } slug && Existing(slug) is { } mirror && MirrorMark.Read(mirror)?.Id == repository.Id ? mirror : null;

    /// <summary>What the destination has under the slug; null when it has nothing.</summary>
    internal DestinationRepository? Existing(string slug) => _existing.GetValueOrDefault(slug);

    /// <summary>Holds that something is selected, unless what leaves nothing is there as it was named (contract, rule 18).</summary>
    /// <exception cref="MirrorException">Nothing is, and a name to take fits no repository.</exception>
    internal void RefuseMissedNames()
    {
        if (_settings.Count == 0 && UnusedNames.IsMissed)
        {
            throw new MirrorException(
                ErrorCode.SourceNotFound,
                $"None of {NameList.Repositories(Listed.Count)} is selected. {UnusedNames.Sentence}",
                "Correct the names in 'repositories'. A glob such as web* or a regular expression such as /^lib-/ takes several.");
        }
    }

    /// <summary>Other sources that would be mirrored into the same destination.</summary>
    internal IEnumerable<HostedRepository> Rivals(string slug, HostedRepository repository) => _bySlug[slug].Where(r => !ReferenceEquals(r, repository));
}
