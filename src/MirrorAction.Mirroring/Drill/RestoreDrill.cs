using System.Globalization;
using MirrorAction.Hosts;
using MirrorAction.Mirroring.Proof;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Drill;

/// <summary>
/// Restores selected repositories from their mirrors into a folder, proves that they are whole and what the source has, and removes them. Writes to
/// no host.
/// One instance per run.
/// </summary>
public sealed class RestoreDrill(RunContext context, DrillOptions options)
{
    private readonly List<string> _warnings = [];

    /// <summary>Runs to the end. Failures are in the report and never thrown; what is not reached before a cancellation is skipped.</summary>
    public async Task<RunReport> RunAsync(CancellationToken cancellationToken)
    {
        var frame = context.Frame("restore");
        var reader = new SelectionReader(context) { IsOfMirrors = true };
        RepositorySelection? selection = null;
        ScratchFolder? scratch = null;
        try
        {
            var report = await frame.RunAsync(
                async token =>
                {
                    selection = await reader.ReadAsync(token);
                    scratch = new ScratchFolder("drill", options.Scratch, context.Time.GetUtcNow(), context.Observer.Log);
                    return selection.WorkList with { Items = Pick(selection.WorkList.Items) };
                },
                (repository, log, token) =>
                    new RepositoryDrill(context, new RepositoryPair(context, selection!, repository), scratch!, frame.Deadline, log.Add).RunAsync(
                        token
                    ),
                repository => new RepositoryPair(context, selection!, repository).Left(),
                cancellationToken
            );
            return report with
            {
                Variant = "drill",
                Orphans = [.. selection?.Census.Orphans.Select(orphan => orphan.Mirror) ?? []],
                Warnings = [.. reader.Warnings, .. _warnings],
            };
        }
        finally
        {
            scratch?.Dispose();
        }
    }

    /// <summary>All, or as many as asked for at random; the order stays that of the listing.</summary>
    private IReadOnlyList<Repository> Pick(IReadOnlyList<Repository> all)
    {
        if (options.Sample is not { } count || count >= all.Count)
        {
            return all;
        }

        var numbers = Enumerable.Range(0, all.Count).ToArray();
#pragma warning disable CA5394 // A sample, not a secret.
        Random.Shared.Shuffle(numbers);
#pragma warning restore CA5394
        Repository[] picked = [.. numbers[..count].Order().Select(i => all[i])];
        context.Observer.Log(new RunMessage(MessageLevel.Info, $"Picked at random: {string.Join(", ", picked.Select(r => r.FullName))}"));
        _warnings.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The drill was for {count} of {all.Count} repositories, picked at random; the others were not tried."
            )
        );
        return picked;
    }
}

/// <summary>What a drill is asked. Immutable.</summary>
/// <param name="Scratch">An existing folder below which the restored repositories lie for a moment, absolute.</param>
public sealed record DrillOptions(string Scratch)
{
    /// <summary>So many repositories, picked at random; null takes all.</summary>
    public int? Sample { get; init; }
}
