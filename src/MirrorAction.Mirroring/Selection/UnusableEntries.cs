using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// What both hosts list and nobody can use. It is there, so that nothing is concluded from its absence, and a selected repository that it is about
/// fails alone. Immutable.
/// </summary>
internal sealed class UnusableEntries
{
    private readonly IReadOnlyList<UnusableEntry> _sources;
    private readonly Dictionary<string, UnusableEntry> _mirrors;

    internal UnusableEntries(IReadOnlyList<UnusableEntry> sources, IReadOnlyList<UnusableEntry> mirrors)
    {
        _sources = sources;
        _mirrors = new(StringComparer.OrdinalIgnoreCase);
        foreach (var mirror in mirrors)
        {
            _mirrors[mirror.Name] = mirror;
        }
    }

    /// <summary>Those of the source that filters, rules and shard leave over, as far as names go: what else they are can't be known.</summary>
    internal IEnumerable<BarredRepository> Sources(MirrorOptions options) =>
        from entry in _sources
        where options.Filter.TakesName(entry) && !RepositorySettings.IsSkippedBy(options.Rules, entry) && options.Shard?.Takes(entry) != false
        select new BarredRepository(
            entry.FullName,
            null,
            new RepositoryError(
                ErrorCode.Protocol,
                $"{entry.Host} lists {entry.FullName} with something impossible: {entry.Problem}. It was left out.",
                "Look at it at the host, or leave it out with 'exclude'; if nothing is wrong with it there, report this as a bug of this action."
            )
        );

    /// <summary>A repository whose mirror has this slug; null when the entry of the mirror can be used, or there is none.</summary>
    internal BarredRepository? MirrorOf(Repository repository, string slug) =>
        _mirrors.GetValueOrDefault(slug) is not { } mirror
            ? null
            : new BarredRepository(
                repository.FullName,
                mirror.FullName,
                new RepositoryError(
                    ErrorCode.Protocol,
                    $"{mirror.Host} lists the mirror {mirror.FullName} with something impossible: {mirror.Problem}. Nothing was pushed to it.",
                    "Look at it at the host; if nothing is wrong with it there, report this as a bug of this action."
                )
            );

    /// <summary>Whether the source of a mirror may still be there although it is not among the repositories that can be used.</summary>
    internal bool MayHold(MirrorDescription mark) => _sources.Any(entry => entry.Id is { } id ? id == mark.Id : mark.IsOwnedBy(entry.Owner));

    /// <summary>A sentence about what the destination lists beside the mirrors of these repositories; null when there is nothing to say.</summary>
    internal string? Sentence(IEnumerable<BarredRepository> barred)
    {
        var told = barred.Select(repository => repository.Destination).ToHashSet(StringComparer.Ordinal);
        var others = _mirrors
            .Values.Where(mirror => !told.Contains(mirror.FullName))
            .Select(mirror => $"{mirror.FullName} ({mirror.Problem})")
            .ToList();
        return others.Count == 0 ? null : $"The destination lists something impossible, which is left as it is: {NameList.Of(others)}.";
    }
}
