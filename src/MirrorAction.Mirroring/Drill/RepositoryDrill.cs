using System.Globalization;
using MirrorAction.Git.Bundles;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Mirroring.Proof;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.Mirroring.Drill;

/// <summary>
/// Restores one repository from its mirror into a bare repository, every object of it read and checked, compares its refs with the source, has a
/// second reader walk its history, and removes it.
/// </summary>
internal sealed class RepositoryDrill(
    RunContext context,
    RepositoryPair pair,
    ScratchFolder scratch,
    DateTimeOffset? deadline,
    Action<RunMessage> log
)
{
    private readonly PairComparison _reading = new(context, pair, deadline, log);
    private readonly string _folder = scratch.For(pair.Settings.Slug);

    /// <summary>Why there is no second reading; null when there is one.</summary>
    private string? _unread;

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal Task<RepositoryReport> RunAsync(CancellationToken cancellationToken) => _reading.RunAsync(JudgeAsync, cancellationToken);

    private async Task<RepositoryReport> JudgeAsync(RefListings sides, CancellationToken cancellationToken)
    {
        var second = sides.IsMirrorFilled ? await RestoreAsync(sides, cancellationToken) : null;
        var lfs = await _reading.FindLfsAsync(sides, isDeep: false, cancellationToken);
        string[] notes = [.. new[] { _unread, lfs.Warning }.OfType<string>()];
        string[] warnings = [.. new[] { sides.DefaultBranchDifference }.OfType<string>()];
        if (sides.Refs.IsEqual && lfs.Error is not null)
        {
            return _reading.Warn(
                _reading.Different(sides) with
                {
                    SecondReading = second,
                    Error = lfs.Error,
                    Lfs = lfs.Report,
                },
                [.. warnings, .. notes]
            );
        }

        return sides.Refs.IsEqual && warnings.Length == 0
            ? _reading.Warn(
                _reading.Report(RepositoryStatus.Unchanged) with
                {
                    Verified = true,
                    Refs = sides.Refs.Counts,
                    SecondReading = second,
                    Lfs = lfs.Report,
                },
                notes
            )
            : _reading.Warn(
                _reading.Different(sides) with
                {
                    SecondReading = second,
                },
                [
                    .. warnings,
                    .. notes,
                    "What the mirror has was restored, but it is not what the source has: run 'mode: mirror' first, then the drill.",
                ]
            );
    }

    private async Task<SecondReading?> RestoreAsync(RefListings sides, CancellationToken cancellationToken)
    {
        var arrived = 0L;
        void Count(long bytes)
        {
            arrived += bytes;
            _reading.Job.Progress?.Invoke(bytes);
        }

        try
        {
            Ref[] refs = [.. sides.MirrorRefs];
            var index = await sides.ReadPackOfMirrorAsync(
                refs.Select(r => r.Id).ToHashSet(),
                session => BareRepository.WriteAsync(_folder, sides.Mirror!, refs, session, Count, cancellationToken),
                cancellationToken
            );
            log(
                new RunMessage(
                    MessageLevel.Info,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{index.Count} objects and {refs.Length} refs restored to {_folder} ({ScratchFolder.SizeOf(_folder)})"
                    )
                )
            );
            return await ReadAgainAsync(refs, index, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MirrorException(
                ErrorCode.Internal,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_folder} could not be written after {arrived} bytes of its pack had arrived: {e.Message}"
                ),
                "The drill needs room for the repositories that are restored at a time: free "
                    + "some, lower 'concurrency', or point the variable RUNNER_TEMP to a larger disk."
            );
        }
        finally
        {
            scratch.Remove(_folder);
        }
    }

    /// <summary>What this program wrote it does not prove by reading it itself.</summary>
    private async Task<SecondReading?> ReadAgainAsync(Ref[] refs, PackIndex index, CancellationToken cancellationToken)
    {
        _unread = SecondReader.Refuses(index.ObjectFormat);
        if (_unread is not null)
        {
            return null;
        }

        var reader = new SecondReader(_folder, index.Contains, context.Time);
        try
        {
            await reader.ReadAsync(refs, cancellationToken);
        }
        catch (ReadersDisagreeException e)
        {
            throw new MirrorException(ErrorCode.Protocol, e.Message, $"{MirrorDamage.Hint(_reading.Job)} {ReadersDisagreeException.Hint}");
        }

        log(new RunMessage(MessageLevel.Info, SecondReader.Describe(reader.Reading)));
        return reader.Reading;
    }
}
