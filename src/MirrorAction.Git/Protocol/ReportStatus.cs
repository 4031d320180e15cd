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
