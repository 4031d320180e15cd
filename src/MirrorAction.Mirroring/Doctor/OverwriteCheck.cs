using System.Collections.Concurrent;
using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Doctor;

/// <summary>
/// Plans the mirroring into repositories that exist and do not say that they are this source's mirror: some of them a run would refuse. Two or three
/// git requests each.
/// </summary>
internal sealed class OverwriteCheck
{
    /// <summary>More are counted and not planned.</summary>
    internal const int MaxPlanned = 20;

    private const string Check = "Repositories existing";

    private readonly RunContext _planned;
    private readonly RepositorySelection _selection;
    private readonly bool _adopts;
    private readonly ConcurrentBag<RepositoryReport> _refused = [];
    private readonly ConcurrentBag<RepositoryReport> _failed = [];
    private long _requests;

    internal OverwriteCheck(RunContext context, HostListing<Repository> listed, HostListing<Repository> existing)
    {
        _adopts = context.Options.Refs.Adopt;
        var options = context.Options with { IsPlan = true, Refs = context.Options.Refs with { Adopt = false, MaxAttempts = 1 } };
        _planned = context with { Observer = new SilentObserver(context.Observer), Options = options };
        _selection = new RepositorySelection(
            listed,
            existing,
            options,
            context.Destination.SlugFor,
            context.Destination.FormerSlugFor,
            context.Destination.OwnWikis
        );
    }

    /// <summary>Requests to both git hosts.</summary>
    internal long Requests => Interlocked.Read(ref _requests);

    internal async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        var there = _selection
            .Taken.Where(r => !r.IsDisabled && _selection.MirrorOf(r) is not null && !_selection.Rivals(_selection.SettingsOf(r).Slug, r).Any())
            .ToList();
        var candidates = there.Where(r => MirrorDescription.Read(_selection.MirrorOf(r)!.Description)?.IsOf(r) != true).ToList();
        using var pacer = new CreationPacer(TimeSpan.Zero, _planned.Time);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            candidates.Take(MaxPlanned),
            limits,
            async (repository, token) =>
            {
                var report = await new SelectedRepository(_planned, _selection, repository, pacer, null, new RunLog()).MirrorAsync(token);
                Interlocked.Add(ref _requests, report.Requests);
                if (report.Error is { Code: ErrorCode.NotAMirror })
                {
                    _refused.Add(report);
                }
                else if (report.Error is not null)
                {
                    _failed.Add(report);
                }
            }
        );
        cancellationToken.ThrowIfCancellationRequested();
        return [.. Evaluate(there.Count, candidates.Count)];
    }

    private IEnumerable<Diagnostic> Evaluate(int there, int candidates)
    {
        if (!_refused.IsEmpty)
        {
            var names = _refused.Select(r => $"{r.Destination} for {r.Source}").Order(StringComparer.Ordinal).ToList();
            const string what = "Repositories of these names hold something else than a mirror of their source";
            yield return _adopts
                ? new Diagnostic(
                    DiagnosticLevel.Warning,
                    Check,
                    $"{what}, and adopt is on, so they will be overwritten: {NameList.Of(names)}.",
                    $"Rename them at {_planned.Destination.Host.Name} if they are to be kept as they are."
                )
                : new Diagnostic(
                    DiagnosticLevel.Problem,
                    Check,
                    $"{what}: {NameList.Of(names)}.",
                    $"Rename them at {_planned.Destination.Host.Name}, or run once with adopt: true and "
                        + "repositories naming just these; what is overwritten is kept under refs/tags/mirror-kept/."
                );
        }

        foreach (var report in _failed.OrderBy(r => r.Source, StringComparer.Ordinal).Take(3))
        {
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                Check,
                $"{report.Source} could not be compared with {report.Destination}: {report.Error!.Message}",
                report.Error.Hint
            );
        }

        if (candidates > MaxPlanned)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                Check,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{candidates} existing repositories do not say that they are these mirrors; {MaxPlanned} of them were compared."
                ),
                "See all of them with mirror-action plan."
            );
        }

        if (_refused.IsEmpty && _failed.IsEmpty && candidates <= MaxPlanned)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Ok,
                Check,
                there == 0
                    ? $"None of the selected is at {_planned.Destination.Host.Name} yet, so none needs adopt."
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{there} of the selected are at {_planned.Destination.Host.Name} already; none needs adopt."
                    )
            );
        }
    }
}

/// <summary>Hears nothing, because what a check does on the way is not what its user asked about; only secrets are handed on, to be hidden.</summary>
internal sealed class SilentObserver(IRunObserver inner) : IRunObserver
{
    public void Selected(int selected, int leftOut, Shard? shard) { }

    public void Started(string source) { }

    public void Transferred(string source, long packBytes) { }

    public void Finished(int done, int total, RepositoryReport report, IReadOnlyList<RunMessage> log) { }

    public void Log(RunMessage message) { }

    public void AddSecret(string secret) => inner.AddSecret(secret);
}
