using MirrorAction.Alarms;
using MirrorAction.Hosting;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Reporting;
using MirrorAction.Terminal;

namespace MirrorAction.Modes;

/// <summary>What a mode was asked, validated, and how it is done: a record for each mode, and one for each that is done in another way.</summary>
internal interface IRunSettings
{
    /// <summary>What all runs have in common.</summary>
    RunSettings Run { get; }

    /// <summary>Which earlier report is of use; null for none.</summary>
    PreviousReportLookup? Previous => null;

    /// <summary>Outputs of the step beside those that come from the report.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Outputs => [];

    /// <summary>Does the work.</summary>
    /// <param name="connections">The way to the hosts.</param>
    /// <param name="previous">The report of an earlier run; null for none.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken);

    /// <summary>Adds what is known without the hosts.</summary>
    RunReport Complete(RunReport report, ProcessEnvironment surroundings) => report;
}

/// <summary>The two hosts of a mirror, whichever way the data flows.</summary>
/// <param name="Source">Where the repositories live.</param>
/// <param name="Destination">Where the mirrors are.</param>
internal sealed record HostPair(HostSide Source, HostSide Destination)
{
    /// <summary>Both, as the inputs say.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="isRestore">The data flows from the mirrors to the source's host, and that one is written.</param>
    /// <param name="isTrial">A restore that only shows what it would do, so that no token that writes is wanted yet.</param>
    public static HostPair Read(CheckedInputs inputs, bool isRestore = false, bool isTrial = false)
    {
        var pair = new HostPair(HostRole.Source.Read(inputs, isRestore, isTrial), HostRole.Destination.Read(inputs, isWritten: !isRestore));
        if (pair.IsOnePlace)
        {
            inputs.Refuse(
                HostRole.Destination.Owner,
                $"{InputFormat.Shown(pair.Destination.Owner)} at {pair.Destination.Host.Name} is the source, or lies in it; "
                    + "give a place of its own for the mirrors."
            );
        }

        foreach (var input in IOwnInputs.Idle(inputs, [pair.Source.Host, pair.Destination.Host]))
        {
            inputs.Warnings.Add($"{inputs.Label(input)} has no meaning between {pair.Source.Host.Name} and {pair.Destination.Host.Name}.");
        }

        return pair;
    }

    /// <summary>The mirrors would be among the repositories that are mirrored.</summary>
    private bool IsOnePlace =>
        Source.Host == Destination.Host
        && Source.Settings.WebUrl.Authority.Equals(Destination.Settings.WebUrl.Authority, StringComparison.OrdinalIgnoreCase)
        && Source.Owners.Any(owner => $"{Destination.Owner}/".StartsWith($"{owner}/", StringComparison.OrdinalIgnoreCase));

    /// <summary>The destination of a mirror, for a report.</summary>
    public ReportDestination Mirrors => ReportDestination.At(Destination.Host, Destination.Settings.WebUrl, Destination.Owner);
}

