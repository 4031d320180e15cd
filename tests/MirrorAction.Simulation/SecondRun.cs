namespace MirrorAction.Simulation;

/// <summary>
/// A run that takes place while another one is under way. That one stands still while this one moves, so that threads decide nothing.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="play">Plays it.</param>
internal sealed class SecondRun(SimRun run, Func<Task<Leavings>> play)
{
    private readonly Lock _lock = new();
    private Task<Leavings>? _played;
    private bool _isOver;

    public SimRun Run => run;

    /// <summary>What it left behind; null when it never began.</summary>
    public Leavings? Leavings => _played?.Result;

    /// <summary>Begins, and comes back when it waits or is over.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            // A thread of a run that was killed may come too late.
            if (_isOver)
                return;
            run.Count("second runs");
            _played = Task.Run(play);
        }

        Task.WaitAny(_played, run.Waiting.Task);
    }

    /// <summary>Goes on, and comes back when it is over.</summary>
    public void End()
    {
        run.GoesOn.TrySetResult();
        _played?.Wait();
    }

    /// <summary>As <see cref="End"/>, for who can wait.</summary>
    public async Task EndAsync()
    {
        lock (_lock)
            _isOver = true;
        run.GoesOn.TrySetResult();
        await (_played ?? Task.CompletedTask);
    }
}
