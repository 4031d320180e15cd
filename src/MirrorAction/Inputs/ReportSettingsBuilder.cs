using MirrorAction.Inputs.Yaml;

namespace MirrorAction.Inputs;

/// <summary>Reads and validates what joining reports needs, which is little: no host is asked, so no credential is wanted.</summary>
/// <param name="folder">The folder named on the command line; null reads below <c>report-dir</c>, as the action does.</param>
/// <param name="options">The given command-line options by input name.</param>
/// <param name="environment">The variables of the process.</param>
/// <param name="workingDirectory">Where relative paths begin when there is no <c>GITHUB_WORKSPACE</c>.</param>
internal sealed class ReportSettingsBuilder(
    string? folder,
    IReadOnlyDictionary<string, string> options,
    EnvironmentVariables environment,
    string workingDirectory
)
{
    /// <summary>The mode's name.</summary>
    public const string Mode = "report";

    private readonly InputReader _reader = new(options, environment, ConfigFile.None);
    private readonly ProblemList _problems = new();

    /// <summary>The inputs that have a say; all others are of no use here and are not even read.</summary>
    public static IReadOnlyList<ActionInput> Inputs { get; } =
    [ActionInputs.ReportDir, ActionInputs.FailOn, ActionInputs.LogLevel, ActionInputs.LogFormat];

    /// <summary>Whether a run is asked to join reports by its input <c>mode</c>.</summary>
    public static bool IsMeant(IReadOnlyDictionary<string, string> options, EnvironmentVariables environment) =>
        new InputReader(options, environment, ConfigFile.None).Read(ActionInputs.Mode).Text == Mode;

    /// <summary>Builds the settings.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists all of it.</exception>
    public ReportSettings Build()
    {
        WorkspacePath.CheckBase(environment, _problems);
        var workspace = WorkspacePath.Base(environment, workingDirectory);
        List<string> warnings = [];
        _reader.CheckUnknown(_problems, warnings);
        var directory = Read(ActionInputs.ReportDir, text => WorkspacePath.Resolve(text, workspace, "folder"), "");
        var settings = new ReportSettings
        {
            // A folder that somebody named by hand is meant from where that somebody is.
            Folder = folder is null ? directory : Path.GetFullPath(folder, workingDirectory),
            ReportDirectory = directory,
            FailOn = Read(ActionInputs.FailOn, text => InputFormat.FailOn(InputFormat.Choice(text, ActionInputs.FailOn.Allowed)), FailOn.Any),
            LogLevel = LogLevels.Of(
                Read(ActionInputs.LogLevel, text => InputFormat.Choice(text, ActionInputs.LogLevel.Allowed), "info"),
                environment
            ),
            LogFormat = Read(
                ActionInputs.LogFormat,
                text => InputFormat.LogFormat(InputFormat.Choice(text, ActionInputs.LogFormat.Allowed)),
                LogFormat.Text
            ),
            Warnings = warnings,
        };
        _problems.ThrowIfAny(warnings);
        return settings;
    }

    private T Read<T>(ActionInput input, Func<string, T> format, T fallback) => _problems.Try(input, _reader.Read(input), format, fallback);
}