/// <summary>A mode that works on many repositories and leaves a report: what all of them have in common.</summary>
internal abstract class RunMode : IMode
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract ModeHelp Help { get; }

    /// <summary>All inputs that are not of some modes alone, but for those that change nothing here.</summary>
    public virtual IReadOnlyList<ActionInput> Inputs => [.. ActionInputs.Shared.Except(IdleInputs), .. OwnInputs];

    /// <inheritdoc/>
    public virtual IReadOnlyList<ActionInput> OwnInputs => [];

    /// <summary>Options of all runs are understood: one set of inputs may serve several modes.</summary>
    public IReadOnlyList<ActionInput> Options => [.. ActionInputs.All.Where(input => input != ActionInputs.Mode)];

    /// <inheritdoc/>
    public virtual IReadOnlyList<ActionOutput> Outputs => ActionOutputs.Common;

    /// <inheritdoc/>
    public bool LeavesReport => true;

    /// <inheritdoc/>
    public virtual bool IsForOnce => false;

    /// <summary>Inputs of all runs that change nothing here.</summary>
    protected virtual IReadOnlyList<ActionInput> IdleInputs => [];

    /// <inheritdoc/>
    public abstract ModeText TextOf(string? variant);

    /// <summary>Reads and validates what is asked.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public IRunSettings Read(CheckedInputs inputs)
    {
        WarnOfOthers(inputs);
        var settings = ReadSettings(inputs);
        inputs.Problems.ThrowIfAny(inputs.Warnings);
        return settings;
    }

    /// <inheritdoc/>
    public async Task<int> RunAsync(ModeContext context, CancellationToken cancellationToken)
    {
        var settings = Read(context.Sources.WithFile);
        var run = settings.Run;
        context.BeginLog(run.LogLevel, run.LogFormat, run.Warnings);
        foreach (var address in run.AddressesFromFile)
        {
            context.Log.Write(MessageLevel.Info, "{Input} says where credentials are sent: {Url}", address.Label, address.Url.ToString());
        }

        var words = TextOf(run.Variant);
        await using var alarms = context.Alarms(IsWatched(run, words) ? run.Alarms : AlarmSettings.None);
        var time = context.Surroundings.Time;
        var previous = PreviousReport.Find(settings.Previous, warning => context.Log.Write(MessageLevel.Warning, "{Message}", warning));
        var last = LastRun.Read(run.Reports, previous);
        alarms.Begin();
        var startedAt = time.GetUtcNow();
        var clock = time.GetTimestamp();
        RunReport? report = null;
        RepositoryError? fault = null;
        RunRecorder recorder;
        using (var observer = new ConsoleObserver(context.Console, context.Log, context.Surroundings, words))
        {
            recorder = new RunRecorder(observer);
            var work = Task.Run(() => context.Engine.RunAsync(settings, previous, recorder, cancellationToken), CancellationToken.None);
            try
            {
                report = await work.WithGraceAsync(time, cancellationToken);
            }
            catch (Exception e)
            {
                // What is done by then still has to be told.
                const string Hint = "This is a fault of MirrorAction; please report it with the debug log.";
                fault = new(ErrorCode.Internal, $"The run broke off: {e.Message} ({e.GetType().Name})", Hint);
                context.Log.Write(MessageLevel.Debug, new LogMessage("The exception and its stack:"), e);
            }
        }

        report ??= recorder.ReportOfUnfinished(run, startedAt, time.GetElapsedTime(clock), fault);
        report = settings.Complete(PreviousReport.WithVerifiedTimes(report, previous), context.Surroundings);
        report = MirrorMemory.Carry(report, PreviousReport.Last(run.Reports.Folder));
        var code = cancellationToken.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.For(report, run.FailOn);
        code = context.Publisher.Publish(report, code, run.Reports, settings.Outputs);
        await alarms.EndAsync(report, last, code, cancellationToken);
        return code;
    }

    /// <summary>Reads what is asked; what is wrong is noted, and the value does not matter then.</summary>
    protected abstract IRunSettings ReadSettings(CheckedInputs inputs);

    /// <summary>What all runs have in common. To be read last, for it takes along what was noted.</summary>
    protected RunSettings ReadRun(CheckedInputs inputs, MirrorOptions options, ReportSource source, ReportDestination destination) =>
        new()
        {
            ModeName = Name,
            Mirror = options,
            ReportSource = source,
            ReportDestination = destination,
            AddressesFromFile = inputs.AddressesFromFile,
            Reports = RunInputs.ReadReportPlace(inputs),
            FailOn = inputs.Read(RunInputs.FailOn),
            Alarms = AlarmInputs.Read(inputs),
            LogLevel = RunInputs.ReadLogLevel(inputs, inputs.Environment),
            LogFormat = inputs.Read(RunInputs.LogFormat),
            Warnings = inputs.Warnings,
        };

    /// <summary>What a run has in common with all others that look at the source's repositories and at their mirrors.</summary>
    protected RunSettings ReadRun(CheckedInputs inputs, MirrorOptions options, HostPair hosts) =>
        ReadRun(inputs, options, new(hosts.Source.Host.Kind, options.Owners), hosts.Mirrors);

    /// <summary>What a run does with the repositories of the owners at the source.</summary>
    protected static MirrorOptions ReadOptions(CheckedInputs inputs, HostPair hosts) => RunInputs.ReadOptions(inputs, hosts.Source.Owners);

    /// <summary>
    /// It is a run whose absence or failure someone wants to know: not one that only shows, and not a part, for which the joined report speaks.
    /// </summary>
    private static bool IsWatched(RunSettings run, ModeText words) => words is { IsPlan: false, IsChecklist: false } && run.Mirror.Shard is null;

    private void WarnOfOthers(CheckedInputs inputs)
    {
        foreach (var input in ActionInputs.OfModes.Except(Inputs).Where(input => IsMeant(inputs.Value(input), input)))
        {
            var modes = string.Join(" or ", ModeList.OfAction.Where(mode => mode.Inputs.Contains(input)).Select(mode => mode.Name));
            var message = $"has a meaning only with mode {modes}";
            if (input.RefusalElsewhere is { } more)
            {
                inputs.Refuse(input, $"{message}{more(Name)}.");
            }
            else
            {
                inputs.Warnings.Add($"{inputs.Label(input)} {message}.");
            }
        }
    }

    /// <summary>A configuration file serves several modes, and a form passes on what nobody changed in it.</summary>
    private static bool IsMeant(InputValue value, ActionInput input) => value is { IsGiven: true, FromFile: null } && value.Text != input.Default;
}
