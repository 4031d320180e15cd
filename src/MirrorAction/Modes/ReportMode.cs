using MirrorAction.Alarms;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Joins the reports of shards and tells of them as a run tells of its own. No host is asked, so no credential is wanted.</summary>
internal sealed class ReportMode : IMode
{
    /// <inheritdoc/>
    public string Name => "report";

    /// <inheritdoc/>
    public ModeHelp Help { get; } =
        new()
        {
            Command = "Join the reports of shards or of several destinations; asks no host",
            Does = "joins the reports of shards, or of several destinations, in `report-dir` into one",
            InShort = "joins the reports of shards or of several destinations",
            AfterUsage = "Every report.json below FOLDER (by default below --report-dir) is read; the joined one is written to --report-dir.",
            IsShort = true,
            Examples = ["report downloaded-artifacts"],
            ExitCodes = "0 done, 1 repositories or shards failed",
            NothingDone = "no report could be joined",
        };

    /// <summary>The inputs that have a say; all others are of no use here and are not even read.</summary>
    public IReadOnlyList<ActionInput> Inputs =>
        [RunInputs.ReportDir, RunInputs.History, RunInputs.FailOn, RunInputs.LogLevel, RunInputs.LogFormat, .. AlarmInputs.All];

    /// <inheritdoc/>
    public IReadOnlyList<ModeArgument> Arguments => [new("FOLDER", "Where the reports are, in folders of any depth", IsOptional: true)];

    /// <inheritdoc/>
    public string WhyNotInFile =>
        "report joins the reports of other runs; give it as the input mode or as the command 'mirror-action report' itself.";

    /// <inheritdoc/>
    public bool LeavesReport => true;

    /// <inheritdoc/>
    public bool IsForOnce => true;

    /// <summary>A joined report has the mode of its parts, so these words are never asked for.</summary>
    public ModeText TextOf(string? variant) => MirrorMode.Text;

    /// <summary>Reads and validates what is asked.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="folder">The folder named on the command line; null reads below <c>report-dir</c>, as the action does.</param>
    /// <param name="workingDirectory">What a folder that someone named by hand is relative to.</param>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public static ReportSettings Read(CheckedInputs inputs, string? folder, string workingDirectory)
    {
        var place = RunInputs.ReadReportPlace(inputs);
        var settings = new ReportSettings(
            folder is null ? place.Folder : Path.GetFullPath(folder, workingDirectory),
            place,
            inputs.Read(RunInputs.FailOn),
            RunInputs.ReadLogLevel(inputs, inputs.Environment),
            inputs.Read(RunInputs.LogFormat),
            inputs.Warnings,
            AlarmInputs.Read(inputs)
        );
        inputs.Problems.ThrowIfAny(inputs.Warnings);
        return settings;
    }

    /// <inheritdoc/>
    public async Task<int> RunAsync(ModeContext context, CancellationToken cancellationToken)
    {
        var folder = context.Call.Arguments.Count > 0 ? context.Call.Arguments[0] : null;
        var settings = Read(context.Sources.WithoutFile, folder, context.Surroundings.WorkingDirectory);
        context.BeginLog(settings.LogLevel, settings.LogFormat, settings.Warnings);
        await using var alarms = context.Alarms(settings.Alarms);
        var last = LastRun.Read(settings.Reports, named: null);
        var (code, report) = Join(settings, context);
        await (
            report is null
                ? alarms.EndAsync("no report could be joined", [$"There is no report of a shard below {settings.Folder}."], code, cancellationToken)
                : alarms.EndAsync(report, last, code, cancellationToken)
        );
        return code;
    }

    private static (int Code, RunReport? Joined) Join(ReportSettings settings, ModeContext context)
    {
        var found = ReportFolder.Read(settings.Folder);
        foreach (var other in found.Others)
        {
            context.Log.Write(MessageLevel.Debug, "{Message}; left out.", other);
        }

        if (found.Reports.Count == 0)
        {
            return (RefuseNothing(settings, found, context), null);
        }

        ReportJoin.RequireOneRun(found.Reports);
        var (joinable, makeRoom) = found.WithoutReportAt(Path.Combine(settings.Reports.Folder, ReportJson.FileName), settings.Folder);
        var report = ReportJoin.Join(joinable, ProductVersion.Text);
        var joined = LogMessage.Count("Reports", found.Reports.Count, "report");
        context.Log.Write(MessageLevel.Info, new LogMessage("Joined ").Then(joined).Then(" below {Folder}.", settings.Folder));
        foreach (var repository in report.Repositories)
        {
            // Their own jobs have said so as errors.
            if (repository.Error is { } error)
            {
                context.Log.Write(MessageLevel.Info, "{Repository} failed: {Message}", repository.Source, error.Message);
            }
        }

        return (context.Publisher.Publish(report, ExitCodes.For(report, settings.FailOn), settings.Reports, [], makeRoom), report);
    }

    private static int RefuseNothing(ReportSettings settings, ReportFolder found, ModeContext context)
    {
        foreach (var error in found.Damaged.Select(damaged => damaged.Error).OfType<RepositoryError>())
        {
            context.Log.Write(MessageLevel.Error, "{Message}", error.Message);
        }

        var message = new LogMessage(
            "There is no report of a shard below {Folder}: looked for *.json files that a run with 'shard' wrote to its 'report-dir' (",
            settings.Folder
        )
            .Then(LogMessage.Count("OtherFiles", found.Others.Count, "other file"))
            .Then(" found).\nIn a workflow, download the artifacts of the matrix job into this folder first (actions/download-artifact).");
        context.Log.Write(MessageLevel.Error, message);
        return ExitCodes.NothingDone;
    }
}

/// <summary>What joining reports was asked.</summary>
/// <param name="Folder">The folder below which reports are looked for, absolute.</param>
/// <param name="Reports">Where the joined report goes; may be the same folder.</param>
/// <param name="FailOn">When failed repositories fail the step.</param>
/// <param name="LogLevel">What is printed.</param>
/// <param name="LogFormat">How it is printed.</param>
/// <param name="Warnings">What the user should know about the configuration although it can be used.</param>
/// <param name="Alarms">Who is told how the run ended.</param>
internal sealed record ReportSettings(
    string Folder,
    ReportPlace Reports,
    FailOn FailOn,
    MessageLevel LogLevel,
    LogFormat LogFormat,
    IReadOnlyList<string> Warnings,
    AlarmSettings Alarms
);
