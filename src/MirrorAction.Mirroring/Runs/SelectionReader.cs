using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Asks both hosts what there is, at once, and matches it. One instance per run.</summary>
internal sealed class SelectionReader(RunContext context)
{
    private readonly List<string> _warnings = [];

    /// <summary>What is listed at the destination are mirrors, of which much can be told.</summary>
    internal bool IsOfMirrors { get; init; }

    /// <summary>What is missing at the destination is created after this.</summary>
    internal bool Creates { get; init; }

    /// <summary>What someone should look at that is of no single repository.</summary>
    internal IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Lists owners and workspace, and tells the observer what was selected.</summary>
    /// <exception cref="MirrorException">A host refused, could not be reached, or shows nothing.</exception>
    internal async Task<RepositorySelection> ReadAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var existing = ListDestinationAsync(both.Token);
        try
        {
            var listed = await OwnerListing.ReadAllAsync(context.Source, context.Options.Owners, cancellationToken);
            var selection = new RepositorySelection(
                listed,
                await existing,
                context.Options,
                context.Destination.SlugFor,
                context.Destination.FormerSlugFor,
                context.Destination.OwnWikis,
                IsOfMirrors
            );
            selection.RefuseMissedNames();
            if (Creates && selection.Taken.Any(repository => !repository.IsDisabled && selection.MirrorOf(repository) is null))
            {
                await CheckCreationAsync(cancellationToken);
            }

            var shares = context.Options.Shares.Advise(context.Destination.RequestsPerHour, context.Destination.Requests);
            _warnings.AddRange(new[] { selection.UnusedNames.Sentence, selection.UnusableSentence, shares }.OfType<string>());
            _warnings.AddRange(IsOfMirrors ? selection.Census.Concerns.Where(c => !c.IsOfEntry).Select(c => $"{c.Text} {c.Hint}") : []);
            foreach (var warning in _warnings)
            {
                context.Observer.Log(new RunMessage(MessageLevel.Warning, warning));
            }

            context.Observer.Selected(selection.WorkList.Count, selection.LeftOut, context.Options.Shard);
            return selection;
        }
        finally
        {
            await both.CancelAsync();
            await ((Task)existing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<HostListing<Repository>> ListDestinationAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await context.Destination.ListAsync(cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: false));
        }
    }

    /// <summary>Nothing is pushed where a part could not be created anyway.</summary>
    private async Task CheckCreationAsync(CancellationToken cancellationToken)
    {
        try
        {
            await context.Destination.CheckCreationAsync(cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: false));
        }
    }
}
