using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

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
        var (side, fate) = job.OverwritesNothing
            ? ("both sides", "overwritten at the destination")
            : ("the mirror", isOfSource ? "rewritten at the source" : Unclear);
        return string.Create(CultureInfo.InvariantCulture, $"Every branch that {side} had ({rewritten.Length}) was {fate}. {kept}");
    }
}
