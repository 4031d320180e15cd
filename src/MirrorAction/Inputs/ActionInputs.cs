using MirrorAction.Modes;

namespace MirrorAction.Inputs;

/// <summary>
/// The list of all inputs. Each is defined once, beside those that are read with it; those of one mode alone are defined by the mode.
/// </summary>
internal static class ActionInputs
{
    /// <summary>What is done. Its words and their meaning come from the modes.</summary>
    public static ActionInput<IMode> Mode { get; } =
        ActionInput.Choice(
            "mode",
            $"What to do: {string.Join("; ", ModeList.OfAction.Select(mode => $"`{mode.Name}` {mode.Help.Does}"))}.",
            [.. ModeList.OfAction.Select(mode => (mode.Name, mode))],
            ModeList.Default.Name
        ) with
        {
            Group = RunInputs.Group,
            Summary = string.Join(", ", ModeList.OfAction.Select(mode => $"{mode.Name} {mode.Help.InShort}")),
        };

    public static ActionInput<string> Config { get; } =
        new("config", InputKind.Text, text => text)
        {
            Group = RunInputs.Group,
            Summary = "YAML file with inputs and rules for single repositories, relative to the workspace",
            Text =
                "YAML file with any of these inputs (but credentials) and with rules "
                + "for single repositories, relative to the workspace; what is given "
                + "here or in the environment wins over it. It needs a checkout before this step.",
            Default = ".github/mirror.yml",
            DefaultText = "`.github/mirror.yml` if it is there",
        };

    /// <summary>Those that are not of some modes alone.</summary>
    public static IReadOnlyList<ActionInput> Shared { get; } =
    [
        .. IOwnInputs.OfHosts,
        .. HostRole.All,
        .. SelectionInputs.All,
        .. RefInputs.All,
        Mode,
        Config,
        .. RunInputs.All.Where(input => input != RunInputs.ShardCount),
        .. AlarmInputs.All,
    ];

    /// <summary>Those of some modes alone, in the order of the modes.</summary>
    public static IReadOnlyList<ActionInput> OfModes { get; } = [.. ModeList.All.SelectMany(mode => mode.OwnInputs).Distinct()];

    /// <summary>Every input, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } =
    [
        .. IOwnInputs.OfHosts,
        .. HostRole.All,
        .. SelectionInputs.All,
        .. RefInputs.All,
        .. OfModes.Except(RunInputs.All),
        Mode,
        Config,
        .. RunInputs.All,
        .. AlarmInputs.All,
    ];

    /// <summary>Those that the configuration file may hold.</summary>
    public static IReadOnlyList<ActionInput> OfFile { get; } = [.. All.Where(input => !input.IsSecret && input != Config)];
}
