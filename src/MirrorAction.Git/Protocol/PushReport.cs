using System.Text;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>What receive-pack said of a push. Immutable.</summary>
/// <param name="Unpack">Its verdict on the pack: <c>ok</c>, an error, or null when it said nothing.</param>
/// <param name="Results">One for each command, in their order.</param>
/// <param name="RemoteMessage">What its hooks and git wrote beside it, sanitised.</param>
public sealed record PushReport(string? Unpack, IReadOnlyList<RefUpdateResult> Results, string RemoteMessage)
{
    /// <summary>The pack was refused; no ref moved.</summary>
    public bool IsUnpackError => Unpack is not (null or "ok");

    /// <summary>Nothing at all was said: what became of the push is told by the refs alone.</summary>
    internal bool IsSilent => Unpack is null && Results.All(r => r.Status == RefUpdateStatus.NotReported);

    /// <summary>
    /// The verdict that may have met all refs because of one: hooks and rules of hosts take or leave a push as a whole. Null when something was
    /// taken, or each ref was refused for itself.
    /// </summary>
    internal RefUpdateResult? DeclinedForAll =>
        Results.Any(r => r.Status == RefUpdateStatus.Ok)
            ? null
            : Results.FirstOrDefault(r => r.Status != RefUpdateStatus.NotReported && !RefusalWords.AreAboutOneCommand(r));

    /// <summary>All that was written about the push as a whole.</summary>
    internal string Words => $"{Unpack} {RemoteMessage}".Trim();

    /// <summary>Adds a server's free text to a short reason, for people.</summary>
    internal string Explain(string reason) =>
        RemoteMessage.Length == 0 ? reason : new StringBuilder(reason).Append(" (remote: ").Append(RemoteMessage).Append(')').ToString();
}
