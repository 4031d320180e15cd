namespace MirrorAction.Mirroring.Runs;

/// <summary>Lets one creation through at a time, with a pause between two of them: hosts throttle bursts of writes.</summary>
internal sealed class CreationPacer(TimeSpan interval, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long? _lastAt;

    internal async Task<T> RunAsync<T>(Func<Task<T>> create, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_lastAt is { } last && interval - time.GetElapsedTime(last) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await create();
            }
            finally
            {
                _lastAt = time.GetTimestamp();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
