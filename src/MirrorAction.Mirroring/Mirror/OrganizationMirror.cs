using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>Mirrors every selected repository of the owners, or plans to. One instance per run.</summary>
public sealed class OrganizationMirror(RunContext context)
{
    private readonly WikiParents _parents = new();

    /// <summary>Runs to the end. Failures are in the report and never thrown; what is not reached before a cancellation is skipped.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        using var pacer = new CreationPacer(context.Options.Shares.Stretch(context.Options.CreateInterval), context.Time);
        var frame = context.Frame(context.Options.IsPlan ? "plan" : "mirror");
        var reader = new SelectionReader(context) { IsOfMirrors = true, Creates = !context.Options.IsPlan };
        RepositorySelection? selection = null;
        SelectedRepository Select(Repository repository, RunLog log, Repository? parent) =>
            new(context, selection!, repository, pacer, frame.Deadline, log, parent);
        var report = await frame.RunAsync(
            async token =>
            {
                selection = await reader.ReadAsync(token);
                selection = await new MirrorRenaming(context, selection, pacer).RunAsync(token);
                return selection.WorkList;
            },
            (repository, log, token) =>
                repository.Parent is { } parent && context.Destination.OwnWikis is not null
                    ? _parents.FollowAsync(
                        parent,
                        () => new RepositoryPair(context, selection!, repository).Left(),
                        place => Select(repository, log, place).MirrorAsync(token),
                        token
                    )
                    : MirrorAsync(repository, Select(repository, log, parent: null), token),
            repository => new RepositoryPair(context, selection!, repository).Left(),
            cancellationToken
        );
        var takenOver = report.Repositories.Where(r => r.Verified).Select(r => r.Destination).ToHashSet(StringComparer.Ordinal);
        var orphans = selection?.Census.Orphans.Where(orphan => !takenOver.Contains(orphan.Mirror)).ToList() ?? [];
        return report with
        {
            Orphans = [.. orphans.Select(orphan => orphan.Mirror)],
            OrphanSources = await OrphanSearch.RunAsync(context, orphans, cancellationToken),
            Warnings = reader.Warnings,
        };
    }

    private async Task<RepositoryReport> MirrorAsync(Repository repository, SelectedRepository selected, CancellationToken cancellationToken)
    {
        var report = await selected.MirrorAsync(cancellationToken);
        _parents.Finish(repository, new WikiParent(report, selected.Place));
        return report;
    }
}
