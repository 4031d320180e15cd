using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// What the refs that stay behind while the others move amount to: one error, which names them by what held them back, and the cure.
/// </summary>
internal static class HeldBackRefs
{
    /// <summary>How many reasons the message names, and how many refs beside each; the report holds them all.</summary>
    private const int MaxNamed = 20;

    private const string MendObject =
        "The destination checks every object. In a clone of the source 'git fsck' names the faulty ones, and 'git log --all --find-object=ID' the "
        + "commits that bring one. Let the destination take it (receive.fsck.* in git's configuration of the server), rewrite that history at the "
        + "source, or leave these refs out with the input 'refs'. Until then the mirror keeps what it has of them.";

    private const string MendSource =
        "An object that these refs need is missing or damaged at the source: 'git fsck --full' in its repository names it. Have its host repair it, "
        + "or delete these refs there and push them again from a whole clone. Until then what is there of them from earlier runs stays.";

    private const string TryAgain = "Mend what the words name. The next run tries these refs again.";

    /// <summary>The error of a mirror.</summary>
    /// <param name="refs">The refs, none of which moved.</param>
    /// <param name="job">Knows what its hosts mean.</param>
    internal static RepositoryError ToError(IReadOnlyList<RefUpdateResult> refs, RepositoryJob job)
    {
        var unreadable = refs.Where(r => r.Status == RefUpdateStatus.Unreadable).ToArray();
        var untried = refs.Where(r => r.Status == RefUpdateStatus.NotTried).ToArray();
        var brokenOff = refs.Where(r => r.Status == RefUpdateStatus.BrokenOff).ToArray();
        var lacking = refs.Where(r => r.Status == RefUpdateStatus.LacksLfsObject).ToArray();
        var refused = refs.Except(unreadable).Except(untried).Except(brokenOff).Except(lacking).ToArray();
        var failure = refs.Except(unreadable)
            .Except(lacking)
            .OrderBy(r => r.Status is RefUpdateStatus.BrokenOff or RefUpdateStatus.NotTried)
            .Select(r => job.ExplainDestination((int?)r.HttpStatus, r.Reason))
            .FirstOrDefault(f => f is not null);
        string[] sentences =
        [
            .. Sentence("The destination refused", refused),
            .. Sentence("The connection broke off for", brokenOff),
            .. Sentence("The source could not send", unreadable),
            .. Sentence("Held back for Git LFS were", lacking),
            .. Sentence("Not tried were", untried),
        ];
        return new RepositoryError(Code(refs, failure), string.Join(". ", sentences), Hint(refs, failure, job));
    }

    /// <summary>The host's own word for it, else the gravest of what was met.</summary>
    private static ErrorCode Code(IReadOnlyList<RefUpdateResult> refs, HostFailure? failure)
    {
        if (failure is { Kind: not HostFailureKind.RefRejected })
        {
            return FailureTranslator.CodeOf(failure.Kind, isSource: false);
        }

        if (refs.Any(r => r.Status == RefUpdateStatus.LacksLfsObject))
        {
            return ErrorCode.Lfs;
        }

        if (refs.Any(r => r.Status == RefUpdateStatus.RejectedTooLarge))
        {
            return ErrorCode.TooLarge;
        }

        if (refs.All(r => r.Status is RefUpdateStatus.BrokenOff or RefUpdateStatus.NotTried) && refs.Any(r => r.Status == RefUpdateStatus.BrokenOff))
        {
            return ErrorCode.Network;
        }

        return refs.All(r => r.Status == RefUpdateStatus.Unreadable) ? ErrorCode.Protocol : ErrorCode.RefRejected;
    }

    private static string? Hint(IReadOnlyList<RefUpdateResult> refs, HostFailure? failure, RepositoryJob job)
    {
        bool Has(RefUpdateStatus status) => refs.Any(r => r.Status == status);
        var hints = new List<string>();
        if (failure is not null)
        {
            hints.Add(failure.Hint);
        }
        else if (Has(RefUpdateStatus.RejectedObject))
        {
            hints.Add(MendObject);
        }
        else if (Has(RefUpdateStatus.RejectedTooLarge))
        {
            hints.Add(FailureTranslator.CureOfSize(job));
        }

        if (Has(RefUpdateStatus.Unreadable))
        {
            hints.Add(MendSource);
        }

        if (Has(RefUpdateStatus.LacksLfsObject))
        {
            hints.Add(LfsHints.Objects);
        }

        if (Has(RefUpdateStatus.NotTried))
        {
            hints.Add(TryAgain);
        }

        return hints.Count > 0 ? string.Join(' ', hints) : null;
    }

    /// <summary>The error of a backup.</summary>
    internal static RepositoryError Unreadable(IReadOnlyDictionary<RefName, string> reasons) =>
        new(
            ErrorCode.Protocol,
            Sentence("The source could not send", [.. reasons.OrderBy(r => r.Key).Select(r => (r.Key.ToString(), r.Value))]).Single(),
            MendSource
        );

    private static IEnumerable<string> Sentence(string what, RefUpdateResult[] refs) =>
        Sentence(what, [.. refs.Select(r => (r.Update.Name.ToString(), r.Reason))]);

    private static IEnumerable<string> Sentence(string what, (string Name, string Reason)[] refs)
    {
        if (refs.Length > 0)
        {
            var byReason = refs.GroupBy(r => r.Reason).Select(g => $"{NameList.Of([.. g.Select(r => r.Name)], MaxNamed)}: {g.Key}");
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{what} {refs.Length} of the refs: {NameList.Of([.. byReason], MaxNamed, "; ")}"
            );
        }
    }
}
