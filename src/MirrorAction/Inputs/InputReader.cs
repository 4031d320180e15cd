using MirrorAction.Inputs.Yaml;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs;

/// <summary>The text of an input and where it came from.</summary>
/// <param name="Text">Trimmed, never empty; null when nothing was given and there is no default.</param>
/// <param name="Label">What a message calls it: the input and the option or variable that carried it.</param>
/// <param name="IsGiven">Not the default.</param>
internal readonly record struct InputValue(string? Text, string Label, bool IsGiven)
{
    /// <summary>The runner gives it by itself, in every step: nobody chose it.</summary>
    public bool IsAmbient { get; init; }

    /// <summary>The value in the configuration file; null when it came from elsewhere.</summary>
    public ConfigValue? FromFile { get; init; }
}

/// <summary>
/// Finds the value of an input: command-line option, then <c>INPUT_*</c>, then the named variable, then the configuration file, then the default.
/// </summary>
/// <param name="options">The given command-line options by input name.</param>
/// <param name="environment">The variables of the process.</param>
/// <param name="file">The configuration file.</param>
/// <remarks>
/// In a step of GitHub Actions the runner itself sets the variables behind some inputs. Nobody gave them there, so there they are defaults, behind
/// the file.
/// </remarks>
internal sealed class InputReader(IReadOnlyDictionary<string, string> options, EnvironmentVariables environment, ConfigFile file)
{
    /// <summary>Names that GitHub itself passes to container actions (<c>with.args</c>, <c>with.entrypoint</c>).</summary>
    private static readonly string[] s_runnersOwn = ["INPUT_ARGS", "INPUT_ENTRYPOINT"];

    /// <summary>Reads one input. An empty value means "not given".</summary>
    public InputValue Read(ActionInput input)
    {
        if (options.TryGetValue(input.Name, out var option) && !string.IsNullOrWhiteSpace(option))
        {
            return new(option.Trim(), input.Option, IsGiven: true);
        }

        if (environment[input.Variable] is { } fromInput)
        {
            return new(fromInput, $"{input.Name} ({input.Variable})", IsGiven: true)
            {
                IsAmbient = input.RunnerDefault is not null && IsOfRunner(fromInput),
            };
        }

        var isStep = environment["GITHUB_ACTIONS"] == "true";
        var isSetByRunner = input.IsFallbackOfRunner && isStep;
        InputValue? fallback = input.Fallbacks.FirstOrDefault(name => environment[name] is not null) is { } variable
            ? new(environment[variable], $"{input.Name} ({variable})", IsGiven: true)
            {
                IsAmbient = input.IsFallbackOfRunner || input.RunnerDefault is not null,
            }
            : null;
        InputValue? inFile = file.Inputs.TryGetValue(input.Name, out var value)
            ? new(value.Text, FileProblems.Label(value.Position, input.Name), IsGiven: true) { FromFile = value }
            : null;
        return (isSetByRunner ? inFile ?? fallback : fallback ?? inFile)
            ?? new(input.Default, isStep ? $"{input.Name} ({input.Variable})" : TerminalLabel(input), IsGiven: false);
    }

    /// <summary>The input that was meant; of two names for one setting, that of the usual pair.</summary>
    private static string? Nearest(string name) =>
        NearestName.Of(name, ActionInputs.All.Except(HostRole.All).Select(input => input.Name))
        ?? NearestName.Of(name, ActionInputs.All.Select(input => input.Name));

    /// <summary>The workflow's own token, as <c>action.yml</c> passes it on where no other is given.</summary>
    private static bool IsOfRunner(string token) => token.StartsWith("ghs_", StringComparison.Ordinal);

    /// <summary>What a person who runs the program by hand has to set: no shell lets variables have the hyphens of <c>INPUT_*</c>.</summary>
    private static string TerminalLabel(ActionInput input) => input.IsSecret ? $"{input.Name} ({input.Fallback ?? input.Variable})" : input.Option;

    /// <summary>
    /// Looks for <c>INPUT_*</c> variables that no input claims. One whose name is near to an input's is a mistake that may change what the run does,
    /// and a problem; any other is a warning.
    /// </summary>
    public void CheckUnknown(ProblemList problems, ICollection<string> warnings)
    {
        var known = ActionInputs.All.Select(input => input.Variable).Concat(s_runnersOwn).ToHashSet(StringComparer.Ordinal);
        var unknown = environment.Names.Where(name => name.StartsWith(ActionInput.VariablePrefix, StringComparison.Ordinal) && !known.Contains(name));
        foreach (var name in unknown.Where(name => environment[name] is not null).Order(StringComparer.Ordinal))
        {
            var asInput = name[ActionInput.VariablePrefix.Length..].ToLowerInvariant();
            if (Nearest(asInput) is { } nearest)
            {
                var meant = ActionInputs.All.First(input => input.Name == nearest);
                problems.Add(
                    $"{asInput} ({name})",
                    $"is not an input of this version; did you mean '{nearest}' ({meant.Variable})? Correct the name, or remove it."
                );
            }
            else
            {
                warnings.Add($"{name} is not an input of this version and is ignored.");
            }
        }
    }
}
