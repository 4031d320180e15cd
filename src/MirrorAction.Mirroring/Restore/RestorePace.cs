using System.Globalization;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Mirroring.Restore;

/// <summary>
/// Keeps to what hosts ask of one who writes much: a pause between two requests that change something, and so many new repositories an hour. Who goes
/// beyond is refused for minutes, and may be locked out. No pause (<c>create-interval: 0ms</c>) means a server without such limits. Serves one run.
/// </summary>
/// <param name="options">The pause, and the shards that share all this.</param>
/// <param name="time">Clock and pauses.</param>
/// <param name="deadline">No wait beyond it is begun; null for no end.</param>
/// <param name="say">Called for a long wait.</param>
internal sealed class RestorePace(MirrorOptions options, TimeProvider time, DateTimeOffset? deadline, Action<RunMessage> say) : IDisposable
{
    /// <summary>Hosts take 500 an hour; some are left to the people who work there.</summary>
    internal const int CreationsPerHour = 450;

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly CreationPacer _writes = new(options.Shares.Stretch(options.CreateInterval), time);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<DateTimeOffset> _created = new();
    private readonly int _most = options.CreateInterval > TimeSpan.Zero ? options.Shares.Of(CreationsPerHour) : int.MaxValue;

    /// <summary>Creates a repository when its turn has come.</summary>
    /// <exception cref="MirrorException">The run ends before that.</exception>
    internal async Task<T> CreateAsync<T>(Func<Task<T>> create, CancellationToken cancellationToken)
    {
        // Apart from the pause between writes: what is created already can be finished meanwhile.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await WaitForHourAsync(cancellationToken);
            _created.Enqueue(time.GetUtcNow());
        }
        finally
        {
            _turn.Release();
        }

        return await _writes.RunAsync(create, cancellationToken);
    }

    /// <summary>Changes a repository when its turn has come.</summary>
    internal Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken) =>
        _writes.RunAsync(
            async () =>
            {
                await change();
                return true;
            },
            cancellationToken
        );

    private async Task WaitForHourAsync(CancellationToken cancellationToken)
    {
        if (_created.Count < _most)
        {
            return;
        }

        var now = time.GetUtcNow();
        var turn = _created.Peek() + s_hour;
        if (turn > now)
        {
            var limit = string.Create(CultureInfo.InvariantCulture, $"{_most} repositories were created within an hour, and the host takes few more");
            if (turn > deadline)
            {
                throw new MirrorException(
                    ErrorCode.RateLimited,
                    $"{limit}; the run ends before the next could be.",
                    "Run again later: what is restored is not restored twice."
                );
            }

            say(new RunMessage(MessageLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"{limit}: resuming at {turn:HH:mm:ss} UTC.")));
            await Task.Delay(turn - now, time, cancellationToken);
        }

        _created.Dequeue();
    }

    public void Dispose()
    {
        _writes.Dispose();
        _turn.Dispose();
    }
}
