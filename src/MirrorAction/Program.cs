using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Modes;
using MirrorAction.Reporting;
using MirrorAction.Secrets;
using MirrorAction.Terminal;

namespace MirrorAction;

/// <summary>The program from its arguments to its exit code.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) =>
        LastResort.GuardAsync(async () =>
        {
            using var signals = TerminationSignals.Listen();
            return await RunAsync(args, ProcessEnvironment.OfProcess(), CompositionRoot.CreateEngine(), signals.Token);
        });

    /// <summary>
    /// Does what the arguments ask for and returns the exit code. What goes wrong once there is a log is told in a readable line, and not thrown.
    /// </summary>
    internal static async Task<int> RunAsync(string[] args, ProcessEnvironment surroundings, Engine engine, CancellationToken cancellationToken)
    {
        // Before anything else is printed: even the message about a wrong configuration must not show a token.
        var masker = SecretMasker.For(surroundings.Environment, args);
        if (surroundings.IsActions)
        {
            masker.Announce(surroundings.Output);
        }

        var console = new RunConsole(surroundings.Output, masker);
        using var log = new RunLog(console, surroundings) { Format = LogFormatGuess.Of(args, surroundings.Environment) };
        try
        {
            switch (CommandLine.Parse(args, surroundings.Output))
            {
                case Call.Mirror mirror when ReportSettingsBuilder.IsMeant(mirror.Options, surroundings.Environment):
                    return JoinReports(null, mirror.Options);
                case Call.Report report:
                    return JoinReports(report.Folder, report.Options);
                case Call.Mirror mirror:
                    var settings = new OptionsBuilder(mirror.Options, surroundings.Environment, surroundings.WorkingDirectory)
                    {
                        InspectFile = text => console.AddSecrets(MisplacedSecrets.InFile(text), announce: surroundings.IsActions),
                    }.Build();
                    var run = new MirrorRun(surroundings, console, log, masker);
                    return await run.RunAsync(settings, engine, cancellationToken);
                case Call.Sync sync:
                    var syncSettings = new SyncSettingsBuilder(sync.Arguments, surroundings.Environment).Build();
                    return await new SyncRun(surroundings, console, log).RunAsync(syncSettings, engine, cancellationToken);
                default:
                    return surroundings.Output.Failure is null ? ExitCodes.Success : ExitCodes.NothingDone;
            }
        }
        catch (ConfigurationException e)
        {
            new ReportPublisher(surroundings, log, masker).PublishProblems(e);
            return ExitCodes.BadConfiguration;
        }
        catch (Exception e)
        {
            const string Template = "Nothing could be done: {Reason} ({Exception}). With log level debug, more is told.";
            log.Write(MessageLevel.Error, Template, e.Message, e.GetType().Name);
            log.Write(MessageLevel.Debug, new LogMessage("The exception and its stack:"), e);
            return ExitCodes.NothingDone;
        }

        int JoinReports(string? folder, IReadOnlyDictionary<string, string> options)
        {
            var settings = new ReportSettingsBuilder(folder, options, surroundings.Environment, surroundings.WorkingDirectory).Build();
            return new ReportRun(surroundings, log, masker).Run(settings);
        }
    }
}
