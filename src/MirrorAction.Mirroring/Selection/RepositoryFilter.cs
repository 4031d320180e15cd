using System.IO.Enumeration;
using System.Text.RegularExpressions;
using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Mirroring.Selection;

/// <summary>Which repositories of the listing are taken. Immutable.</summary>
public sealed record RepositoryFilter
{
    /// <summary>Names to take; empty takes all.</summary>
    public IReadOnlyList<NamePattern> Include { get; init; } = [];

    /// <summary>Names to leave out; wins over <see cref="Include"/>.</summary>
    public IReadOnlyList<NamePattern> Exclude { get; init; } = [];

    /// <summary>What messages call the input of <see cref="Include"/>, as it was given.</summary>
    public string IncludeOrigin { get; init; } = "repositories";

    /// <summary>What messages call the input of <see cref="Exclude"/>, as it was given.</summary>
    public string ExcludeOrigin { get; init; } = "exclude";

    /// <summary>True takes private ones only, false public ones only, null both.</summary>
    public bool? OnlyPrivate { get; init; }

    /// <summary>What becomes of forks. The default is to leave them out.</summary>
    public Inclusion Forks { get; init; } = Inclusion.Exclude;

    /// <summary>What becomes of archived repositories. The default is to take them.</summary>
    public Inclusion Archived { get; init; } = Inclusion.Include;

    /// <summary>Whether the repository is taken, as far as its name goes.</summary>
    public bool TakesName(IRepositoryName repository) =>
        (Include.Count == 0 || Include.Any(p => p.Matches(repository))) && !Exclude.Any(p => p.Matches(repository));

    /// <summary>Whether the repository is taken.</summary>
    public bool Takes(Repository repository) =>
        TakesName(repository)
        && (OnlyPrivate is null || OnlyPrivate == repository.IsPrivate)
        && Takes(Forks, repository.IsFork)
        && Takes(Archived, repository.IsArchived);

    private static bool Takes(Inclusion inclusion, bool isSuch) =>
        inclusion switch
        {
            Inclusion.Include => true,
            Inclusion.Exclude => !isSuch,
            _ => isSuch,
        };
}

/// <summary>What becomes of repositories of some sort.</summary>
public enum Inclusion
{
    /// <summary>Taken like all others.</summary>
    Include,

    /// <summary>Left out.</summary>
    Exclude,

    /// <summary>Nothing else is taken.</summary>
    Only,
}

/// <summary>
/// A glob (<c>*</c> any run of characters, <c>?</c> one) or, between slashes, a regular expression, for the name of a repository; a glob that
/// holds a slash is held against <c>owner/name</c>. Below a group with subgroups, where the name is a path, the last part of it counts as well, and
/// the path without the owner. Case is ignored, as the hosts ignore it.
/// </summary>
public sealed class NamePattern
{
    private readonly Func<string, bool> _fits;
    private readonly bool _onFullName;

    private NamePattern(string text, Func<string, bool> fits, bool onFullName)
    {
        Text = text;
        _fits = fits;
        _onFullName = onFullName;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the repository's name fits.</summary>
    public bool Matches(IRepositoryName repository)
    {
        var end = repository.Name.LastIndexOf('/');
        return _fits(_onFullName ? repository.FullName : repository.Name)
            || (end >= 0 && _fits(_onFullName ? repository.Name : repository.Name[(end + 1)..]));
    }

    /// <summary>Reads a glob or <c>/regex/</c>.</summary>
    public static bool TryParse(string text, out NamePattern? pattern, out string? problem)
    {
        pattern = null;
        problem = null;
        if (text.Length < 2 || text[0] != '/' || text[^1] != '/')
        {
            // A backslash is a character like any other.
            var glob = text.Replace(@"\", @"\\", StringComparison.Ordinal);
            pattern = new NamePattern(
                text,
                name => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: true),
                text.Contains('/', StringComparison.Ordinal)
            );
            return true;
        }

        try
        {
            // Takes time in proportion to the name, whatever the pattern: no limit by the clock is needed, which a process that was stopped for a
            // while would miss.
            const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
            pattern = new NamePattern(text, new Regex(text[1..^1], Options).IsMatch, onFullName: false);
        }
        catch (ArgumentException e)
        {
            problem = $"'{text}' is not a regular expression: {e.Message}";
        }
        catch (NotSupportedException)
        {
            problem =
                $"'{text}' can't be used: look-arounds, back-references, atomic groups, "
                + "conditions, \\G and thousands of repetitions are not supported. "
                + "Write it without them; 'exclude' can take the place of a negative look-ahead.";
        }

        return pattern is not null;
    }
}

/// <summary>
/// What is different for the repositories that a rule of the configuration file fits. What is null stays as the inputs say. Immutable.
/// </summary>
public sealed record RepositoryRule
{
    /// <summary>The names that the rule is for, at least one.</summary>
    public required IReadOnlyList<NamePattern> Match { get; init; }

    /// <summary>Where the rule stands, as <c>.github/mirror.yml:12:5</c>, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>Leaves the repository out.</summary>
    public bool? Skip { get; init; }

    /// <summary>The slug of the mirror instead of the one made from the name.</summary>
    public string? Slug { get; init; }

    /// <summary>The visibility of the mirror.</summary>
    public MirrorVisibility? Visibility { get; init; }

    /// <summary>The key of the project in which the mirror is created.</summary>
    public string? Project { get; init; }

    /// <summary>Which refs.</summary>
    public RefPatternSet? Refs { get; init; }

    /// <summary>Whether refs that the source no longer has are deleted.</summary>
    public bool? Prune { get; init; }

    /// <summary>How many deletions are too many.</summary>
    public PruneLimit? PruneLimit { get; init; }

    /// <summary>Whether the rule is for the repository.</summary>
    public bool Fits(IRepositoryName repository) => Match.Any(pattern => pattern.Matches(repository));
}

/// <summary>The visibility of a mirror.</summary>
public enum MirrorVisibility
{
    /// <summary>Not readable by everyone.</summary>
    Private,

    /// <summary>Readable by everyone.</summary>
    Public,

    /// <summary>As the source is.</summary>
    Source,
}
