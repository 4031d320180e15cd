using MirrorAction.Git.Model;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Restore;

/// <summary>
/// The way back: creates what is missing at the destination, from the mirrors of a workspace or from a folder of bundles, under the names of the
/// originals. Nothing is written to the workspace or the folder, nothing is deleted at the destination, and a repository that has refs of its own is
/// left alone unless it may be adopted. Serves one run.
/// </summary>
public sealed class WorkspaceRestore
{
    private const string NoReport =
        "No report of an earlier run knows these mirrors ('previous-report'): the "
        + "repositories come back without their descriptions, which are in no other place.";

    private const string WikisLeftOut = "left out: 'wikis: true' restores wikis, too.";

    private readonly WikiParents _parents = new();
    private readonly RunContext _context;
    private readonly RestoreOptions _options;
    private readonly OriginalNameSource _originals;

    /// <summary>Prepares a restore; nothing is sent.</summary>
    /// <param name="context">
    /// From the host of the mirrors, whose owner is the workspace, or from a <see cref="Backup.BackupSource"/>, to the host of the originals.
    /// </param>
    /// <param name="options">What is asked beyond that.</param>
    /// <param name="previous">The report of an earlier mirror run, which knows names and descriptions; null for none.</param>
    public WorkspaceRestore(RunContext context, RestoreOptions options, RunReport? previous)
    {
        _options = options;
        _originals = new OriginalNameSource(context.Source, previous, options.Owner);
        _context = context with { Source = _originals, Options = Adapt(context.Options, options) };
    }

    /// <summary>Runs to the end. Failures are in the report and never thrown; what is not reached before a cancellation is skipped.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        var frame = _context.Frame("restore");
        using var pace = new RestorePace(_context.Options, _context.Time, frame.Deadline, _context.Observer.Log);
        var reader = new SelectionReader(_context) { Creates = !_context.Options.IsPlan };
        List<string> warnings = [];
        RepositorySelection? selection = null;
        RestoredRepository Restore(Repository original, RunLog log, Repository? parent) =>
            new(_context, _options, selection!, _originals, original, pace, frame.Deadline, log, parent);
        RepositoryReport Leave(Repository original) =>
            new RepositoryPair(_context, selection!, original).Left() with
            {
                Source = _originals.MirrorOf(original).FullName,
            };
        var report = await frame.RunAsync(
            async token =>
            {
                selection = await reader.ReadAsync(token);
                warnings.AddRange(reader.Warnings);
                if (!_originals.HasReport && selection.Taken.Any(original => !_originals.IsOriginal(original)))
                {
                    warnings.Add(NoReport);
                    _context.Observer.Log(new RunMessage(MessageLevel.Warning, NoReport));
                }

                if (!_context.Options.Wikis && selection.ListedWikis.Count > 0)
                {
                    var count = selection.ListedWikis.Count;
                    var left = FormattableString.Invariant($"{count} wiki{(count == 1 ? " is" : "s are")} there and {WikisLeftOut}");
                    warnings.Add(left);
                    _context.Observer.Log(new RunMessage(MessageLevel.Warning, left));
                }

                return selection.WorkList;
            },
            (original, log, token) =>
                original.Parent is { } parent && _context.Destination.OwnWikis is not null
                    ? _parents.FollowAsync(parent, () => Leave(original), place => Restore(original, log, place).RestoreAsync(token), token)
                    : RestoreAsync(original, Restore(original, log, parent: null), token),
            Leave,
            cancellationToken
        );
        return report with { Warnings = warnings, Variant = _context.Options.IsPlan ? "dry-run" : null };
    }

    private async Task<RepositoryReport> RestoreAsync(Repository original, RestoredRepository restored, CancellationToken cancellationToken)
    {
        var report = await restored.RestoreAsync(cancellationToken);
        _parents.Finish(original, new WikiParent(report, restored.Place));
        return report;
    }

    /// <summary>
    /// The host of the mirrors knows no forks and nothing archived; rules about how a mirror is made say nothing about its original; and nothing is
    /// deleted.
    /// </summary>
    private static MirrorOptions Adapt(MirrorOptions options, RestoreOptions restore)
    {
        RefPatternSet? Patterns(RefPatternSet? patterns) => restore.IncludeKept ? patterns?.WithKept() : patterns;
        return options with
        {
            Filter = options.Filter with { Forks = Inclusion.Include, Archived = Inclusion.Include },
            Rules =
            [
                .. options.Rules.Select(rule => new RepositoryRule
                {
                    Match = rule.Match,
                    Origin = rule.Origin,
                    Skip = rule.Skip,
                    Refs = Patterns(rule.Refs),
                }),
            ],
            Refs = options.Refs with { Patterns = Patterns(options.Refs.Patterns)!, Prune = false, KeepFor = null },
        };
    }
}

/// <summary>What a restore is asked. Immutable.</summary>
/// <param name="Owner">The organisation or user at the destination.</param>
public sealed record RestoreOptions(string Owner)
{
    /// <summary>Bring the kept tips of <c>refs/tags/mirror-kept/</c> back too. The default value is false.</summary>
    public bool IncludeKept { get; init; }

    /// <summary>
    /// The largest pack of one push, in bytes; a larger one is sent in several. The default is 1,900 MiB: hosts refuse from 2 GiB on.
    /// </summary>
    public long PushLimit { get; init; } = 1900L << 20;
}

/// <summary>
/// The description of a repository whose restore is not finished: <c>Unfinished restore of bitbucket.org/acme-mirror/website</c>. The real one takes
/// its place in the end, so that a run which finds it goes on where an earlier one was stopped.
/// </summary>
internal static class RestoreDescription
{
    /// <summary>The description while a mirror is restored.</summary>
    internal static string For(Repository mirror) => $"Unfinished restore of {mirror.HostName}/{mirror.FullName}";

    /// <summary>Whether the repository was created to restore this mirror, and is not finished.</summary>
    internal static bool IsOn(Repository repository, Repository mirror) =>
        repository.Description.Equals(For(mirror), StringComparison.OrdinalIgnoreCase);
}
