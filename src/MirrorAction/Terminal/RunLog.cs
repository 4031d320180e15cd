using MirrorAction.GitHubActions;
using MirrorAction.Hosting;
using MirrorAction.Inputs.Yaml;
using MirrorAction.Mirroring.Runs;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace MirrorAction.Terminal;

/// <summary>The log of a run. Messages are whole sentences; they are printed as they are, made safe and without secrets.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly RunConsole _console;
    private readonly LoggingLevelSwitch _level = new();
    private readonly GitHubActionsSink? _actionsSink;
    private readonly Logger _logger;

    /// <summary>Logs to the console in the form that its reader wants.</summary>
    public RunLog(RunConsole console, ProcessEnvironment surroundings)
    {
        _console = console;
        _actionsSink = surroundings.IsActions ? new GitHubActionsSink(console) : null;
        ILogEventSink sink = _actionsSink is not null ? _actionsSink : new TerminalSink(console, surroundings.HasColour);
        _logger = new LoggerConfiguration().MinimumLevel.ControlledBy(_level).WriteTo.Sink(sink).CreateLogger();
        Level = surroundings.Environment["RUNNER_DEBUG"] == "1" ? MessageLevel.Debug : MessageLevel.Info;
    }

    /// <summary>Messages below are not printed.</summary>
    public MessageLevel Level
    {
        get;
        set
        {
            field = value;
            _level.MinimumLevel = SerilogLevel(value);
        }
    }

    /// <summary>Whether messages of this level are printed.</summary>
    public bool Shows(MessageLevel level) => level >= Level;

    /// <summary>Logs a message.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="text">The message.</param>
    /// <param name="title">What it is about, such as a repository; null for the run.</param>
    /// <param name="place">Where in a file of the repository it is; null for nowhere.</param>
    public void Write(MessageLevel level, string text, string? title = null, FilePosition? place = null)
    {
        if (!Shows(level))
        {
            return;
        }

        var logger = title is null ? _logger : _logger.ForContext(GitHubActionsSink.TitleProperty, title);
        (place is null ? logger : logger.ForContext(GitHubActionsSink.PlaceProperty, WorkflowCommands.Place(place))).Write(
            SerilogLevel(level),
            "{Text:l}",
            _console.Redact(text)
        );
    }

    /// <summary>Prints what is left to say about annotations.</summary>
    public void Dispose()
    {
        _logger.Dispose();
        _actionsSink?.Complete();
    }

    private static LogEventLevel SerilogLevel(MessageLevel level) =>
        level switch
        {
            MessageLevel.Debug => LogEventLevel.Debug,
            MessageLevel.Info => LogEventLevel.Information,
            MessageLevel.Warning => LogEventLevel.Warning,
            _ => LogEventLevel.Error,
        };
}
