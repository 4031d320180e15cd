namespace MirrorAction.Hosts.Gitea;

/// <summary>Something that is asked for once, by the first who needs it; a failure is not kept. Thread-safe.</summary>
/// <param name="ask">Asks.</param>
internal sealed class GiteaOnce<T>(Func<CancellationToken, Task<T>> ask)
{
    private readonly Lock _lock = new();
    private Task<T>? _asked;

    /// <summary>The answer.</summary>
    public async ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<T> asked;
            lock (_lock)
            {
                if (_asked is null or { IsFaulted: true } or { IsCanceled: true })
                {
                    _asked = Task.Run(() => ask(cancellationToken), CancellationToken.None);
                }

                asked = _asked;
            }

            try
            {
                return await asked.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another caller began it and was cancelled; this one was not.
            }
        }
    }
}
