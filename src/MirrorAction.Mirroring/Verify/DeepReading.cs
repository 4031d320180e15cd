using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
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
