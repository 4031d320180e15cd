using System.Globalization;
using MirrorAction.Git.Model;

namespace MirrorAction.Git.Protocol;

/// <summary>
/// What the words of a refusal are about, as far as servers of all hosts share them. What only one host says is known to that host.
/// </summary>
internal static class RefusalWords
{
    /// <summary>
    /// git's <c>index-pack</c> and <c>unpack-objects</c> under <c>transfer.fsckObjects</c>, old and new, and JGit's <c>ObjectChecker</c>.
    /// </summary>
    private static readonly string[] s_aboutAnObject =
    [
        "fsck error",
        "error in object",
        "object of unexpected type",
        "contains zero-padded file modes",
        "contains duplicate file entries",
        "not properly sorted",
        "missing space before",
        "invalid tree ",
        "invalid commit ",
        "invalid tag ",
        "invalid blob ",
    ];

    /// <summary>Troubles of the machine that would meet any other pack as well.</summary>
    private static readonly string[] s_aboutTheMachine =
    [
        "no space left",
        "disk quota",
        "read-only file system",
        "input/output error",
        "insufficient permission",
        "permission denied",
        "unable to create",
        "unable to write",
        "out of memory",
        "cannot allocate memory",
        "early eof",
        "due to load",
        "temporarily unavailable",
        "try again later",
    ];

    /// <summary>What git says of a single command; any other reason may have met all of a push because of one.</summary>
    private static readonly string[] s_aboutOneCommand =
    [
        "non-fast-forward",
        "hidden ref",
        "funny refname",
        "checked out",
        "missing necessary objects",
        "shallow update",
        "bad pack",
        "aliased update",
        "duplicate",
    ];

    /// <summary>What stands before the number of a limit.</summary>
    private static readonly string[] s_beforeALimit = ["than", "of", "is", "most", "to", "max", "maximum", "limit", "exceeds", "only"];

    private static readonly string[] s_countedThings = ["branch", "tag", "ref", "update", "command"];

    /// <summary>What stands behind the number of another limit.</summary>
    private static readonly string[] s_units =
    [
        "byte",
        "bytes",
        "kb",
        "mb",
        "gb",
        "kib",
        "mib",
        "gib",
        "second",
        "seconds",
        "minute",
        "minutes",
        "hour",
        "hours",
        "days",
    ];

    /// <summary>The server checks objects, and refuses one that was sent.</summary>
    internal static bool AreAboutAnObject(string text) => Contains(text, s_aboutAnObject);

    /// <summary>Any other push would be refused as well.</summary>
    internal static bool AreAboutTheMachine(string text) => Contains(text, s_aboutTheMachine);

    /// <summary>The reason is of the one ref that it stands beside. An <c>update</c> hook is asked for each ref, others for all together.</summary>
    internal static bool AreAboutOneCommand(RefUpdateResult result) =>
        result.Status is RefUpdateStatus.RejectedRemoteChanged or RefUpdateStatus.RejectedNoDelete
        || result.Reason.Equals("hook declined", StringComparison.OrdinalIgnoreCase)
        || Contains(result.Reason, s_aboutOneCommand);

    /// <summary>
    /// How many refs a push may have: GitHub's <c>Pushes can not update more than 5 branches or tags</c>, and what others say like it. Null when the
    /// text names no such number below the one that was tried. A number that means something else does no harm: it only makes smaller pushes.
    /// </summary>
    internal static int? LimitIn(string text, int tried)
    {
        var words = text.Split([' ', ',', '.', ':', ';', '(', ')', '\'', '"'], StringSplitOptions.RemoveEmptyEntries);
        if (!Array.Exists(words, word => Contains(word, s_countedThings)))
        {
            return null;
        }

        for (var i = 1; i < words.Length; i++)
        {
            if (
                int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                && number < tried
                && Is(words[i - 1], s_beforeALimit)
                && (i + 1 == words.Length || !Is(words[i + 1], s_units))
            )
            {
                return number;
            }
        }

        return null;
    }

    private static bool Is(string word, string[] words) => words.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static bool Contains(string text, string[] words) => Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}

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
