using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>Divides the changes of one attempt into pushes, with the main branch that the destination is given after each.</summary>
/// <param name="job">What is mirrored.</param>
/// <param name="source">What the source listed.</param>
/// <param name="before">What the destination had.</param>
/// <param name="defaultBranch">The branch that should be the destination's main branch; null when the source has none.</param>
/// <param name="mainBranch">The destination's main branch; null when there is none, or none is known.</param>
/// <param name="isThere">Whether the destination has a ref by now.</param>
internal sealed class PushSteps(
    RepositoryJob job,
    RemoteRefs source,
    RefAdvertisement before,
    RefName? defaultBranch,
    RefName? mainBranch,
    Func<RefName, bool> isThere
)
{
    /// <summary>
    /// One push, unless the destination's main branch is to be deleted, which its host refuses: then everything else first, another main branch,
    /// and the deletions last.
    /// </summary>
    internal IEnumerable<(IReadOnlyList<PlannedChange> Changes, RefName? MainBranch)> Of(IReadOnlyList<PlannedChange> changes)
    {
        if (changes.Count == 0)
        {
            yield break;
        }

        if (defaultBranch is { Text: null } unspeakable && job.SetMainBranch is not null && !before.Refs.Keys.Any(name => name.IsBranch))
        {
            // No host can be told its name, but the branch that comes first becomes the main branch of an empty repository.
            bool IsFirst(PlannedChange c) => c.Update.Name == unspeakable;
            yield return ([.. changes.Where(IsFirst)], null);
            if (changes.Count > 1)
            {
                yield return ([.. changes.Where(c => !IsFirst(c))], null);
            }

            yield break;
        }

        if (job.SetMainBranch is null || !changes.Any(c => c.Update.IsDelete && c.Update.Name == mainBranch))
        {
            yield return (changes, defaultBranch);
            yield break;
        }

        var inTheWay = MirrorPlanner.DeletionsInTheWay(changes.Select(c => c.Update));
        bool IsLate(PlannedChange c) => c.Update.IsDelete || (c.Update.IsCreate && inTheWay.Any(c.Update.Name.ConflictsWith));
        PlannedChange[] early = [.. changes.Where(c => !IsLate(c))];
        PlannedChange[] late = [.. changes.Where(IsLate)];
        var standIn = StandIn(late, _ => true);
        yield return (early, standIn);
        if (standIn is { } wanted && !isThere(wanted) && StandIn(late, isThere) is { } other)
        {
            yield return ([], other); // The first choice was held back, which is no reason to keep what is to go.
        }

        if (standIn is null && !inTheWay.Contains(mainBranch!.Value))
        {
            // Only what is created once there is room for it can take over.
            PlannedChange[] last = [.. late.Where(c => c.Update.Name == mainBranch)];
            yield return ([.. late.Except(last)], defaultBranch);
            late = last;
        }

        yield return (late, defaultBranch);
    }

    /// <summary>
    /// A branch that both sides have while the old main branch is deleted: the default branch, unless it can only be created after that deletion.
    /// </summary>
    private RefName? StandIn(PlannedChange[] late, Func<RefName, bool> mayBe)
    {
        var names = late.Select(c => c.Update.Name).ToHashSet();
        return source
            .Refs.Keys.Where(n => n.IsBranch && n.Text is not null && job.Options.Patterns.Includes(n) && !names.Contains(n) && mayBe(n))
            .OrderByDescending(n => n == defaultBranch)
            .Select(n => (RefName?)n)
            .FirstOrDefault();
    }
}
