using System.Runtime.InteropServices;
using MirrorAction.Reporting;

namespace MirrorAction.Hosting;

/// <summary>Turns SIGINT and SIGTERM into cancellation. The second signal ends the process at once.</summary>
internal sealed class TerminationSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    private TerminationSignals() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Listens from now on.</summary>
    public static TerminationSignals Listen() => new();

    /// <summary>Signals act again as they do on any process.</summary>
    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
#pragma warning disable RS0030 // Process 1 of a container ignores a signal's default action, so leaving it to the system would not end the program.
            Environment.Exit(ExitCodes.Cancelled);
#pragma warning restore RS0030
        }

        // Not on this thread: what is cancelled may take its time, and the second signal must get through.
        _ = _source.CancelAsync();
    }
}

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
