using System.Globalization;
using MirrorAction.Git;
using MirrorAction.Mirroring.Planning;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>The rules that forbid a plan as a whole, whatever it says of single refs: the repository is then left as it is.</summary>
/// <param name="job">What is mirrored.</param>
/// <param name="source">What the source lists.</param>
/// <param name="before">What the destination has.</param>
internal sealed class MirrorGuard(RepositoryJob job, SourceRefs source, RefAdvertisement before)
{
    /// <summary>The destination may be somebody's workplace: it is equal, or refused.</summary>
    internal bool IsTaken => job.TakesOnlyEmpty && !job.Options.Adopt && before.Refs.Keys.Any(name => name.Raw != RefPatternSet.PartTag);

    /// <summary>HEAD points to nothing: hosts do not let a default branch go, so that something went wrong at the source.</summary>
    private bool IsDefaultBranchGone =>
        job.SetMainBranch is not null && (source.Head is not { } head || (job.Options.Patterns.Includes(head) && !source.Refs.ContainsKey(head)));

    /// <summary>Holds the plan against the rules.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="mainBranch">The destination's main branch; null when there is none, or none is known.</param>
    /// <exception cref="MirrorException">A rule forbids it.</exception>
    internal void Hold(MirrorPlan plan, RefName? mainBranch)
    {
        if (IsTaken && !plan.IsEmpty)
        {
            throw new MirrorException(
                ErrorCode.NotAMirror,
                string.Create(CultureInfo.InvariantCulture, $"{job.DestinationName} exists and has refs; {plan.Changes.Count(c => c.Kind != RefChangeKind.Keep)} of those of {job.SourceName} are missing there or differ. Nothing was changed."),
                $"Only a missing or an empty repository is filled. If this one may be overwritten, run once with 'adopt: true'{(job.Options.KeepOverwritten ? $"; the old values are kept under {RefPatternSet.KeptPrefix}" : "")}. Else rename it, or choose another owner.");
        }

        if (job.OverwritesNothing && !job.Options.Adopt && plan.Changes.Count(c => c.Kind == RefChangeKind.Force) is > 0 and var overwritten)
        {
            throw new MirrorException(
                ErrorCode.NotAMirror,
                string.Create(CultureInfo.InvariantCulture, $"{overwritten} of the refs of {job.DestinationName} would be overwritten with those of {job.SourceName}: it was restored already, if not to the end, and somebody may have worked there since. Nothing was changed."),
                $"If the mirror is right, run once with 'adopt: true'{(job.Options.KeepOverwritten ? $"; the old values are kept under {RefPatternSet.KeptPrefix}" : "")}. Else change its description, which calls the restore unfinished, and leave it out with 'exclude'.");
        }

        // Also when both share values: a fork of the same name does, and would take the place of the original.
        if (job.MirrorOfId is { } other && !job.Options.Adopt && plan.DestinationRefs > 0)
        {
            throw new MirrorException(
                ErrorCode.NotAMirror,
                string.Create(CultureInfo.InvariantCulture, $"{job.DestinationName} is the mirror of the repository with id {other}, but {job.SourceName} has id {job.SourceId}: it is another repository of the same name. Nothing was changed."),
                "If the new repository shall take over the mirror, run once with 'adopt: true'; the old values are kept. Else rename the mirror at the destination, and the next run creates a new one.");
        }

        if (!job.IsOwnMirror && !job.Options.Adopt && plan.DestinationRefs > 0 && !plan.SharesValue)
        {
            throw new MirrorException(
                ErrorCode.NotAMirror,
                $"{job.DestinationName} exists, was not made by this mirror, and none of its {plan.DestinationRefs} refs has a value of {job.SourceName}.",
                "If it may be overwritten, allow it with 'adopt: true'; else rename it at the destination.");
        }

        if (IsDefaultBranchGone && mainBranch is { } main && plan.Changes.Any(c => c.Update.IsDelete && c.Update.Name == main))
        {
            throw new MirrorException(
                ErrorCode.PruneGuard,
                $"{job.SourceName} has lost its default branch and names no other one; '{main.ShortName}', the main branch of {job.DestinationName}, would be deleted. Nothing was changed.",
                "Set a default branch at the source, and the mirror follows; or bring the lost branch back.");
        }

        if (job.Options.PruneLimit.Refuses(plan.Deletions, plan.DestinationRefs))
        {
            throw new MirrorException(
                ErrorCode.PruneGuard,
                $"{plan.Deletions} of the {plan.DestinationRefs} refs of {job.DestinationName} would be deleted; the prune-limit is {job.Options.PruneLimit}. Nothing was changed.",
                "If the source really lost them on purpose, run once with a higher 'prune-limit' (such as 100%), or with 'prune: false' to keep them.");
        }
    }
}
