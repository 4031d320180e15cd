namespace MirrorAction.Hosting;

/// <summary>Waits for work that is being cancelled, but not for long.</summary>
internal static class CancellationGrace
{
    /// <summary>The runner kills a cancelled step after 7.5 seconds; the rest of them is for report and summary.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(4);

    /// <summary>The result of the work; null when it was cancelled and either said so or did not end within <see cref="Length"/>.</summary>
    public static async Task<T?> WithGraceAsync<T>(this Task<T> work, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(work, ExpireAsync(time, cancellationToken, ended.Token));
        await ended.CancelAsync();
        if (cancellationToken.IsCancellationRequested && !work.IsCompletedSuccessfully)
        {
            return work.IsFaulted ? await work : null;
        }

        return await work;
    }

    private static async Task ExpireAsync(TimeProvider time, CancellationToken cancelled, CancellationToken ended)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancelled.IsCancellationRequested)
        {
            await Task.Delay(Length, time, CancellationToken.None);
        }
    }
}
