using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>
/// Checks, in the order in which a person would, what a first run would run into. Writes nothing to either host: only reading requests are sent.
/// One instance per run.
/// </summary>
public sealed class DoctorRun(RunContext context)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private string OwnerCheck => $"{context.Source.Host.Name} owner";

    private readonly List<Diagnostic> _findings = [];
    private readonly GitProbe _git = new(context);
    private HostListing<Repository>? _listed;
    private HostListing<Repository>? _existing;
    private OverwriteCheck? _adoption;
    private int _selected;

    /// <summary>
    /// How long the checks may take: the run's timeout, and no more than 10 minutes, because a checklist that comes in an hour is none.
    /// </summary>
    public static TimeSpan PatienceOf(MirrorOptions options) =>
        options.Timeout != Timeout.InfiniteTimeSpan && options.Timeout < s_patience ? options.Timeout : s_patience;

    /// <summary>Runs all checks. What goes wrong is a finding; nothing is thrown.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        var startedAt = context.Time.GetUtcNow();
        var timestamp = context.Time.GetTimestamp();
        var patience = PatienceOf(context.Options);
        using var timeout = new CancellationTokenSource(patience, context.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        RepositoryError? error = null;
        try
        {
            await CheckAsync(stop.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            error = new RepositoryError(ErrorCode.Cancelled, "The checks were stopped; those that are missing were not made.", null);
        }
        catch (OperationCanceledException)
        {
            _findings.Add(
                new Diagnostic(
                    DiagnosticLevel.Problem,
                    "Doctor",
                    $"The checks took longer than {patience.TotalMinutes:0} minutes and were stopped; those that are missing were not made.",
                    "Check the network and the status pages of both hosts, and run doctor again."
                )
            );
        }

        return new RunReport
        {
            Mode = "doctor",
            Version = context.Version,
            StartedAt = startedAt,
            DurationMs = (long)context.Time.GetElapsedTime(timestamp).TotalMilliseconds,
            Source = new ReportSource(context.Source.Host.Kind, context.Options.Owners),
            Destination = ReportDestination.Of(context.Destination),
            Result = RunTally.Evaluate(_findings, error),
            Totals = new RunTotals
            {
                Repositories = _selected,
                Requests = context.Source.Requests + context.Destination.Requests + _git.Requests + (_adoption?.Requests ?? 0),
            },
            Repositories = [],
            // By what they are about, in the order in which it first came up.
            Findings = [.. _findings.GroupBy(f => f.Check.Split(' ')[0]).SelectMany(g => g)],
            Error = error,
        };
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var reading = GuardAsync("Source access", () => CheckSourceAsync(cancellationToken), cancellationToken);
        var writing = GuardAsync("Destination access", () => CheckDestinationAsync(cancellationToken), cancellationToken);
        _findings.AddRange(await reading);
        _findings.AddRange(await writing);
        if (_listed is null)
        {
            _findings.Add(
                NotChecked("Repositories selected", "the repositories could not be listed at the source: selection, names, sizes, contents")
            );
            return;
        }

        var selection = new RepositorySelection(
            _listed,
            _existing ?? new([], []),
            context.Options,
            context.Destination.SlugFor,
            context.Destination.FormerSlugFor,
            context.Destination.OwnWikis
        );
        _selected = selection.Taken.Count;
        _findings.AddRange(SelectionCheck.Run(selection, context));
        if (_selected == 0)
        {
            return;
        }

        var contents = GuardAsync("Repositories contents", () => CheckContentsAsync(selection, cancellationToken), cancellationToken);
        var mirrors = _existing is null
            ? Task.FromResult<IReadOnlyList<Diagnostic>>([
                NotChecked("Repositories mirrors", "the workspace could not be listed: which mirrors exist, storage, adoption, write access"),
            ])
            : GuardAsync("Repositories mirrors", () => CheckMirrorsAsync(selection, _existing, cancellationToken), cancellationToken);
        _findings.AddRange(await contents);
        _findings.AddRange(await mirrors);
    }

    private async Task<IReadOnlyList<Diagnostic>> CheckSourceAsync(CancellationToken cancellationToken)
    {
        var examination = await context.Source.ExamineAsync(context.Options.Owners, cancellationToken);
        List<Diagnostic> findings = [.. examination.Findings];
        if (!examination.IsUsable)
        {
            return findings;
        }

        List<HostListing<Repository>> listed = [];
        var isComplete = true;
        foreach (var owner in context.Options.Owners)
        {
            try
            {
                var repositories = await OwnerListing.ReadAsync(context.Source, owner, cancellationToken);
                findings.Add(Owner(owner, repositories.Repositories));
                listed.Add(repositories);
            }
            catch (MirrorException e)
            {
                findings.Add(new Diagnostic(DiagnosticLevel.Problem, OwnerCheck, e.Message, e.Error.Hint));
                isComplete = false;
            }
        }

        // Half a listing would make wrong findings of what is missing in it. And two owners may be former and present name of one account.
        _listed = isComplete ? OwnerListing.Join(listed) : null;
        return findings;
    }

    private Diagnostic Owner(string owner, IReadOnlyList<Repository> repositories)
    {
        var hidden = repositories.Count(r => r.IsPrivate);
        return hidden == 0
            ? new Diagnostic(
                DiagnosticLevel.Warning,
                OwnerCheck,
                $"{owner}: {NameList.Repositories(repositories.Count)} can be seen, not one of them private.",
                "If there are private ones: use credentials that may read all repositories of the owner."
            )
            : new Diagnostic(
                DiagnosticLevel.Ok,
                OwnerCheck,
                FormattableString.Invariant($"{owner}: {NameList.Repositories(repositories.Count)} can be seen, {hidden} of them private.")
            );
    }

    private async Task<IReadOnlyList<Diagnostic>> CheckDestinationAsync(CancellationToken cancellationToken)
    {
        string[] projects = [.. context.Options.Rules.Select(rule => rule.Project).OfType<string>().Distinct(StringComparer.Ordinal)];
        var examination = await context.Destination.ExamineAsync(projects, cancellationToken);
        if (!examination.IsUsable)
        {
            return examination.Findings;
        }

        try
        {
            _existing = await context.Destination.ListAsync(cancellationToken);
            return examination.Findings;
        }
        catch (HostException e)
        {
            return
            [
                .. examination.Findings,
                new Diagnostic(DiagnosticLevel.Problem, $"{context.Destination.Host.Name} listing", e.Message, e.Failure.Hint),
            ];
        }
    }

    private async Task<IReadOnlyList<Diagnostic>> CheckContentsAsync(RepositorySelection selection, CancellationToken cancellationToken)
    {
        var read = await _git.ReadAsync(selection, cancellationToken);
        return
        [
            .. read,
            .. SizeCheck.Run(selection, context.Source.Host, context.Destination.Host),
            .. await context.Source.ExamineContentsAsync(selection.Taken, cancellationToken),
        ];
    }

    private async Task<IReadOnlyList<Diagnostic>> CheckMirrorsAsync(
        RepositorySelection selection,
        HostListing<Repository> existing,
        CancellationToken cancellationToken
    )
    {
        List<Repository> mirrors = [.. selection.Taken.Select(r => selection.MirrorOf(r)).OfType<Repository>().DistinctBy(m => m.Name)];
        _adoption = new OverwriteCheck(context, _listed!, existing);
        return
        [
            .. StorageCheck.Run(
                selection,
                existing.Repositories,
                context.Destination.Host,
                context.Destination.RequestsPerHour,
                context.Options.Shares
            ),
            .. await _adoption.RunAsync(cancellationToken),
            .. await _git.WriteAsync(mirrors, cancellationToken),
            .. await context.Destination.ExamineMirrorsAsync(mirrors, cancellationToken),
        ];
    }

    /// <summary>A check that breaks is a finding, and the others go on.</summary>
    private static async Task<IReadOnlyList<Diagnostic>> GuardAsync(
        string check,
        Func<Task<IReadOnlyList<Diagnostic>>> run,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var error = FailureTranslator.ToError(e);
            return [new Diagnostic(DiagnosticLevel.Problem, check, $"The check broke off: {error.Message}", error.Hint)];
        }
    }

    private static Diagnostic NotChecked(string check, string why) =>
        new(DiagnosticLevel.NotChecked, check, $"Not checked, because {why}.", "Settle the problems above, and run doctor again.");
}
