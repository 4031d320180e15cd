using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Verify;

/// <summary>Holds one mirror against its source and writes to neither.</summary>
internal sealed class RepositoryVerification(RunContext context, RepositoryPair pair, VerifyOptions options, DateTimeOffset? deadline, RunLog log)
{
    private readonly PairComparison _reading = new(context, pair, deadline, log.Add);

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal Task<RepositoryReport> VerifyAsync(CancellationToken cancellationToken) => _reading.RunAsync(JudgeAsync, cancellationToken);

    private async Task<RepositoryReport> JudgeAsync(RefListings sides, CancellationToken cancellationToken)
    {
        string[] warnings = [.. new[] { sides.DefaultBranchDifference, VisibilityDifference() }.OfType<string>()];
        var error = options.IsDeep ? await ReadObjectsAsync(sides, cancellationToken) : null;
        var lfs = await _reading.FindLfsAsync(sides, options.IsDeep, cancellationToken);
        error ??= lfs.Error;
        string[] notes = [.. new[] { lfs.Warning }.OfType<string>()];
        if (sides.Refs.IsEqual && warnings.Length == 0 && error is null)
        {
            return _reading.Warn(
                _reading.Report(RepositoryStatus.Unchanged) with
                {
                    Verified = true,
                    Refs = sides.Refs.Counts,
                    Lfs = lfs.Report,
                },
                notes
            );
        }

        var differences = await sides.FindDifferencesAsync(cancellationToken);
        return _reading.Warn(_reading.Different(sides) with { Changes = differences, Error = error, Lfs = lfs.Report }, [.. warnings, .. notes]);
    }

    /// <summary>
    /// A mirror that is more public than its source is one too many; any other visibility counts where the settings say what it has to be.
    /// </summary>
    private string? VisibilityDifference()
    {
        var settings = pair.Settings;
        var wanted = $"{(settings.FollowsSource ? "the source is" : "a rule says that it is")} {Word(settings.IsPrivate)}";
        return pair.Exposure
            ?? (
                settings.ChangesVisibility && pair.Existing!.Visibility != Visibility.Unknown && pair.Existing.IsOpen == settings.IsPrivate
                    ? $"The mirror is {Word(!pair.Existing.IsOpen)}, but {wanted}."
                    : null
            );
    }

    private static string Word(bool isPrivate) => isPrivate ? "private" : "public";

    /// <summary>
    /// Reads the mirror's objects. Fewer than the source sends make it different, though a number proves nothing; more are no fault, because a server
    /// may send what it was not asked for.
    /// </summary>
    private async Task<RepositoryError?> ReadObjectsAsync(RefListings sides, CancellationToken cancellationToken) =>
        await DeepReading.ReadAsync(sides, sides.Refs.Common, _reading.Job, log.Add, cancellationToken) is not { } difference
            ? null
            : new RepositoryError(
                ErrorCode.Protocol,
                difference,
                "The mirror may lack some, or the source may send more than it is asked for. "
                    + $"{MirrorDamage.Hint(_reading.Job)} If the numbers still differ after that, nothing is missing."
            );
}
