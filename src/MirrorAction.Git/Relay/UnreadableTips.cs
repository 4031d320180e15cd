using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;

namespace MirrorAction.Git.Relay;

/// <summary>
/// Finds out which of several tips a source cannot send, by asking for fewer at a time. What it sends is read to its end and not kept.
/// </summary>
/// <param name="source">Who is asked.</param>
/// <param name="isLastResort">A source that ends its answer early, again and again, counts as one that cannot read a tip; otherwise that is an error,
/// for it may pass.</param>
/// <param name="progress">Called for bytes that arrived; null for nobody.</param>
public sealed class UnreadableTips(IFetchSource source, bool isLastResort, Action<long>? progress)
{
    private readonly Dictionary<ObjectId, string> _unreadable = [];
    private readonly List<ObjectId> _haves = [];
    private GitException? _lastCause;

    /// <summary>Whether a failed fetch may be about some of its tips only; then it is worth to find out about which.</summary>
    public static bool MayExplain(GitException exception, bool isLastResort) =>
        SourceFault.IsPlain(exception) || (isLastResort && SourceFault.IsPossible(exception));

    /// <summary>The tips that the source does not send, each with its words.</summary>
    /// <param name="tips">The tips, of which all together could not be sent.</param>
    /// <param name="haves">What need not be sent.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="GitException">The source failed in another way, or sends none of them and does not say that it cannot read them.</exception>
    public async Task<IReadOnlyDictionary<ObjectId, string>> FindAsync(
        IReadOnlyList<ObjectId> tips,
        IReadOnlyList<ObjectId> haves,
        CancellationToken cancellationToken
    )
    {
        _haves.AddRange(haves);
        var narrowing = new Narrowing(PackRelay.MaxCommands);
        narrowing.Begin();
        await narrowing.RunAsync(
            tips,
            trial => TryAsync(trial, cancellationToken),
            (tip, refusal, wasAlone) =>
            {
                _lastCause = refusal.Cause ?? _lastCause;
                _unreadable[tip] = wasAlone
                    ? refusal.Reason
                    : $"was among tips of which none was sent, and not asked for by itself: {refusal.Reason}";
                return Task.CompletedTask;
            }
        );
        if (_lastCause is null || _unreadable.Count < tips.Count)
        {
            return _unreadable;
        }

        _lastCause.BlameOneOfMany();
        throw _lastCause;
    }

    private async Task<Refusal?> TryAsync(ObjectId[] trial, CancellationToken cancellationToken)
    {
        try
        {
            // What was sent once need not come again with the next.
            var haves = Enumerable.Reverse(_haves).Take(PackSender.MaxHaves).ToArray();
            var request = new FetchRequest
            {
                Wants = trial,
                Haves = haves,
                ThinPack = true,
                OfsDelta = true,
            };
            using var session = await source.FetchAsync(request, cancellationToken);
            using var pack = new ValidatingPackReader(session, progress);
            while (await pack.ReadAsync(cancellationToken) is { Length: > 0 })
            {
                // Only its end counts.
            }

            _haves.AddRange(trial);
            return null;
        }
        catch (GitException e) when (MayExplain(e, isLastResort))
        {
            return Refusal.OfSource(e);
        }
    }
}
