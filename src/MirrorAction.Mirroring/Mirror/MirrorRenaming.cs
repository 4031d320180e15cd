using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Mirror;

/// <summary>
/// Renames the mirrors of sources that have another name now, before anything is created (contract, rule 15). What can't be renamed stays under its
/// slug, where the mirroring goes on; the mark tells the next run what is what, however this one ends. One instance per run.
/// </summary>
internal sealed class MirrorRenaming(RunContext context, RepositorySelection selection, CreationPacer pacer)
{
    private readonly Dictionary<string, Repository> _now = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = selection
        .AtDestination.Repositories.Select(repository => repository.Name)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Carries out what is to be renamed; a plan only shows it. Nothing is thrown: a cancellation ends it early, and the result has what was renamed
    /// by then.
    /// </summary>
    internal async Task<RepositorySelection> RunAsync(CancellationToken cancellationToken)
    {
        var steps = selection.Renames;
        if (steps.Count == 0 || context.Options.IsPlan)
        {
            foreach (var step in steps.Where(step => !step.IsTemporary))
            {
                Log($"{step.Rename.Item.Arrow}: would be renamed, as {step.Rename.Item.Cause}");
            }

            return selection;
        }

        try
        {
            foreach (var step in steps)
            {
                await TakeAsync(step, cancellationToken);
            }

            await ReturnAsync(steps, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The run is over; what was not reached is left to the next one.
        }

        return selection.After(
            selection.AtDestination with
            {
                Repositories = [.. selection.AtDestination.Repositories.Select(Present)],
            },
            new RenameOutcome(
                steps
                    .Select(step => step.Rename.Item)
                    .DistinctBy(rename => rename.Source.FullName)
                    .Where(rename => !IsAt(rename, rename.Mirror.Name))
                    .ToDictionary(rename => rename.Source.FullName, StringComparer.Ordinal),
                _failed
            )
        );
    }

    private Repository NowOf(MirrorRename rename) => _now.GetValueOrDefault(rename.Mirror.FullName, rename.Mirror);

    private bool IsAt(MirrorRename rename, string slug) => NowOf(rename).Name.Equals(slug, StringComparison.OrdinalIgnoreCase);

    private Repository Present(Repository listed) => _now.GetValueOrDefault(listed.FullName, listed);

    private async Task TakeAsync(RenameStep<MirrorRename> step, CancellationToken cancellationToken)
    {
        var rename = step.Rename.Item;
        if (_failed.ContainsKey(rename.Source.FullName))
        {
            return;
        }

        if (_taken.Contains(step.To))
        {
            _failed[rename.Source.FullName] = $"{step.To} could not be made free for it.";
            return;
        }

        await RenameAsync(rename, step.To, step.IsTemporary ? rename.Mirror.Description : rename.Description, cancellationToken);
        if (_failed.ContainsKey(rename.Source.FullName))
        {
            return;
        }

        if (!IsAt(rename, step.To))
        {
            _failed[rename.Source.FullName] = $"{context.Destination.Host.Name} made another name of it, {NowOf(rename).Name}.";
        }
        else if (!step.IsTemporary)
        {
            Log($"{rename.Arrow}: renamed, as {rename.Cause}");
        }
    }

    /// <summary>What is left under a temporary slug, because its own did not become free, goes back where it came from if nothing is there.</summary>
    private async Task ReturnAsync(IReadOnlyList<RenameStep<MirrorRename>> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps.Where(step => step.IsTemporary))
        {
            var rename = step.Rename.Item;
            if (IsAt(rename, step.To) && !_taken.Contains(step.From))
            {
                await RenameAsync(rename, step.From, rename.Mirror.Description, cancellationToken);
            }
        }
    }

    private async Task RenameAsync(MirrorRename rename, string slug, string description, CancellationToken cancellationToken)
    {
        var mirror = NowOf(rename);
        try
        {
            // A public mirror would show the new name of what is private.
            if (Privacy.IsExposed(rename.Source, mirror))
            {
                await Privacy.HideAsync(context.Destination, mirror, rename.Source.FullName, cancellationToken);
                Log($"{mirror.FullName} was public, but {rename.Source.FullName} is private: the mirror is private now.", MessageLevel.Warning);
                _now[rename.Mirror.FullName] = mirror = mirror with { Visibility = Visibility.Private };
            }

            var renamed = await pacer.RunAsync(
                () => context.Destination.RenameAsync(mirror, slug, description, cancellationToken),
                cancellationToken
            );
            _taken.Remove(mirror.Name);
            _taken.Add(renamed.Name);
            _now[rename.Mirror.FullName] = renamed;
        }
        catch (HostException e)
        {
            _failed[rename.Source.FullName] = $"{context.Destination.Host.Name} did not rename it. {e.Message} {e.Failure.Hint}".TrimEnd();
        }
        catch (MirrorException e)
        {
            _failed[rename.Source.FullName] = e.Message;
        }
    }

    private void Log(string text, MessageLevel level = MessageLevel.Info) => context.Observer.Log(new RunMessage(level, text));
}
