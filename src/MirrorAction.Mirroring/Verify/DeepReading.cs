using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Verify;

/// <summary>Has a mirror send all that some values reach which both sides have, and reads it to the end. Writes to neither host.</summary>
internal static class DeepReading
{
    /// <summary>Reads. Of the source only the number of its objects is asked for.</summary>
    /// <param name="sides">Both sides, their refs read.</param>
    /// <param name="wants">Values that both sides have.</param>
    /// <param name="job">What they are reached by.</param>
    /// <param name="log">Is told how much was read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A sentence about a mirror that sends fewer objects than the source; null when it sends as many or more.</returns>
    /// <exception cref="DamagedMirrorException">The mirror cannot send them, or sends them damaged.</exception>
    /// <exception cref="GitException">One of the sides failed otherwise.</exception>
    internal static async Task<string?> ReadAsync(
        RefListings sides,
        IReadOnlyList<ObjectId> wants,
        RepositoryJob job,
        Action<RunMessage> log,
        CancellationToken cancellationToken
    )
    {
        if (wants.Count == 0)
        {
            return null;
        }

        uint expected;
        using (var session = await sides.FetchFromSourceAsync(wants, cancellationToken))
        {
            expected = await PackCheck.ReadObjectCountAsync(session, cancellationToken);
        }

        var facts = await sides.ReadPackOfMirrorAsync(
            wants,
            session => PackCheck.ReadAsync(session, job.Progress, cancellationToken),
            cancellationToken
        );
        log(
            new RunMessage(
                MessageLevel.Info,
                string.Create(CultureInfo.InvariantCulture, $"{facts.Objects} objects in {facts.Bytes} bytes of pack read from the mirror")
            )
        );
        return facts.Objects >= expected
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"For the same {wants.Count} values of refs {job.SourceName} sends {expected} "
                    + $"objects, and its mirror {job.DestinationName} {facts.Objects}, each of them whole."
            );
    }
}

/// <summary>What is said of a mirror whose host cannot send what its refs promise, or sends it damaged.</summary>
internal static class MirrorDamage
{
    /// <summary>git's words for a copy of an object that it has and cannot read: it keeps that one, whatever it is sent.</summary>
    private static readonly string[] s_ownCopy =
    [
        "cannot read existing object",
        "is corrupt",
        "missing necessary objects",
        "SHA1 COLLISION",
        "object corrupt or missing",
        "does not match index",
    ];

    /// <summary>The first thing to try.</summary>
    internal static string Hint(RepositoryJob job) =>
        $"Run 'mode: mirror' once with 'repair: true' and 'repositories: {job.SourceName}': "
        + $"it sends the repository whole to {job.DestinationName}, and reads it back.";

    /// <summary>
    /// What is left where the host keeps its damaged copy of an object. Nothing is given up before the new mirror is known to be good.
    /// </summary>
    internal static string Steps(RepositoryJob job) =>
        $"The host keeps what it has, damaged as it is. Rename {job.DestinationName} there and empty its description; "
        + "the next run of 'mode: mirror' makes a new mirror, which 'mode: verify' with 'deep: true' reads. "
        + "Delete the old one only after that, and after you have looked whether its refs/tags/mirror-kept/ hold anything that you want.";

    /// <summary>Whether the words of a refusal are about the destination's own copy of an object.</summary>
    internal static bool IsOfOwnCopy(string text) => Array.Exists(s_ownCopy, words => text.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether what went wrong while a mirror's objects were asked for is damage of theirs.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="isInPack">The pack had begun.</param>
    /// <param name="job">What both sides are reached by.</param>
    internal static bool IsIn(GitException exception, bool isInPack, RepositoryJob job) =>
        exception switch
        {
            GitRemoteException { Status: null, IsPage: false, IsNotOurRef: false } refusal => job.ExplainDestination(null, refusal.RemoteMessage)
                is null,
            GitProtocolException => isInPack,
            _ => false,
        };
}

/// <summary>The mirror's host cannot send what its refs promise, or sends it damaged.</summary>
internal sealed class DamagedMirrorException(string message, RepositoryJob job)
    : MirrorException(ErrorCode.Protocol, message, MirrorDamage.Hint(job));
