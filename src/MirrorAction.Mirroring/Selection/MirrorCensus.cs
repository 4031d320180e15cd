using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Selection;

/// <summary>A mirror that no run writes any more.</summary>
/// <param name="Mirror"><c>workspace/slug</c>.</param>
/// <param name="Mark">Whose mirror it is.</param>
/// <param name="Fate">What became of the source, as far as its listing tells; null where the host has to be asked.</param>
/// <param name="Now">The full name of the source now; null where that is not known.</param>
internal sealed record Orphan(string Mirror, MirrorDescription Mark, OrphanFate? Fate, string? Now);

/// <summary>Something about a mirror that someone should look at, whatever becomes of its repository.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Hint">What to do.</param>
/// <param name="IsOfEntry">The entry of a selected repository in the report tells of it too.</param>
internal sealed record MirrorConcern(string Text, string Hint, bool IsOfEntry = false);

/// <summary>
/// Looks at all mirrors of a workspace by their marks: which of them no run writes any more, and which show everyone what is private at the source.
/// Mirrors of another server are none of its business. Immutable.
/// </summary>
internal sealed class MirrorCensus
{
    private readonly RepositorySelection _selection;
    private readonly HashSet<Repository> _selected;
    private readonly HashSet<Repository> _selectable;

    /// <summary>Looks at what both hosts list.</summary>
    /// <param name="selection">The selection; its places are known.</param>
    /// <param name="existing">All repositories of the destination.</param>
    /// <param name="selected">What is mirrored, by this run or another shard.</param>
    /// <param name="selectable">That, and what would be if its visibility did not matter.</param>
    internal MirrorCensus(
        RepositorySelection selection,
        IReadOnlyList<Repository> existing,
        IReadOnlyCollection<Repository> selected,
        IEnumerable<Repository> selectable
    )
    {
        _selection = selection;
        _selected = new HashSet<Repository>(selected, ReferenceEqualityComparer.Instance);
        _selectable = new HashSet<Repository>(selectable, ReferenceEqualityComparer.Instance);
        var sources = selection.Listed.DistinctBy(r => r.Id).ToDictionary(r => r.Id, StringComparer.Ordinal);
        var owners = selection.Listed.Select(r => r.Owner).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var host = selection.Listed.Count > 0 ? selection.Listed[0].HostName : null;
        List<Orphan> orphans = [];
        List<MirrorConcern> concerns = [];
        foreach (var mirror in existing.OrderBy(r => r.FullName, StringComparer.Ordinal))
        {
            if (host is null || MirrorDescription.Read(mirror.Description) is not { } mark || !mark.IsAt(host))
            {
                continue;
            }

            if (sources.TryGetValue(mark.Id, out var parent))
            {
                // The mirror of a wiki is no orphan while its repository is there, whatever the settings say of wikis.
                var isOfWiki = mark.IsOfWikiOf(parent);
                var wiki = isOfWiki ? selection.WikiOf(parent) : null;
                var source = isOfWiki ? wiki ?? parent.ToWiki() : parent;
                if (!IsFormerName(mark, source) || (isOfWiki && wiki is null))
                {
                    // It is as it should be, or a second one that was made on purpose, by a rule.
                }
                else if (IsPlaceOf(source, mirror))
                {
                    if (!isOfWiki && !_selected.Contains(source) && selection.RenameOf(source) is not { Obstacle: null })
                    {
                        orphans.Add(new Orphan(mirror.FullName, mark, OrphanFate.Renamed, source.FullName));
                    }
                }
                else if (selection.SeveralMirrorsOf(source).Count == 0)
                {
                    orphans.Add(new Orphan(mirror.FullName, mark, OrphanFate.Replaced, source.FullName));
                    concerns.Add(LeftBehind(mirror, mark, source));
                }

                concerns.AddRange(Exposed(mirror, source));
            }
            else if (owners.Any(mark.IsOwnedBy) && !selection.Unusable.MayHold(mark))
            {
                orphans.Add(new Orphan(mirror.FullName, mark, null, null));
                concerns.AddRange(Exposed(mirror, mark));
            }
        }

        // Someone may have changed the description of a mirror.
        var unmarked =
            from source in _selectable
            let mirror = selection.MirrorOf(source)
            where mirror is not null && MirrorDescription.Read(mirror.Description) is null
            from concern in Exposed(mirror, source)
            select concern;
        Orphans = orphans;
        Concerns =
        [
            .. concerns,
            .. unmarked,
            .. selected
                .Concat(selected.Select(selection.WikiOf).OfType<Repository>())
                .Select(selection.RenameOf)
                .OfType<MirrorRename>()
                .Select(StaysBehind)
                .OfType<MirrorConcern>(),
        ];
    }

    /// <summary>
    /// Mirrors that no run writes any more, by name: their source is no longer listed, has another name and another mirror, or another name and is
    /// left out.
    /// </summary>
    internal IReadOnlyList<Orphan> Orphans { get; }

    /// <summary>What someone should look at: mirrors of renamed sources, and public ones whose source is private, or hidden.</summary>
    internal IReadOnlyList<MirrorConcern> Concerns { get; }

    private bool IsPlaceOf(Repository source, Repository mirror) => ReferenceEquals(_selection.MirrorOf(source), mirror);

    private static bool IsFormerName(MirrorDescription mark, Repository source) =>
        !mark.FullName.Equals(source.FullName, StringComparison.OrdinalIgnoreCase);

    private static MirrorConcern? StaysBehind(MirrorRename rename) =>
        rename.Stays is { } sentence ? new MirrorConcern(sentence, MirrorRename.Hint, IsOfEntry: true) : null;

    private MirrorConcern LeftBehind(Repository mirror, MirrorDescription mark, Repository source)
    {
        var slug = _selection.SettingsOf(source).Slug;
        return new MirrorConcern(
            $"{mirror.FullName} is the mirror of {mark.FullName}, which is called {source.FullName} now and has another mirror, {slug}: "
                + "the old one gets no updates.",
            $"To go on with the old one, remove {slug} or empty its description and rename it: the next run renames the old one."
        );
    }

    private IEnumerable<MirrorConcern> Exposed(Repository mirror, Repository source)
    {
        if (mirror.IsOpen && source.IsPrivate)
        {
            var whole = source.Parent ?? source;
            var isWritten = _selected.Contains(whole) && (!source.IsWiki || _selection.WikiOf(whole) == source) && IsPlaceOf(source, mirror);
            var why =
                isWritten ? ""
                : _selectable.Contains(whole) && !_selected.Contains(whole)
                    ? ", and 'visibility' leaves it out, so that no run makes the mirror private"
                : ", and no run mirrors into this one, so that none makes it private";
            yield return new MirrorConcern(
                $"{mirror.FullName} is public, but its source {source.FullName} is private{why}.",
                isWritten ? "Run 'mode: mirror', which makes it private; or do so by hand." : "Make it private by hand.",
                isWritten
            );
        }
    }

    private static IEnumerable<MirrorConcern> Exposed(Repository mirror, MirrorDescription mark)
    {
        if (mirror.IsOpen)
        {
            yield return new MirrorConcern(
                $"{mirror.FullName} is public, and its source {mark.FullName} is no longer listed: it is gone, or it is private now and hidden from "
                    + "these credentials.",
                "Make it private by hand, unless everyone may read it."
            );
        }
    }
}
