using System.Runtime.InteropServices;
using MirrorAction.Hosting;

namespace MirrorAction.Tests.Runner;

public sealed class TerminationSignalsTests
{
    private const int SigTerm = 15;

    [Fact]
    public async Task The_first_signal_cancels_and_does_not_end_the_process()
    {
        using var signals = TerminationSignals.Listen();
        var cancelled = new TaskCompletionSource();
        await using var registration = signals.Token.Register(cancelled.SetResult);

        Kill(Environment.ProcessId, SigTerm).ShouldBe(0);

        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        signals.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
