using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>Why several things that were tried together were refused together. Immutable.</summary>
/// <param name="Status">What it means for one that is refused by itself.</param>
/// <param name="Reason">The peer's words, sanitised.</param>
internal sealed record Refusal(RefUpdateStatus Status, string Reason)
{
    /// <summary>The words are of a kind that is about something in what was sent, so that it is worth many trials to find out about what.</summary>
    internal bool IsUnderstood { get; init; }

    /// <summary>How many the peer says that it takes at a time; null when it does not say.</summary>
    internal int? Limit { get; init; }

    /// <summary>The exception that it was; null when the peer answered.</summary>
    internal GitException? Cause { get; init; }

    /// <summary>What a source could not send.</summary>
    internal static Refusal OfSource(GitException exception) =>
        new(RefUpdateStatus.Unreadable, exception.Message)
        {
            IsUnderstood = SourceFault.IsOfAnObject(exception),
            Cause = SourceFault.IsPlain(exception) ? null : exception,
        };
}
