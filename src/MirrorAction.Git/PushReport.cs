using System.Text;

namespace MirrorAction.Git;

/// <summary>What receive-pack said of a push. Immutable.</summary>
/// <param name="Unpack">Its verdict on the pack: <c>ok</c>, an error, or null when it said nothing.</param>
/// <param name="Results">One for each command, in their order.</param>
/// <param name="RemoteMessage">What its hooks and git wrote beside it, sanitised.</param>
public sealed record PushReport(string? Unpack, IReadOnlyList<RefUpdateResult> Results, string RemoteMessage)
{
    /// <summary>The pack was refused; no ref moved.</summary>
    public bool IsUnpackError => Unpack is not (null or "ok");

    /// <summary>A pre-receive hook declined: it takes or leaves a push as a whole, so one ref of it may stand for all.</summary>
    public bool IsDeclinedAsAWhole =>
        Results.Count > 0 && Results.All(r => r.Status == RefUpdateStatus.RejectedByHook && r.Reason.Contains("pre-receive", StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a server's free text to a short reason, for people.</summary>
    internal string Explain(string reason) =>
        RemoteMessage.Length == 0 ? reason : new StringBuilder(reason).Append(" (remote: ").Append(RemoteMessage).Append(')').ToString();
}
