using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Verify;

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

/// <summary>How the relay of one attempt behaves.</summary>
internal static class RelayRules
{
    /// <summary>What the destination's host means by its words decides what is tried again.</summary>
    /// <param name="job">What is mirrored.</param>
    /// <param name="lessons">What earlier attempts learnt.</param>
    /// <param name="isLastResort">Repetition has not helped.</param>
    /// <param name="isRepair">Everything is sent, and no ref moves.</param>
    internal static RelayOptions Of(RepositoryJob job, PushLessons lessons, bool isLastResort, bool isRepair) =>
        new()
        {
            Progress = job.Progress,
            Lessons = lessons,
            IsLastResort = isLastResort,
            IsRepair = isRepair,
            MaxPackBytes = job.MaxPackBytes,
            ExpectedPackBytes = job.ExpectedPackBytes,
            IsAboutAnObject = text =>
                job.ExplainDestination(null, text)?.Kind == HostFailureKind.FileTooLarge || (isRepair && MirrorDamage.IsOfOwnCopy(text)),
            IsAboutWholeRepository = text =>
                job.ExplainDestination(null, text)?.Kind is not (null or HostFailureKind.RefRejected or HostFailureKind.FileTooLarge),
        };
}

/// <summary>One rewritten branch is everyday work; all of them at once may be a mistake or an attack.</summary>
internal static class RewriteWarning
{
    /// <summary>The sentence about an attempt that overwrote every branch that both sides had; null where it did not.</summary>
    internal static string? Of(MirrorAttempt attempt, MirrorPlan plan, RepositoryJob job)
    {
        PlannedChange[] rewritten = [.. plan.Changes.Where(c => c.Kind == RefChangeKind.Force && c.Update.Name.IsBranch)];
        var common = attempt.SourceRefs!.Refs.Keys.Count(n => n.IsBranch && job.Options.Patterns.Includes(n) && attempt.Before!.Refs.ContainsKey(n));
        if (rewritten.Length == 0 || rewritten.Length != common)
        {
            return null;
        }

        var days = job.Options.KeepFor is { } time ? FormattableString.Invariant($" for {time.TotalDays:0} days") : "";
        var kept = job.Options.KeepOverwritten
            ? $"The old values are kept under {RefPatternSet.KeptPrefix}{days}."
            : "The old values are not kept ('keep-overwritten' is off).";
        var isOfSource = rewritten.All(c => attempt.Foreign.IsKnown(c.Update.Old));
        const string Unclear = "overwritten, be it that the source was rewritten or that somebody has pushed to the mirror";
        var (side, fate) =
            job.Overwrites != OverwritePolicy.Everything
                ? ("both sides", "overwritten at the destination")
                : ("the mirror", isOfSource ? "rewritten at the source" : Unclear);
        return string.Create(CultureInfo.InvariantCulture, $"Every branch that {side} had ({rewritten.Length}) was {fate}. {kept}");
    }
}
