using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Mirroring.Lfs;

/// <summary>
/// What one attempt brings, and what is known of it before it goes on. The pack is on its way while questions about it are asked; a small one answers
/// them, which spares both their requests and their round trips. Must be disposed.
/// </summary>
/// <param name="job">What is mirrored.</param>
/// <param name="relay">What the pack is for.</param>
/// <param name="source">The source, after it has listed its refs.</param>
/// <param name="refs">What it listed.</param>
/// <param name="isLastResort">What the source can't read is left out.</param>
internal sealed class NewHistory(RepositoryJob job, PackRelay relay, IFetchSource source, RemoteRefs refs, bool isLastResort) : IAsyncDisposable
{
    /// <summary>A repository of which its host says that it is larger is not expected to answer for itself.</summary>
    private const long MaxSmall = 1 << 20;

    private readonly PackAhead _ahead = new(relay);
    private readonly CancellationTokenSource _stop = new();
    private Task _question = Task.CompletedTask;

    /// <summary>The source.</summary>
    internal IFetchSource Source => source;

    /// <summary>The pack, where it is small and whole.</summary>
    internal WholePack? Pack { get; private set; }

    /// <summary>The questions about Git LFS.</summary>
    internal LfsSearch Search { get; } = new(source, refs, job.Options, isLastResort);

    /// <summary>The pointers in the pack; null where there is no pack, or it does not tell.</summary>
    internal IReadOnlyCollection<FoundPointer>? Pointers => Pack is null ? null : LfsPointerSearch.FindIn(Pack);

    /// <summary>
    /// Asks for the pack. What fails is told when the pack is needed. Not where a rule may yet forbid the whole, or where nothing will be sent.
    /// </summary>
    /// <param name="before">What the destination has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task LookAsync(RefAdvertisement before, CancellationToken cancellationToken)
    {
        var mayBeForbidden = job.Ownership != Ownership.Own || job.Overwrites != OverwritePolicy.Everything;
        if (mayBeForbidden || job.IsPlan || job.OpenLocal is not null)
        {
            return;
        }

        if (before.Refs.Count == 0 && job.ExpectedPackBytes > MaxSmall && !job.IsWiki && job.Options.Lfs == LfsMode.Auto)
        {
            _question = Search.IsWantedAsync(_stop.Token);
        }

        Pack = await _ahead.LookAsync(MirrorPlanner.Updates(refs.Refs, before.Refs, job.Options.Patterns), cancellationToken);
    }

    /// <summary>Something takes long before the pack goes on: its source is not kept waiting.</summary>
    internal Task PauseAsync() => _ahead.IsAtRest ? Task.CompletedTask : _ahead.ReleaseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ahead.DisposeAsync();
        await _stop.CancelAsync();
        await _question.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
