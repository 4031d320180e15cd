using MirrorAction.Hosting;
using MirrorAction.Logging;
using MirrorAction.Reporting;
using MirrorAction.Secrets;
using MirrorAction.Terminal;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

public sealed class ProgressBarTests
{
    private const string Erase = "\r\u001b[K";

    [Fact]
    public async Task A_terminal_has_a_live_line_that_makes_room_for_each_log_line()
    {
        var time = new SteppedTime();
        using var program = Terminal(time, 80);

        await program.RunAsync();

        Snapshot.Match(program.Output.Replace("\u001b", "ESC").Replace("\r", "CR"), "progress");
        program.Output.ShouldEndWith("\n");
    }

    [Fact]
    public async Task The_line_never_reaches_the_last_column()
    {
        using var program = Terminal(new SteppedTime(), 40);

        await program.RunAsync();

        var drawn = program.Output.Split(Erase).Select(part => part.Split('\n')[^1]).Where(part => part.StartsWith('[')).ToList();
        drawn.ShouldNotBeEmpty();
        drawn.ShouldAllBe(line => line.Length < 40);
    }

    [Fact]
    public async Task The_line_is_drawn_no_more_than_ten_times_a_second()
    {
        using var program = Terminal(new SteppedTime(), 80, standStill: true);

        await program.RunAsync("--log-level", "error");

        // Over 80 events while the clock stands: the first and last drawing, the end, and one for each of the two lines of an error.
        program.Output.Split(Erase).Length.ShouldBe(1 + 3 + 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Packets_take_no_lock_and_no_memory(bool isTerminal)
    {
        using var output = new ProgramOutput(() => TextWriter.Null, () => TextWriter.Null);
        var surroundings = new ProcessEnvironment
        {
            Environment = new(new Dictionary<string, string> { ["TERM"] = "xterm" }),
            Output = output,
            WorkingDirectory = "/",
            Time = new SteppedTime(),
            IsOutputRedirected = !isTerminal,
        };
        var console = new RunConsole(output, SecretMasker.None);
        using var log = new RunLog(console, surroundings);
        using var observer = new ConsoleObserver(console, log, surroundings, ModeText.Of("mirror", null));
        observer.Selected(1, 0, null);
        using var isHeld = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        var holder = new Thread(() =>
        {
            using var scope = console.Hold();
            isHeld.Set();
            mayLeave.Wait();
        });
        holder.Start();
        isHeld.Wait(TestContext.Current.CancellationToken);

        var packets = Task.Run(() =>
        {
            observer.Transferred("acme/website", 1);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var packet = 0; packet < 10_000; packet++)
            {
                observer.Transferred("acme/website", 64 * 1024);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        // While somebody else holds the console; a lock would never be had.
        (await packets.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).ShouldBe(0);
        mayLeave.Set();
        holder.Join();
    }

    [Theory]
    [InlineData("TERM", "dumb")]
    [InlineData("TERM", "")]
    [InlineData("CI", "true")]
    [InlineData("GITHUB_ACTIONS", "true")]
    public async Task Elsewhere_there_is_no_live_line(string name, string value)
    {
        using var program = Terminal(new SteppedTime(), 80);
        program.Environment[name] = value;

        await program.RunAsync();

        program.Output.ShouldNotContain("\u001b");
    }

    private static ProgramHarness Terminal(SteppedTime time, int width, bool standStill = false)
    {
        var program = new ProgramHarness
        {
            IsTerminal = true,
            Width = width,
            Time = time,
            Mirror = (_, observer, _) =>
            {
                string[] names = ["website", "docs", "api", "tools"];
                observer.Selected(names.Length, 0, null);
                foreach (var name in names)
                {
                    observer.Started($"acme/{name}");
                }

                for (var i = 0; i < names.Length; i++)
                {
                    for (var chunk = 0; chunk < 20; chunk++)
                    {
                        observer.Transferred($"acme/{names[i]}", 64 * 1024);
                    }

                    time.Step(standStill ? 0 : 150);
                    observer.Finished(i + 1, names.Length, i == 1 ? Sample.Failed(names[i]) : Sample.Mirrored(names[i]), []);
                }

                return Task.FromResult(Sample.Run());
            },
        };
        program.Environment["TERM"] = "xterm-256color";
        program.Environment["NO_COLOR"] = "1";
        return program;
    }

    /// <summary>A clock that a test moves.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _milliseconds;

        public void Step(int milliseconds) => _milliseconds += milliseconds;
    }
}
