using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Selection;

/// <summary>
/// The wikis of repositories: those that the source lists, those of repositories that may have one, and those whose mirror is there: one that was
/// switched off keeps it, and the report says so. Immutable.
/// </summary>
internal sealed class RepositoryWikis
{
    private readonly Dictionary<Repository, Repository> _byParent = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the wikis of repositories.</summary>
    /// <param name="parents">The repositories.</param>
    /// <param name="listed">Wikis that the source lists as repositories, each with the repository that it belongs to.</param>
    /// <param name="mirrors">What the destination lists.</param>
    internal RepositoryWikis(IReadOnlyList<Repository> parents, IReadOnlyList<Repository> listed, IReadOnlyList<Repository> mirrors)
    {
        var byParent = listed.ToLookup<Repository, Repository>(wiki => wiki.Parent!, ReferenceEqualityComparer.Instance);
        var marks = mirrors
            .Select(mirror => MirrorDescription.Read(mirror.Description))
            .OfType<MirrorDescription>()
            .ToLookup(mark => mark.Id, StringComparer.Ordinal);
        foreach (var parent in parents)
        {
            var wiki = byParent[parent].FirstOrDefault();
            if (wiki is not null || parent.HasWiki || marks[parent.Id].Any(mark => mark.IsOfWikiOf(parent)))
            {
                _byParent[parent] = wiki ?? parent.ToWiki();
            }
        }
    }

    /// <summary>All of them, in the order of the repositories.</summary>
    internal IReadOnlyCollection<Repository> All => _byParent.Values;

    /// <summary>The wiki of a repository; null where it can't have one.</summary>
    internal Repository? Of(Repository repository) => _byParent.GetValueOrDefault(repository);
}
