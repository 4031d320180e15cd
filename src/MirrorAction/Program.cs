using MirrorAction.Alarms;
using MirrorAction.Hosting;
using MirrorAction.Http;
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
            StandardDescriptors.Hold();
            using var signals = TerminationSignals.Listen();
            return await RunAsync(args, ProcessEnvironment.OfProcess(), CompositionRoot.CreateEngine(), signals.Token);
        });

    /// <summary>
    /// Does what the arguments ask for and returns the exit code. What goes wrong once there is a log is told in a readable line, and not thrown.
    /// </summary>
    internal static async Task<int> RunAsync(string[] args, ProcessEnvironment process, IEngine engine, CancellationToken cancellationToken)
    {
        var surroundings = OutputOptions.AreForJson(args) ? process.WithReportOnOutput() : process;
        if (args.Length == 0 && surroundings.IsUnconfigured)
        {
            args = ["--help"];
        }

        // Before anything else is printed: even the message about a wrong configuration must not show a token.
        var masker = SecretMasker.For(surroundings.Environment, args);
        if (surroundings.IsActions)
        {
            masker.Announce(surroundings.Output);
        }

        var console = new RunConsole(surroundings.Output, masker);
        using var log = new RunLog(console, surroundings) { Format = LogFormatGuess.Of(args, surroundings.Environment) };
        IMode? mode = null;
        try
        {
            if (CommandLine.Parse(args, surroundings.Output) is not { } call)
            {
                return surroundings.Output.Failure is null ? ExitCodes.Success : ExitCodes.NothingDone;
            }

            var sources = new InputSources(call.Options, surroundings.Environment, surroundings.WorkingDirectory)
            {
                InspectFile = text => console.AddSecrets(MisplacedSecrets.InFile(text), announce: surroundings.IsActions),
            };
            mode = call.Mode;
            mode ??= ModeList.Named(sources);
            var code = await mode.RunAsync(new(call, sources, surroundings, console, log, masker, engine), cancellationToken);
            log.Write(MessageLevel.Debug, "{Bytes} bytes allocated, {Collections} collections", GC.GetTotalAllocatedBytes(), GC.CollectionCount(0));
            return code;
        }
        catch (ConfigurationException e)
        {
            new ReportPublisher(surroundings, log, masker).PublishProblems(e);
            await TellAsync("the configuration is wrong", e.Problems.Select(problem => problem.ToString()), ExitCodes.BadConfiguration);
            return ExitCodes.BadConfiguration;
        }
        catch (Exception e)
        {
            const string Template = "Nothing could be done: {Reason} ({Exception}). With log level debug, more is told.";
            log.Write(MessageLevel.Error, Template, e.Message, e.GetType().Name);
            log.Write(MessageLevel.Debug, new LogMessage("The exception and its stack:"), e);
            await TellAsync("nothing could be done", [e.Message], ExitCodes.NothingDone);
            return ExitCodes.NothingDone;
        }

        // A mode that has no such input has nobody to tell; which one it was is not known where the configuration can't be read.
        async Task TellAsync(string title, IEnumerable<string> reasons, int code)
        {
            var settings = AlarmInputs.ReadUnchecked(surroundings.Environment);
            if (mode is null || mode.Inputs.Contains(AlarmInputs.HeartbeatUrl))
            {
                await using var alarms = new RunAlarms(settings, surroundings, log, masker, engine);
                await alarms.EndAsync(title, reasons, code, cancellationToken);
            }
        }
    }
}
