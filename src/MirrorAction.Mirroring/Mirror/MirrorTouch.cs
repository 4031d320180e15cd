using System.Globalization;
using MirrorAction.Git.Model;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// Touches a mirror that got no push for long, for hosts that put away what nobody uses: makes a tag and deletes it again. Nothing fails for it.
/// </summary>
internal static class MirrorTouch
{
    /// <summary>The tag, among the mirror's own: never compared, and never sent back by a restore.</summary>
    internal static readonly RefName Tag = RefName.FromText(RefPatternSet.KeptPrefix + "keepalive");

    /// <summary>Whether a mirror is to be touched: its host says when it last changed, and that is so long ago.</summary>
    internal static bool IsDue(Repository mirror, TimeSpan? after, DateTimeOffset now) =>
        after is { } limit && mirror.UpdatedAt is { } last && now - last >= limit;

    /// <summary>Touches a mirror in which there was nothing to do, where that is due: its host may take it for unused.</summary>
    /// <returns>The report with what that took.</returns>
    internal static async Task<RepositoryReport> AfterAsync(
        RepositoryReport report,
        RunContext context,
        RepositoryJob job,
        Repository mirror,
        RunLog log,
        CancellationToken cancellationToken
    )
    {
        var isQuiet = report is { Status: RepositoryStatus.Unchanged, Verified: true } && !context.Options.IsPlan;
        if (!isQuiet || !IsDue(mirror, context.Options.KeepaliveAfter, context.Time.GetUtcNow()))
        {
            return report;
        }

        var counter = new TransferCounter();
        var said = await RunAsync(context.Git, job, mirror.UpdatedAt!.Value, counter, cancellationToken);
        log.Add(said);
        return report with
        {
            Requests = report.Requests + (int)counter.Requests,
            BytesReceived = report.BytesReceived + counter.BytesReceived,
            BytesSent = report.BytesSent + counter.BytesSent,
            Warnings = said.Level == MessageLevel.Warning ? [.. report.Warnings, said.Text] : report.Warnings,
        };
    }

    /// <summary>Touches a mirror.</summary>
    /// <returns>A sentence for the log, and whether it is a warning.</returns>
    internal static async Task<RunMessage> RunAsync(
        GitHttp http,
        RepositoryJob job,
        DateTimeOffset since,
        TransferCounter counter,
        CancellationToken cancellationToken
    )
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{job.DestinationName}, which was last changed on {since.UtcDateTime:yyyy-MM-dd},");
        try
        {
            var refusal = await TagTouch.RunAsync(new ReceivePackClient(http, job.Destination, counter), Tag, cancellationToken);
            return refusal switch
            {
                null => new(MessageLevel.Info, $"{name} has no branch, and could not be touched"),
                "" => new(MessageLevel.Info, $"{name} was touched: a tag was made and deleted"),
                _ => new(MessageLevel.Warning, $"{name} could not be touched, because {Tag} was refused: {refusal}"),
            };
        }
        catch (Exception e) when (e is GitException or MirrorException)
        {
            return new(MessageLevel.Warning, $"{name} could not be touched: {e.Message}");
        }
    }
}
