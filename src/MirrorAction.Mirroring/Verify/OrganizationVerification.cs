using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Verify;

/// <summary>Holds every mirror of the selected repositories against its source and writes to neither host. One instance per run.</summary>
public sealed class OrganizationVerification(RunContext context, VerifyOptions options)
{
    /// <summary>Runs to the end. Failures are in the report and never thrown; what is not reached before a cancellation is skipped.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        var frame = context.Frame("verify");
        var reader = new SelectionReader(context) { IsOfMirrors = true };
        RepositorySelection? selection = null;
        var report = await frame.RunAsync(
            async token =>
            {
                selection = await reader.ReadAsync(token);
                foreach (var rename in selection.WorkList.Items.Select(selection.RenameOf).OfType<MirrorRename>())
                {
                    var text =
                        rename.Stays ?? $"{rename.Arrow} is to be renamed by the next run of mirror; until then it is compared as it is called";
                    context.Observer.Log(new RunMessage(MessageLevel.Info, text));
                }

                return selection.WorkList;
            },
            (repository, log, token) =>
                new RepositoryVerification(context, new RepositoryPair(context, selection!, repository), options, frame.Deadline, log).VerifyAsync(
                    token
                ),
            repository => new RepositoryPair(context, selection!, repository).Left(),
            cancellationToken
        );
        var orphans = selection?.Census.Orphans ?? [];
        return report with
        {
            Variant = options.IsDeep ? "deep" : null,
            Orphans = [.. orphans.Select(orphan => orphan.Mirror)],
            OrphanSources = await OrphanSearch.RunAsync(context, orphans, cancellationToken),
            Warnings = reader.Warnings,
        };
    }
}

/// <summary>What a verification is asked. Immutable.</summary>
/// <param name="IsDeep">Every object of the mirrors is read, not only their refs.</param>
public sealed record VerifyOptions(bool IsDeep = false);
