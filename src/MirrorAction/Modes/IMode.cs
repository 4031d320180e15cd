using MirrorAction.Alarms;
using MirrorAction.Hosting;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Secrets;
using MirrorAction.Terminal;

namespace MirrorAction.Modes;

/// <summary>
/// One thing that the program does: a command, and most of them a word of the input <c>mode</c> too. Command line, help, documentation, log, summary,
/// outputs and exit codes know modes by what they say here, through <see cref="ModeList"/>.
/// </summary>
internal interface IMode
{
    /// <summary>The command, the word of the input <c>mode</c>, and the name in a report.</summary>
    string Name { get; }

    /// <summary>What the help tells of it.</summary>
    ModeHelp Help { get; }

    /// <summary>The inputs that have a meaning in it.</summary>
    IReadOnlyList<ActionInput> Inputs { get; }

    /// <summary>The inputs that it defines itself. Where they have no meaning, giving one is a mistake, though mostly a harmless one.</summary>
    IReadOnlyList<ActionInput> OwnInputs => [];

    /// <summary>The options that its command understands.</summary>
    IReadOnlyList<ActionInput> Options => Inputs;

    /// <summary>What its command takes beside options.</summary>
    IReadOnlyList<ModeArgument> Arguments => [];

    /// <summary>The outputs of the step.</summary>
    IReadOnlyList<ActionOutput> Outputs => ActionOutputs.Common;

    /// <summary>It is a word of the input <c>mode</c>.</summary>
    bool IsOfAction => true;

    /// <summary>Why the configuration file can't choose it, as a sentence; null when the file can.</summary>
    string? WhyNotInFile => null;

    /// <summary>It leaves a report, which can be had on standard output.</summary>
    bool LeavesReport => false;

    /// <summary>Someone looks at its result at once: what matters for a run on a schedule does not matter for it.</summary>
    bool IsForOnce => false;

    /// <summary>The words in which log and summary tell what it did.</summary>
    /// <param name="variant">What was special about it; null for nothing.</param>
    ModeText TextOf(string? variant);

    /// <summary>Does it, tells of it, and returns the exit code.</summary>
    /// <exception cref="ConfigurationException">It was asked for something that can't be; the exception lists all of it.</exception>
    Task<int> RunAsync(ModeContext context, CancellationToken cancellationToken);
}

/// <summary>What the help tells of a mode. Immutable.</summary>
internal sealed record ModeHelp
{
    /// <summary>What its command does, in a line without a full stop.</summary>
    public required string Command { get; init; }

    /// <summary>What it does, behind its name, for the description of the input <c>mode</c>.</summary>
    public string Does { get; init; } = "";

    /// <summary>The same in a few words.</summary>
    public string InShort { get; init; } = "";

    /// <summary>What it does besides and what it does not, a line each.</summary>
    public IReadOnlyList<string> Purpose { get; init; } = [];

    /// <summary>A line behind the usage; null for none.</summary>
    public string? AfterUsage { get; init; }

    /// <summary>It has few options, which stand under one heading, and no inputs.</summary>
    public bool IsShort { get; init; }

    /// <summary>Variables with credentials that are no inputs, and what each is for; one without a text is a line by itself.</summary>
    public IReadOnlyList<(string Term, string Text)> Credentials { get; init; } = [];

    /// <summary>Calls to copy, without the program's name.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>What the exit codes 0 and 1 mean here.</summary>
    public string ExitCodes { get; init; } = "0 done, 1 repositories failed";

    /// <summary>What exit code 3 means here; null where it does not come.</summary>
    public string? NothingDone { get; init; } = "nothing could be done";
}

/// <summary>What a command takes beside options.</summary>
/// <param name="Name">Its name in the usage.</param>
/// <param name="Text">What it is.</param>
/// <param name="IsOptional">It may be left out.</param>
internal sealed record ModeArgument(string Name, string Text, bool IsOptional = false);

/// <summary>What a mode has at hand.</summary>
/// <param name="Call">What the command line asks for.</param>
/// <param name="Sources">Where its inputs come from.</param>
/// <param name="Surroundings">Where the program runs.</param>
/// <param name="Console">The way to the screen.</param>
/// <param name="Log">The log.</param>
/// <param name="Masker">Knows all secrets.</param>
/// <param name="Engine">What does the work.</param>
internal sealed record ModeContext(
    Call Call,
    InputSources Sources,
    ProcessEnvironment Surroundings,
    RunConsole Console,
    RunLog Log,
    SecretMasker Masker,
    IEngine Engine
)
{
    /// <summary>Tells of a run.</summary>
    public ReportPublisher Publisher => new(Surroundings, Log, Masker);

    /// <summary>Tells of it elsewhere. The caller disposes it.</summary>
    public RunAlarms Alarms(AlarmSettings settings) => new(settings, Surroundings, Log, Masker, Engine);

    /// <summary>Begins the log in the form that was asked for, with what looks odd.</summary>
    public void BeginLog(MessageLevel level, LogFormat format, IReadOnlyList<string> warnings)
    {
        (Log.Level, Log.Format, Log.IsQuiet) = (level, format, Call.IsQuiet);
        foreach (var warning in warnings)
        {
            Log.Write(MessageLevel.Warning, "{Message}", warning);
        }
    }
}
