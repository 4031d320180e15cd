using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>Gives a mirror back what it has lost, though its refs are right: sends the repository whole, and reads it back.</summary>
/// <param name="http">The connections to both git servers.</param>
/// <param name="job">What is repaired.</param>
/// <param name="log">Is told what happens on the way.</param>
internal sealed class RepositoryRepair(GitHttp http, RepositoryJob job, Action<RunMessage> log)
{
    /// <summary>Sends everything that the mirrored refs of the source reach.</summary>
    /// <param name="push">Sends it.</param>
    /// <param name="source">What the source lists.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MirrorException">The destination keeps a damaged copy of an object, whatever it is sent.</exception>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task SendAsync(RepairPush push, RemoteRefs source, CancellationToken cancellationToken)
    {
        try
        {
            await push.RunAsync(source.Refs.Where(r => job.Options.Patterns.Includes(r.Key)).Select(r => r.Value).ToHashSet(), cancellationToken);
            log(new RunMessage(MessageLevel.Info, $"{job.SourceName} was sent whole to {job.DestinationName}"));
        }
        catch (GitRemoteException e) when (MirrorDamage.IsOfOwnCopy(e))
        {
            throw new MirrorException(ErrorCode.RefRejected, e.Message, MirrorDamage.Steps(job));
        }
    }

    /// <summary>
    /// Reads the mirror back as a deep verification does. That it sends fewer objects than the source is told and no more: it was sent them all.
    /// </summary>
    /// <param name="counter">Where requests and bytes are counted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="MirrorException">The mirror is damaged still.</exception>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task ReadBackAsync(TransferCounter counter, CancellationToken cancellationToken)
    {
        var sides = new RefListings(http, job, counter);
        await sides.ReadAsync(hasMirror: true, cancellationToken);
        try
        {
            var difference = await DeepReading.ReadAsync(sides, job, log, cancellationToken);
            log(
                new RunMessage(
                    MessageLevel.Info,
                    difference is null
                        ? $"{job.DestinationName} was read back and is whole"
                        : $"{difference} All of them were just sent to it: the two servers put their packs together in different ways."
                )
            );
        }
        catch (DamagedMirrorException e)
        {
            throw new MirrorException(
                e.Error.Code,
                $"The repository was sent whole, and the mirror is damaged still: {e.Message}",
                MirrorDamage.Steps(job)
            );
        }
    }
}
