using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Runs;

/// <summary>
/// Finds out what became of the sources of orphans: one request by id each, and not more of them than a run can spare. What is not found out is not
/// told; nothing fails for it.
/// </summary>
internal static class OrphanSearch
{
    /// <summary>More are left unasked.</summary>
    internal const int MaxAsked = 50;

    /// <summary>Nobody waits longer for what is good to know only: a rate limit, or a host that is slow.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>What is known, in the order of the orphans. Of several shards each asks for those that would be its own.</summary>
    internal static async Task<IReadOnlyList<OrphanSource>> RunAsync(
        RunContext context,
        IReadOnlyList<Orphan> orphans,
        CancellationToken cancellationToken
    )
    {
        List<OrphanSource> found = [];
        if (orphans.Count == 0)
        {
            return found;
        }

        using var patience = new CancellationTokenSource(s_patience, context.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var asked = 0;
        foreach (var orphan in orphans.Where(orphan => context.Options.Shard?.Takes(new SourceName(orphan.Mark)) != false))
        {
            try
            {
                if (orphan.Fate is { } known)
                {
                    found.Add(new OrphanSource(orphan.Mirror, orphan.Mark.FullName, known, orphan.Now));
                }
                else if (++asked <= MaxAsked && await AskAsync(context, orphan, stop.Token) is { } answer)
                {
                    found.Add(answer);
                }
            }
            catch (Exception e) when (e is HostException or OperationCanceledException)
            {
                // The next one would most likely fail too, and wait as long.
                var why = e is HostException ? e.Message : "it took too long.";
                context.Observer.Log(new RunMessage(MessageLevel.Debug, $"What became of the sources of orphans was not found out: {why}"));
                asked = MaxAsked;
            }
        }

        return found;
    }

    private static async Task<OrphanSource?> AskAsync(RunContext context, Orphan orphan, CancellationToken cancellationToken)
    {
        var former = orphan.Mark.FullName;
        var now = await context.Source.FindFullNameAsync(orphan.Mark.Id, former, cancellationToken);
        return now is null ? new OrphanSource(orphan.Mirror, former, OrphanFate.Gone, null)
            : context.Options.Owners.Any(owner => MirrorDescription.IsBelow(now, owner)) ? null // The listing does not show it; why is not known.
            : new OrphanSource(orphan.Mirror, former, OrphanFate.Transferred, now);
    }

    private sealed record SourceName(MirrorDescription Mark) : IRepositoryName
    {
        public string Owner => Mark.Owner;

        public string Name => Mark.Name;

        public string FullName => Mark.FullName;
    }
}
