using System.Globalization;
using MirrorAction.Inputs;

namespace MirrorAction.Hosting;

/// <summary>Where the program runs: everything it takes from the process, in one place so that a test can put something else there.</summary>
internal sealed record ProcessEnvironment
{
    /// <summary>The environment's variables.</summary>
    public required EnvironmentVariables Environment { get; init; }

    /// <summary>Where everything is printed.</summary>
    public required ProgramOutput Output { get; init; }

    /// <summary>Where the report is printed as well; null for nowhere.</summary>
    public TextWriter? ReportOutput { get; init; }

    /// <summary>Where relative paths begin outside a workflow; absolute.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The output is a file or a pipe, not a terminal.</summary>
    public bool IsOutputRedirected { get; init; } = true;

    /// <summary>The width of the terminal in columns, asked anew for each drawing.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>How long lines may be: what COLUMNS says, or the width of the terminal; null where neither is there to tell.</summary>
    public int? LineWidth =>
        int.TryParse(Environment["COLUMNS"], NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns
        : IsInteractive ? Width()
        : null;

    /// <summary>A step of GitHub Actions: workflow commands are understood.</summary>
    public bool IsActions => Environment["GITHUB_ACTIONS"] == "true";

    /// <summary>A terminal in front of a person: a line can be drawn again and again.</summary>
    public bool IsInteractive =>
        !IsOutputRedirected && !IsActions && Environment["CI"] is null && Environment["TERM"] is { } terminal && terminal != "dumb";

    /// <summary>A terminal whose user has not asked for plain text (no-color.org).</summary>
    public bool HasColour => IsInteractive && Environment["NO_COLOR"] is null;

    /// <summary>The folder that relative paths of inputs and outputs begin at.</summary>
    public string Workspace => WorkspacePath.Base(Environment, WorkingDirectory);

    /// <summary>The same, with standard output for the report alone.</summary>
    public ProcessEnvironment WithReportOnOutput() => this with { Output = Output.ToErrors(), ReportOutput = Output };

    /// <summary>A person stands in front of it who has not said what to do: nothing is set that says it.</summary>
    public bool IsUnconfigured =>
        IsInteractive
        && !Environment.Names.Any(name =>
            name.StartsWith(ActionInput.VariablePrefix, StringComparison.Ordinal) || name.StartsWith("MIRROR_", StringComparison.Ordinal)
        )
        && !File.Exists(Path.Combine(Workspace, ActionInputs.Config.Default!));

    /// <summary>Those of this process.</summary>
    public static ProcessEnvironment OfProcess() =>
        new()
        {
            Environment = EnvironmentVariables.OfProcess(),
            Output = new ProgramOutput(() => Console.Out, () => Console.Error),
            WorkingDirectory = Directory.GetCurrentDirectory(),
            IsOutputRedirected = Console.IsOutputRedirected,
            Width = () => Console.WindowWidth,
        };
}
