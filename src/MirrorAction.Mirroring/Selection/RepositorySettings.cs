using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Mirroring.Selection;

/// <summary>What holds for one repository: the inputs of the run, and the rules that fit it. Immutable.</summary>
internal sealed record RepositorySettings
{
    /// <summary>The slug of the mirror.</summary>
    internal required string Slug { get; init; }

    /// <summary>Where a mirror may be from earlier, when the host would not keep what was asked for; null where no such place is known.</summary>
    internal string? FormerSlug { get; init; }

    /// <summary>A rule leaves the repository out.</summary>
    internal bool IsSkipped { get; init; }

    /// <summary>The mirror is not readable by everyone; always so when the source is not.</summary>
    internal required bool IsPrivate { get; init; }

    /// <summary>A rule wants a mirror that everyone can read, and the source is private.</summary>
    internal bool WouldExpose { get; init; }

    /// <summary>A mirror that is there already gets this visibility too; else only a new one.</summary>
    internal bool ChangesVisibility { get; init; }

    /// <summary>The visibility is that of the source.</summary>
    internal bool FollowsSource { get; init; }

    /// <summary>The key of the project for a new mirror; null leaves the choice to the destination's own options.</summary>
    internal string? Project { get; init; }

    /// <summary>How its refs are mirrored.</summary>
    internal required RefOptions Refs { get; init; }

    /// <summary>
    /// What holds for the wiki of a repository with these settings: the same, but for the patterns of <c>refs</c>. Those are about the branches of
    /// code; a wiki is one branch of any name.
    /// </summary>
    /// <param name="slug">The slug of its mirror.</param>
    /// <param name="own">The destination's own wikis, where the mirror is one of them, without a visibility of its own; null for none.</param>
    /// <param name="isPrivate">The wiki is not readable by everyone at the source, although the repository may be.</param>
    internal RepositorySettings OfWiki(string slug, IOwnWikis? own, bool isPrivate) =>
        this with
        {
            // A wiki beside the mirror has a visibility of its own, one in it has the mirror's.
            IsPrivate = IsPrivate || (isPrivate && own is null),
            WouldExpose = WouldExpose || (isPrivate && !IsPrivate && own is not null),
            Slug = slug,
            FormerSlug = null,
            ChangesVisibility = ChangesVisibility && own is null,
            Refs = Refs with { Patterns = RefPatternSet.BranchesAndTags, Prune = Refs.Prune && own is not { HasFixedBranch: true } },
        };

    /// <summary>Whether the last rule that fits and says so leaves the repository out.</summary>
    internal static bool IsSkippedBy(IReadOnlyList<RepositoryRule> rules, IRepositoryName repository) =>
        rules.Where(rule => rule.Fits(repository)).Select(rule => rule.Skip).LastOrDefault(skip => skip is not null) ?? false;

    /// <summary>Puts the settings together; of several rules that fit, a later one wins over an earlier one, setting by setting.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="repository">The repository.</param>
    /// <param name="slugFor">The slug for a name that no rule gives one.</param>
    /// <param name="formerSlugFor">Where a mirror of such a name may be from earlier; null where there is no such place.</param>
    internal static RepositorySettings For(
        MirrorOptions options,
        Repository repository,
        Func<string, string> slugFor,
        Func<string, string?>? formerSlugFor = null
    )
    {
        var rules = options.Rules.Where(rule => rule.Fits(repository)).Reverse().ToList();
        T? Last<T>(Func<RepositoryRule, T?> setting) => rules.Select(setting).FirstOrDefault(value => value is not null);
        var visibility = Last(rule => rule.Visibility);
        var wanted = visibility ?? (options.FollowSourceVisibility ? MirrorVisibility.Source : MirrorVisibility.Private);
        var slug = Last(rule => rule.Slug);
        return new RepositorySettings
        {
            Slug = slug ?? slugFor(repository.Name),
            FormerSlug = slug is null ? formerSlugFor?.Invoke(repository.Name) : null,
            IsSkipped = IsSkippedBy(options.Rules, repository),
            IsPrivate = repository.IsPrivate || wanted == MirrorVisibility.Private,
            WouldExpose = repository.IsPrivate && wanted == MirrorVisibility.Public,
            ChangesVisibility = visibility is not null || options.FollowSourceVisibility,
            FollowsSource = wanted == MirrorVisibility.Source,
            Project = Last(rule => rule.Project),
            Refs = options.Refs with
            {
                Patterns = Last(rule => rule.Refs) ?? options.Refs.Patterns,
                Prune = Last(rule => rule.Prune) ?? options.Refs.Prune,
                PruneLimit = Last(rule => rule.PruneLimit) ?? options.Refs.PruneLimit,
            },
        };
    }
}
