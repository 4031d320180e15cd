using System.Globalization;
using MirrorAction.Git;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring.Verify;

/// <summary>Holds one mirror against its source and writes to neither.</summary>
internal sealed class RepositoryVerification(RunContext context, RepositoryPair pair, VerifyOptions options, DateTimeOffset? deadline, RunLog log)
{
    private readonly PairReading _reading = new(context, pair, deadline, log.Add);

    /// <summary>Runs to the end. Failures are in the report and never thrown.</summary>
    internal Task<RepositoryReport> VerifyAsync(CancellationToken cancellationToken) => _reading.RunAsync(JudgeAsync, cancellationToken);

    private async Task<RepositoryReport> JudgeAsync(BothSides sides, CancellationToken cancellationToken)
    {
        string[] warnings = [.. new[] { sides.DefaultBranchDifference, VisibilityDifference() }.OfType<string>()];
        var error = options.IsDeep && sides.Refs.Common.Count > 0 ? await ReadObjectsAsync(sides, cancellationToken).ConfigureAwait(false) : null;
        if (sides.Refs.IsEqual && warnings.Length == 0 && error is null)
        {
            return _reading.Report(RepositoryStatus.Unchanged) with { Verified = true, Refs = sides.Refs.Counts };
        }

        var differences = await sides.FindDifferencesAsync(cancellationToken).ConfigureAwait(false);
        return _reading.Warn(_reading.Different(sides) with { Changes = differences, Error = error }, warnings);
    }

    /// <summary>
    /// A mirror that is more public than its source is one too many; any other visibility counts where the settings say what it has to be.
    /// </summary>
    private string? VisibilityDifference()
    {
        var settings = pair.Settings;
        var wanted = $"{(settings.FollowsSource ? "the source is" : "a rule says that it is")} {Word(settings.IsPrivate)}";
        return pair.Exposure ?? (settings.ChangesVisibility && pair.Existing!.IsPrivate is { } isPrivate && isPrivate != settings.IsPrivate
            ? $"The mirror is {Word(isPrivate)}, but {wanted}."
            : null);
    }

    private static string Word(bool isPrivate) => isPrivate ? "private" : "public";

    /// <summary>
    /// Has the mirror send all that the common refs reach, and reads it to the end; the source only has to say how many objects that is. Null when both
    /// agree.
    /// </summary>
    private async Task<RepositoryError?> ReadObjectsAsync(BothSides sides, CancellationToken cancellationToken)
    {
        var wants = sides.Refs.Common;
        uint expected;
        using (var session = await sides.FetchFromSourceAsync(wants, cancellationToken).ConfigureAwait(false))
        {
            expected = await PackCheck.ReadObjectCountAsync(session, cancellationToken).ConfigureAwait(false);
        }

        var facts = await sides.ReadPackOfMirrorAsync(wants, session => PackCheck.ReadAsync(session, _reading.Job.Progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        log.Add(new RunMessage(MessageLevel.Info, string.Create(CultureInfo.InvariantCulture, $"{facts.Objects} objects in {facts.Bytes} bytes of pack read from the mirror")));
        return facts.Objects == expected ? null : new RepositoryError(
            ErrorCode.Protocol,
            string.Create(
                CultureInfo.InvariantCulture,
                $"For the same {wants.Count} values of refs {_reading.Job.SourceName} sends {expected} objects, and its mirror {_reading.Job.DestinationName} {facts.Objects}."),
            "Objects are missing on the side that sends fewer. If that is the mirror, delete it there and run 'mode: mirror', which makes it anew.");
    }
}
