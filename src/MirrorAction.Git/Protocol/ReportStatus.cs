using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Http;

namespace MirrorAction.Git.Protocol;

/// <summary>The answer of receive-pack to a push: one verdict on the pack, one per ref.</summary>
/// <remarks>
/// gitprotocol-pack, "Report Status":
/// <code>report = PKT("unpack" SP ("ok" / msg)) 1*(PKT("ok" SP ref) / PKT("ng" SP ref SP msg)) flush</code>
/// Refs that were sent but not reported become <see cref="RefUpdateStatus.NotReported"/>; unknown refs, <c>option</c> lines and a second
/// verdict on the same ref are ignored. Anything else is a <see cref="GitProtocolException"/>.
/// </remarks>
internal static class ReportStatus
{
    /// <summary>Reads the report out of the bytes of band 1, or of the bare answer.</summary>
    internal static PushReport Parse(ReadOnlyMemory<byte> report, IReadOnlyList<RefUpdate> updates, string remoteMessage, string peer)
    {
        string? unpack = null;
        var verdicts = new Dictionary<RefName, string?>();
        while (PktLine.TryParse(report, out var line, out var consumed) && line.Kind == PktLineKind.Data)
        {
            report = report[consumed..];
            line.ThrowIfError(peer);
            Take(line, peer, ref unpack, verdicts);
        }

        return new PushReport(unpack, [.. updates.Select(u => Result(u, verdicts))], remoteMessage);
    }

    private static void Take(PktLine line, string peer, ref string? unpack, Dictionary<RefName, string?> verdicts)
    {
        var text = line.Line;
        if (text.StartsWith("unpack "u8))
        {
            unpack ??= TextSanitizer.CleanEnd(text["unpack "u8.Length..]);
        }
        else if (text.StartsWith("ok "u8))
        {
            verdicts.TryAdd(RefName.FromBytes(text[3..]), null);
        }
        else if (text.StartsWith("ng "u8))
        {
            var rest = text[3..];
            var space = rest.IndexOf((byte)' ');
            verdicts.TryAdd(
                RefName.FromBytes(space < 0 ? rest : rest[..space]),
                space < 0 ? "no reason given" : TextSanitizer.CleanEnd(rest[(space + 1)..])
            );
        }
        else if (!text.StartsWith("option "u8))
        {
            throw new GitProtocolException($"{peer} sent {line.Quote()} in its report, where 'unpack', 'ok' or 'ng' was expected.");
        }
    }

    private static RefUpdateResult Result(RefUpdate update, Dictionary<RefName, string?> verdicts) =>
        !verdicts.TryGetValue(update.Name, out var reason)
            ? new RefUpdateResult(update, RefUpdateStatus.NotReported, "the server did not say what became of it")
        : reason is null ? new RefUpdateResult(update, RefUpdateStatus.Ok, "")
        : new RefUpdateResult(update, Classify(update, reason), reason);

    /// <summary>What git's own words, and those of other servers, mean for the next step.</summary>
    private static RefUpdateStatus Classify(RefUpdate update, string reason)
    {
        bool Says(string text) => reason.Contains(text, StringComparison.OrdinalIgnoreCase);
        return Says("hook declined") ? RefUpdateStatus.RejectedByHook
            : Says("deletion prohibited") || Says("deletion of the current branch") || (update.IsDelete && Says("does not support deleting"))
                ? RefUpdateStatus.RejectedNoDelete
            : Says("failed to update ref")
            || Says("cannot lock ref")
            || Says("failed to lock")
            || Says("stale info")
            || Says("fetch first")
            || Says("reference already exists")
            || Says("remote ref has changed")
                ? RefUpdateStatus.RejectedRemoteChanged
            : RefUpdateStatus.RejectedOther;
    }
}

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
