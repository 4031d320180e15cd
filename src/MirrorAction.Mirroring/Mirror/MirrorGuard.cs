using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>The rules that forbid a plan as a whole, whatever it says of single refs: the repository is then left as it is.</summary>
/// <param name="job">What is mirrored.</param>
/// <param name="source">What the source lists.</param>
/// <param name="before">What the destination has.</param>
/// <param name="client">Asks the source for more.</param>
internal sealed class MirrorGuard(RepositoryJob job, RemoteRefs source, RefAdvertisement before, IFetchSource client)
{
    private const string BranchPrefix = "refs/heads/";

    /// <summary>The destination may be someone's workplace: it is equal, or refused.</summary>
    internal bool IsTaken =>
        job.Overwrites == OverwritePolicy.EmptyOnly && !job.Options.Adopt && before.Refs.Keys.Any(name => name.Raw != RefPatternSet.PartTagName);

    /// <summary>HEAD points to nothing: hosts do not let a default branch go, so that something went wrong at the source.</summary>
    private bool IsDefaultBranchGone =>
        job.SetMainBranch is not null && (source.Head is not { } head || (job.Options.Patterns.Includes(head) && !source.Refs.ContainsKey(head)));

    /// <summary>The destination has refs that are someone's; what a mirror keeps for itself tells nothing.</summary>
    private bool HasRefs => before.Refs.Keys.Any(name => !KeptRefs.IsKept(name) && name.Raw != RefPatternSet.PartTagName);

    /// <summary>Holds the plan against the rules.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="mainBranch">The destination's main branch; null when there is none, or none is known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MirrorException">A rule forbids it.</exception>
    /// <exception cref="GitException">The source had to be asked, and failed.</exception>
    internal async Task HoldAsync(MirrorPlan plan, RefName? mainBranch, CancellationToken cancellationToken)
    {
        if (job.Ownership != Ownership.Own && !job.Options.Adopt && (HasRefs || job.Ownership == Ownership.OtherHost))
        {
            await HoldOwnershipAsync(cancellationToken);
        }

        Hold(plan, mainBranch);
    }

    /// <summary>
    /// Without a mark the destination is this mirror only when each of its branches is part of the source's history, so that nothing in it is
    /// anybody else's. Tags and single values prove nothing: forks have them too.
    /// </summary>
    private async Task HoldOwnershipAsync(CancellationToken cancellationToken)
    {
        if (job.MirrorOf is { } other)
        {
            throw NotAMirror($"{job.DestinationName} is the mirror of {other}, but the source is {job.Identity}: that is another repository");
        }

        var branches = before.Refs.Where(r => r.Key.IsBranch).ToList();
        var unproven = await FindUnprovenAsync(branches.Select(r => r.Value).ToHashSet(), cancellationToken);
        var names = branches.Where(r => unproven.Contains(r.Value)).Select(r => r.Key).Order().Select(name => $"'{name.ShortName}'").ToList();
        if (names.Count > 0 || branches.Count == 0)
        {
            var reason =
                branches.Count == 0
                    ? "it has refs, but no branch that would show whose it is"
                    : FormattableString.Invariant($"{names.Count} of its {branches.Count} branches are not known to be part of the history of ")
                        + $"{job.SourceName}: {NameList.Of(names)}";
            throw NotAMirror($"{job.DestinationName} exists and does not say that it is this mirror, and {reason}");
        }
    }

    private static MirrorException NotAMirror(string message) =>
        new(
            ErrorCode.NotAMirror,
            $"{message}. Nothing was changed.",
            "If it may be overwritten, run once with 'adopt: true': the old values are kept, and it is known as the mirror from then on. "
                + "Else rename it at the destination, and the next run creates a new one."
        );

    private async Task<IReadOnlySet<ObjectId>> FindUnprovenAsync(HashSet<ObjectId> tips, CancellationToken cancellationToken)
    {
        var listed = source;
        var hasAll = job.Options.Patterns.Prefixes.Any(prefix => BranchPrefix.StartsWith(prefix, StringComparison.Ordinal));
        if (!hasAll && !tips.IsSubsetOf(BranchesOf(listed)))
        {
            // Only some branches are mirrored, but the others are of the source too.
            listed = await client.ListRefsAsync([BranchPrefix], cancellationToken);
        }

        return await new AncestryProbe(client).FindUnprovenAsync(tips, BranchesOf(listed), cancellationToken);
    }

    private static HashSet<ObjectId> BranchesOf(RemoteRefs refs) => [.. refs.Refs.Where(r => r.Key.IsBranch).Select(r => r.Value)];

    private void Hold(MirrorPlan plan, RefName? mainBranch)
    {
        if (IsTaken && !plan.IsEmpty)
        {
            throw new MirrorException(
                ErrorCode.NotAMirror,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{job.DestinationName} exists and has refs; {plan.Changes.Count(c => c.Kind != RefChangeKind.Keep)} "
                        + $"of those of {job.SourceName} are missing there or differ. Nothing was changed."
                ),
                $"Only a missing or an empty repository is filled. If this one may be overwritten, run once with 'adopt: true'"
                    + $"{(job.Options.KeepOverwritten ? $"; the old values are kept under {RefPatternSet.KeptPrefix}" : "")}. "
                    + $"Else rename it, or choose another owner."
            );
        }

        var isForwardOnly = job.Overwrites != OverwritePolicy.Everything && !job.Options.Adopt;
        if (isForwardOnly && plan.Changes.Count(c => c.Kind == RefChangeKind.Force) is > 0 and var overwritten)
        {
            throw new MirrorException(
                ErrorCode.NotAMirror,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{overwritten} of the refs of {job.DestinationName} would be overwritten with those of {job.SourceName}: "
                        + $"it was restored already, if not to the end, and somebody may have worked there since. Nothing was changed."
                ),
                $"If the mirror is right, run once with 'adopt: true'"
                    + $"{(job.Options.KeepOverwritten ? $"; the old values are kept under {RefPatternSet.KeptPrefix}" : "")}. "
                    + $"Else change its description, which calls the restore unfinished, and leave it out with 'exclude'."
            );
        }

        if (IsDefaultBranchGone && mainBranch is { } main && plan.Changes.Any(c => c.Update.IsDelete && c.Update.Name == main))
        {
            throw new MirrorException(
                ErrorCode.PruneGuard,
                $"{job.SourceName} has lost its default branch and names no other one; '{main.ShortName}', "
                    + $"the main branch of {job.DestinationName}, would be deleted. Nothing was changed.",
                "Set a default branch at the source, and the mirror follows; or bring the lost branch back."
            );
        }

        if (job.Options.PruneLimit.Refuses(plan.Deletions, plan.DestinationRefs))
        {
            throw new MirrorException(
                ErrorCode.PruneGuard,
                $"{plan.Deletions} of the {plan.DestinationRefs} refs of {job.DestinationName} "
                    + $"would be deleted; the prune-limit is {job.Options.PruneLimit}. Nothing was changed.",
                "If the source really lost them on purpose, run once with a higher 'prune-limit' (such as 100%), or with 'prune: false' to keep them."
            );
        }
    }
}
