namespace MirrorAction.Inputs;

/// <summary>One input of the action: the single place that says how it is called and what it takes. Immutable.</summary>
/// <param name="Name">The name in <c>action.yml</c>, in kebab case.</param>
/// <param name="Kind">The form of its value.</param>
/// <param name="Group">The heading it stands under in the help.</param>
/// <param name="Description">One short line for the help.</param>
internal sealed record ActionInput(string Name, InputKind Kind, string Group, string Description) : Setting(Name, Kind, Description)
{
    /// <summary>What the runner puts before the name of an input.</summary>
    public const string VariablePrefix = "INPUT_";

    /// <summary>The environment variable that is read when the input is not given; null when there is none.</summary>
    public string? Fallback { get; init; }

    /// <summary>
    /// GitHub's runner sets the <see cref="Fallback"/> itself in every step. Nobody chose it there, so in a step the configuration file goes before
    /// it.
    /// </summary>
    public bool IsFallbackOfRunner { get; init; }

    /// <summary>The value is a credential: masked, never an option, never in a file, never printed.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The only modes in which it has a meaning, and elsewhere a warning; empty for every mode that it fits.</summary>
    public IReadOnlyList<string> OnlyIn { get; init; } = [];

    /// <summary>Modes that have no use for it and take it all the same: one set of inputs may serve several modes.</summary>
    public IReadOnlyList<string> IdleIn { get; init; } = [];

    /// <summary>Whether it changes anything in a mode.</summary>
    public bool HasMeaningIn(string mode) => (OnlyIn.Count == 0 || OnlyIn.Contains(mode)) && !IdleIn.Contains(mode);

    /// <summary>The command-line option: <c>--github-owner</c>.</summary>
    public string Option => "--" + Name;

    /// <summary>The variable in which the runner passes the input. It upper-cases the name and keeps its hyphens.</summary>
    public string Variable => VariablePrefix + Name.ToUpperInvariant();
}
