using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>Mirrors every selected repository of the owners, several at a time; one that fails never stops another.</summary>
public sealed class OrganizationMirror(RunContext context)
{
    private readonly List<HostedRepository> _listed = [];
    private readonly List<string> _warnings = [];

    /// <summary>Runs to the end. Failures are in the report and never thrown; a cancellation makes the rest of the repositories <c>cancelled</c>.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        var startedAt = context.Time.GetUtcNow();
        var timestamp = context.Time.GetTimestamp();
        DateTimeOffset? deadline = context.Options.Timeout == Timeout.InfiniteTimeSpan ? null : startedAt + context.Options.Timeout;
        using var timeout = new CancellationTokenSource(context.Options.Timeout, context.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);

        Selection? selection = null;
        RepositoryError? error = null;
        try
        {
            selection = await SelectAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            error = new RepositoryError(ErrorCode.Cancelled, "The run was stopped while the repositories were listed.", null);
        }
        catch (MirrorException e)
        {
            error = e.Error;
        }

        var repositories = selection is null ? [] : await MirrorAllAsync(selection, deadline, stop.Token).ConfigureAwait(false);
        var totals = RunTally.Sum(repositories, context.Source.Requests + context.Destination.Requests);
        return new RunReport
        {
            Mode = context.Options.IsPlan ? "plan" : "mirror",
            Version = context.Version,
            StartedAt = startedAt,
            DurationMs = (long)context.Time.GetElapsedTime(timestamp).TotalMilliseconds,
            Source = new ReportSource(context.Source.Host, context.Options.Owners),
            Destination = new ReportDestination(context.Destination.Host, context.Destination.Workspace),
            Result = error is not null ? RunResult.Failure : RunTally.Judge(totals),
            Totals = totals,
            Repositories = repositories,
            Orphans = selection is null ? [] : [.. selection.Orphans.Except(repositories.Where(r => r.Verified).Select(r => r.Destination))], // Without what was taken over.
            Warnings = _warnings,
            Shard = context.Options.Shard?.ToString(),
            Error = error,
        };
    }

    private async Task<Selection> SelectAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var existing = AsDestinationAsync(() => context.Destination.ListAsync(both.Token));
        try
        {
            await ListOwnersAsync(cancellationToken).ConfigureAwait(false);

            // Two of the owners may be former and present name of one account.
            var selection = new Selection([.. _listed.DistinctBy(repository => repository.Id)], await existing.ConfigureAwait(false), context.Options, context.Destination.SlugFor);
            _warnings.AddRange(new[] { selection.UnusedRules, context.Options.Shares.Advise(context.Destination.RequestsPerHour, context.Destination.Requests) }.OfType<string>());
            foreach (var warning in _warnings)
            {
                context.Observer.Say(new RunMessage(MessageLevel.Warning, warning));
            }

            context.Observer.Selected(selection.Taken.Count, selection.LeftOut, context.Options.Shard);
            return selection;
        }
        finally
        {
            await both.CancelAsync().ConfigureAwait(false);
            await ((Task)existing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Owners that are not there, or have nothing to give, are told all at once; any other failure ends the listing.</summary>
    private async Task ListOwnersAsync(CancellationToken cancellationToken)
    {
        var missing = new List<RepositoryError>();
        foreach (var owner in context.Options.Owners)
        {
            try
            {
                _listed.AddRange(await OwnerListing.ReadAsync(context.Source, owner, cancellationToken).ConfigureAwait(false));
            }
            catch (MirrorException e) when (e.Error.Code == ErrorCode.SourceNotFound)
            {
                missing.Add(e.Error);
            }
        }

        if (missing.Count > 0)
        {
            throw new MirrorException(
                ErrorCode.SourceNotFound, string.Join(' ', missing.Select(error => error.Message)), string.Join(' ', missing.Select(error => error.Hint).Distinct(StringComparer.Ordinal)));
        }
    }

    private static async Task<T> AsDestinationAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: false));
        }
    }

    private async Task<RepositoryReport[]> MirrorAllAsync(Selection selection, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        using var pacer = new CreationPacer(context.Options.Shares.Stretch(context.Options.CreateInterval), context.Time);
        var reports = new RepositoryReport[selection.Taken.Count];
        var done = 0;
        var finishing = new Lock();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = context.Options.Concurrency };

        // Not cancelled from outside: each repository still has to be reported, and one that was not begun returns at once.
        await Parallel.ForAsync(0, reports.Length, limits, async (i, _) =>
        {
            var log = new RunLog();
            var repository = selection.Taken[i];
            reports[i] = await new SelectedRepository(context, selection, repository, pacer, deadline, log).MirrorAsync(cancellationToken).ConfigureAwait(false);
            lock (finishing)
            {
                // One at a time, so that the numbers are told in their order.
                context.Observer.Finished(++done, reports.Length, reports[i], log.Messages);
            }
        }).ConfigureAwait(false);
        return reports;
    }
}
