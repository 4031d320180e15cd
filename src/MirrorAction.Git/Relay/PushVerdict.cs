using System.Net;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>Reads what a destination said of a push as a whole.</summary>
internal sealed class PushVerdict(RelayOptions options)
{
    /// <summary>A reason with all that was written beside it, and what it was about where that is no ref.</summary>
    internal string Explain(PushReport report, string reason) =>
        options.IsRepair ? $"{PartTag.Name}, by which a repair is sent: {report.Explain(reason)}" : report.Explain(reason);

    /// <summary>
    /// Why nothing was taken, where one ref or object of the push may have been the reason; null when each ref has a verdict of its own.
    /// </summary>
    internal Refusal? RefusalOf(PushReport report)
    {
        if (report.IsUnpackError)
        {
            var isObject = RefusalWords.AreAboutAnObject(report.Words) || options.IsAboutAnObject(report.Words);
            var meaning = isObject ? RefUpdateStatus.RejectedObject : RefUpdateStatus.RejectedOther;
            return new Refusal(meaning, report.Explain(report.Unpack!)) { IsUnderstood = isObject };
        }

        if (report.DeclinedForAll is not { } declined)
        {
            return null;
        }

        // In a repair it may as well be the temporary tag that is declined.
        var words = $"{report.RemoteMessage} {declined.Reason}";
        var isAboutAnObject = options.IsAboutAnObject(words);
        return options.IsAboutWholeRepository(words)
            ? null
            : new Refusal(isAboutAnObject ? RefUpdateStatus.RejectedObject : declined.Status, Explain(report, declined.Reason))
            {
                IsUnderstood = isAboutAnObject || !options.IsRepair,
                Limit = RefusalWords.LimitIn(words, report.Results.Count),
            };
    }

    /// <summary>Whether less at a time may pass.</summary>
    internal static bool IsTooLarge(GitException exception) =>
        exception is PackTooLargeException or GitRemoteException { Service: GitService.ReceivePack, IsPackTooLarge: true };

    /// <summary>A server that limits the refs of a push may just hang up, or its proxy answer for it.</summary>
    internal static bool IsBrokenPush(GitException e) =>
        e
            is { Service: GitService.ReceivePack }
                and (
                    GitTransportException { Fault: null, IsTimeout: false }
                    or GitRemoteException { Status: >= HttpStatusCode.InternalServerError and not HttpStatusCode.ServiceUnavailable }
                );
}

/// <summary>What was learnt about pushing to one repository, for the next push and the next attempt. Not thread-safe.</summary>
public sealed class PushLessons
{
    /// <summary>How many refs at a time.</summary>
    internal Narrowing Narrowing { get; } = new(PackRelay.MaxCommands);

    /// <summary>The server wants to know the length of a push before its first byte (411).</summary>
    internal bool NeedsLength { get; set; }
}
