namespace MirrorAction.Git.Transport;

/// <summary>
/// How many conversations a run has at a time. A repository has one for as long as it is worked on; what it can do side by side takes more only while
/// nobody else wants them. Thread-safe.
/// </summary>
/// <param name="count">All of them.</param>
public sealed class TransferSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Waits for one; disposing gives it back.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Slot(_free);
    }

    /// <summary>One that is free at this moment; null when there is none.</summary>
    public IDisposable? TryTake() => _free.Wait(TimeSpan.Zero) ? new Slot(_free) : null;

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                free.Release();
            }
        }
    }
}
