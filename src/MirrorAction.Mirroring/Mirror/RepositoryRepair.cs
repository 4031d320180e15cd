using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Lfs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>Gives a mirror back what it has lost, though its refs are right: sends the repository whole, and reads it back.</summary>
/// <param name="http">The connections to both git servers.</param>
/// <param name="job">What is repaired.</param>
/// <param name="log">Called with what happens on the way.</param>
internal sealed class RepositoryRepair(GitHttp http, RepositoryJob job, Action<RunMessage> log)
{
    /// <summary>Refs of which not everything could be sent, and why.</summary>
    internal IReadOnlyList<RefUpdateResult> HeldBack { get; private set; } = [];

    /// <summary>Sends everything that the mirrored refs of the source reach, but for what is held back.</summary>
    /// <param name="relay">Sends it.</param>
    /// <param name="source">What the source lists.</param>
    /// <param name="lfs">What is held back for want of an LFS object.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GitException">Source or destination failed.</exception>
    internal async Task SendAsync(PackRelay relay, RemoteRefs source, LfsHold lfs, CancellationToken cancellationToken)
    {
        var nothing = ObjectId.Zero(source.ObjectFormat);
        var updates = source
            .Refs.Where(r => job.Options.Patterns.Includes(r.Key))
            .OrderBy(r => r.Key)
            .Select(r => new RefUpdate(r.Key, nothing, r.Value))
            .ToArray();
        var results = await relay.RelayAsync(updates, cancellationToken);
        HeldBack = [.. results.Where(r => r.Status != RefUpdateStatus.Ok).Concat(lfs.HeldBack(updates)).DistinctBy(r => r.Update.Name)];
        var what = HeldBack.Count == 0 ? "whole" : string.Create(CultureInfo.InvariantCulture, $"but for what {HeldBack.Count} of its refs need");
        log(new RunMessage(MessageLevel.Info, $"{job.SourceName} was sent {what} to {job.DestinationName}"));
    }

    /// <summary>What it amounts to that refs were held back, here or while the mirror was made equal.</summary>
    internal RepositoryError ToError(IReadOnlyList<RefUpdateResult> refs)
    {
        var error = HeldBackRefs.ToError(refs, job);
        error = HeldBack.Count > 0 ? error with { Message = $"Not all of it could be sent again. {error.Message}" } : error;
        return HeldBack.Any(r => MirrorDamage.IsOfOwnCopy(r.Reason)) ? error with { Hint = MirrorDamage.Steps(job) } : error;
    }

    /// <summary>
    /// Reads the mirror back as a deep verification does, but for what was held back. That it sends fewer objects than the source is told and no
    /// more: it was sent them all.
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
            var unsent = HeldBack.Select(r => r.Update.New).ToHashSet();
            var difference = await DeepReading.ReadAsync(
                sides,
                [.. sides.Refs.Common.Where(id => !unsent.Contains(id))],
                job,
                log,
                cancellationToken
            );
            log(
                new RunMessage(
                    MessageLevel.Info,
                    difference is null
                        ? $"{job.DestinationName} was read back and is whole{(HeldBack.Count == 0 ? "" : " but for them")}"
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
