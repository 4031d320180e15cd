using MirrorAction.GitHubActions;
using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Terminal;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace MirrorAction.Logging;

/// <summary>
/// The log of a run: events with templates and values, redacted in one place, and printed in the form that their reader wants.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly TimeProvider _time;
    private readonly LoggingLevelSwitch _level = new();
    private readonly GitHubActionsSink? _actions;
    private readonly Logger _logger;

    /// <summary>Logs to the console.</summary>
    /// <param name="console">The console.</param>
    /// <param name="surroundings">Where the program runs.</param>
    /// <param name="observer">Gets every event as well, without secrets; null for none.</param>
    public RunLog(RunConsole console, ProcessEnvironment surroundings, ILogEventSink? observer = null)
    {
        _time = surroundings.Time;
        _actions = surroundings.IsActions ? new GitHubActionsSink(console) : null;
        _logger = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(_level)
            .WriteTo.Sink(
                LoggerSinkConfiguration.Wrap(
                    sinks => new RedactingSink(sinks, console.Redact),
                    sinks =>
                    {
                        sinks.Conditional(_ => Format == LogFormat.Json, json => json.Sink(new JsonSink(console)));
                        if (_actions is not null)
                        {
                            sinks.Sink(_actions);
                        }
                        else
                        {
                            var terminal = new TerminalSink(console, surroundings.HasColour, () => surroundings.LineWidth);
                            sinks.Conditional(_ => Format == LogFormat.Text, text => text.Sink(terminal));
                        }

                        if (observer is not null)
                        {
                            sinks.Sink(observer);
                        }
                    }
                )
            )
            .CreateLogger();
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

    /// <summary>How messages are printed.</summary>
    public LogFormat Format
    {
        get;
        set
        {
            field = value;
            _actions?.OnlyAnnotates = value == LogFormat.Json;
        }
    }

    /// <summary>Only what is wrong is printed, and the last line.</summary>
    public bool IsQuiet
    {
        get;
        set
        {
            field = value;
            Level = value ? MessageLevel.Error : Level;
        }
    }

    /// <summary>Logs what the run comes to, which is printed even where only errors are, if someone wants it quiet.</summary>
    public void WriteLast(LogMessage message)
    {
        var level = Level;
        Level = IsQuiet ? MessageLevel.Info : level;
        Write(MessageLevel.Info, message);
        Level = level;
    }

    /// <summary>Whether messages of this level are printed.</summary>
    public bool Shows(MessageLevel level) => level >= Level;

    /// <summary>Logs a message.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="template">Constant text with a <c>{Name}</c> for each value.</param>
    /// <param name="values">The values.</param>
    public void Write(MessageLevel level, string template, params object?[] values) => Write(level, new LogMessage(template, values));

    /// <summary>Logs a message.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="message">The message.</param>
    /// <param name="exception">Printed below it, with its stack; null for none.</param>
    public void Write(MessageLevel level, LogMessage message, Exception? exception = null)
    {
        if (Shows(level))
        {
            _logger.Write(message.ToEvent(_time.GetUtcNow(), SerilogLevel(level), exception));
        }
    }

    /// <summary>
    /// Makes the next message, of level info, the title of a part of the log that can be folded, up to <see cref="EndGroup"/>. The caller holds the
    /// console meanwhile.
    /// </summary>
    /// <returns>False where the log has no such parts.</returns>
    public bool BeginGroup()
    {
        if (_actions is null || Format == LogFormat.Json || !Shows(MessageLevel.Info))
        {
            return false;
        }

        _actions.BeginGroup();
        return true;
    }

    /// <summary>Ends the part that <see cref="BeginGroup"/> began.</summary>
    public void EndGroup() => _actions?.EndGroup();

    /// <summary>Prints what is left to say about annotations.</summary>
    public void Dispose()
    {
        _logger.Dispose();
        _actions?.Complete();
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

/// <summary>
/// The form of the log before the configuration is read, so that what is wrong with it comes in that form too. The configuration file is not read
/// yet.
/// </summary>
internal static class LogFormatGuess
{
    /// <summary>The form that the arguments ask for, or else the input.</summary>
    public static LogFormat Of(IReadOnlyList<string> arguments, EnvironmentVariables environment)
    {
        const string Option = "--log-format";
        var word = environment["INPUT_LOG-FORMAT"];
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == Option && i + 1 < arguments.Count)
            {
                word = arguments[i + 1];
            }
            else if (arguments[i].StartsWith(Option, StringComparison.Ordinal) && arguments[i][Option.Length..] is ['=' or ':', .. var value])
            {
                word = value;
            }
        }

        return word == "json" ? LogFormat.Json : LogFormat.Text;
    }
}
