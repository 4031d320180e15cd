using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Secrets;
using MirrorAction.Terminal;
using Serilog.Core;
using Serilog.Events;
using RunLog = MirrorAction.Logging.RunLog;

namespace MirrorAction.Tests.Logging;

/// <summary>Events as sinks get them.</summary>
public sealed class RunLogTests : IDisposable
{
    private const string Secret = "Distinct1ve+Secret/Of=This";

    private readonly StringWriter _screen = new();
    private readonly EventList _events = new();

    [Fact]
    public void Event_has_its_template_and_values_that_are_scalars()
    {
        Log(log => log.Write(MessageLevel.Warning, new LogMessage("{Refs} refs of {Repository}", 3, "acme/docs").About("Code", "lfs")));

        var logged = _events.ShouldHaveSingleItem();
        logged.MessageTemplate.Text.ShouldBe("{Refs} refs of {Repository}");
        logged.Level.ShouldBe(LogEventLevel.Warning);
        logged
            .Properties.ToDictionary(p => p.Key, p => p.Value.ShouldBeOfType<ScalarValue>().Value)
            .ShouldBe(
                new Dictionary<string, object?>
                {
                    ["Refs"] = 3,
                    ["Repository"] = "acme/docs",
                    ["Code"] = "lfs",
                },
                ignoreOrder: true
            );
        _screen.ToString().ShouldBe("warning: 3 refs of acme/docs\n");
    }

    [Theory]
    [InlineData(MessageLevel.Debug, 4)]
    [InlineData(MessageLevel.Info, 3)]
    [InlineData(MessageLevel.Warning, 2)]
    [InlineData(MessageLevel.Error, 1)]
    public void Events_below_the_level_reach_no_sink(object level, int count)
    {
        Log(log =>
        {
            log.Level = (MessageLevel)level;
            Enum.GetValues<MessageLevel>().ToList().ForEach(each => log.Write(each, "{Message}", "x"));
        });

        _events.Count.ShouldBe(count);
    }

    [Fact]
    public void Values_exception_and_message_hold_no_secret()
    {
        Log(log =>
            log.Write(
                MessageLevel.Error,
                new LogMessage("{Message}", $"a {Secret} b").About("Repository", $"acme/{Secret}"),
                new InvalidOperationException($"c {Secret} d")
            )
        );

        var logged = _events.ShouldHaveSingleItem();
        logged.Properties["Message"].ShouldBeOfType<ScalarValue>().Value.ShouldBe("a *** b");
        logged.Properties["Repository"].ShouldBeOfType<ScalarValue>().Value.ShouldBe("acme/***");
        logged.Exception!.ToString().ShouldBe("System.InvalidOperationException: c *** d");
        _screen.ToString().ShouldBe("error: acme/***: a *** b\n       System.InvalidOperationException: c *** d\n");
    }

    [Fact]
    public void Secret_that_goes_on_in_the_next_value_is_seen_in_the_message()
    {
        Log(log => log.Write(MessageLevel.Error, "{Message}\n{Hint}", $"a {Secret[..11]}", $"{Secret[11..]} b"));

        var logged = _events.ShouldHaveSingleItem();
        EventText.Message(logged).ShouldBe("a *** b");
        logged.MessageTemplate.Text.ShouldBe("{Message}");
    }

    [Fact]
    public void Number_that_is_a_secret_is_hidden()
    {
        Log(log => log.Write(MessageLevel.Info, "{Id}", 8_675_309_123), "8675309123");

        _events.ShouldHaveSingleItem().Properties["Id"].ShouldBeOfType<ScalarValue>().Value.ShouldBe("***");
    }

    [Fact]
    public void Line_of_JSON_stays_one_when_a_secret_is_in_two_values_of_it()
    {
        // Too short by itself to be known, but JSON's own signs make the rest of the secret.
        Log(
            log =>
            {
                log.Format = LogFormat.Json;
                log.Write(MessageLevel.Info, new LogMessage("x").About("A", "abcdefg").About("B", "hijklmn"));
            },
            "abcdefg\",\"B\":"
        );

        var line = JsonLine.Parse(_screen.ToString());
        line.Template.ShouldBe("x");
        line.Text("A").ShouldBeNull();
    }

    [Fact]
    public void Details_of_a_repository_are_indented_and_warnings_name_it()
    {
        Log(log =>
        {
            log.Write(MessageLevel.Info, "{Repository} mirrored", "acme/docs");
            log.Write(MessageLevel.Info, new LogMessage("one\ntwo").About(EventProperty.Repository, "acme/docs"));
            log.Write(MessageLevel.Warning, new LogMessage("three").About(EventProperty.Repository, "acme/docs"));
            log.Write(MessageLevel.Error, new LogMessage("four").About(EventProperty.Shard, "1/2"));
        });

        _screen.ToString().ShouldBe("acme/docs mirrored\n    one\n    two\nwarning: acme/docs: three\nerror: shard 1/2: four\n");
    }

    [Fact]
    public void Colours_are_those_of_the_theme()
    {
        Log(
            log =>
            {
                log.Level = MessageLevel.Debug;
                Enum.GetValues<MessageLevel>().ToList().ForEach(level => log.Write(level, "{Message}", "x"));
            },
            hasColour: true
        );

        _screen.ToString().ShouldBe("\u001b[2mdebug: \u001b[0mx\nx\n\u001b[33mwarning: \u001b[0mx\n\u001b[31merror: \u001b[0mx\n");
    }

    [Fact]
    public void Message_is_read_as_it_is_printed() =>
        LogMessage
            .Count("Refs", 1, "ref")
            .Then(" of {Repository}, {Bytes:bytes} in {DurationMs:time}", "acme/docs", new Measure(2048), new Measure(1500))
            .About("Code", "lfs")
            .ToString()
            .ShouldBe("1 ref of acme/docs, 2 KiB in 1.5 s");

    public void Dispose() => _screen.Dispose();

    private void Log(Action<RunLog> write, string secret = Secret, bool hasColour = false)
    {
        using var output = new ProgramOutput(() => _screen, () => TextWriter.Null);
        var surroundings = new ProcessEnvironment
        {
            Environment = new(new Dictionary<string, string> { ["TERM"] = "xterm" }),
            Output = output,
            WorkingDirectory = "/",
            IsOutputRedirected = !hasColour,
        };
        using var log = new RunLog(new RunConsole(output, new SecretMasker([secret], [])), surroundings, _events);
        write(log);
    }

    private sealed class EventList : List<LogEvent>, ILogEventSink
    {
        public void Emit(LogEvent logEvent) => Add(logEvent);
    }
}
