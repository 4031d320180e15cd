using MirrorAction.Git.Relay;
using MirrorAction.Http;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.Mirroring.Mirror;

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
