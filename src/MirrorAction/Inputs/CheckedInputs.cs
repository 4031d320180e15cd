using MirrorAction.Inputs.Yaml;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Inputs;

/// <summary>The base of a host's URLs as someone gave it: where a credential goes.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Label">What a message calls it, with the place it came from.</param>
/// <param name="Url">The base.</param>
internal sealed record HostAddress(string Input, string Label, Uri Url);

/// <summary>Where inputs come from: the command line, the environment and, where a mode reads it, the configuration file.</summary>
/// <param name="options">The given command-line options by input name.</param>
/// <param name="environment">The variables of the process.</param>
/// <param name="workingDirectory">Where relative paths begin when there is no <c>GITHUB_WORKSPACE</c>.</param>
internal sealed class InputSources(IReadOnlyDictionary<string, string> options, EnvironmentVariables environment, string workingDirectory)
{
    /// <summary>Is shown the text of the configuration file before anything of it can be quoted.</summary>
    public Action<string> InspectFile { get; init; } = static _ => { };

    /// <summary>Gives the bytes of the file at a path.</summary>
    public Func<string, byte[]> OpenFile { get; init; } = ConfigFileText.ReadBytes;

    /// <summary>The inputs of a mode that does not read the configuration file.</summary>
    public CheckedInputs WithoutFile => field ??= Read(readsFile: false);

    /// <summary>All inputs.</summary>
    /// <exception cref="ConfigurationException">
    /// The file can't be read. It is the last source of every input, so nothing else is checked then: what it would have said is unknown.
    /// </exception>
    public CheckedInputs WithFile => field ??= Read(readsFile: true);

    private CheckedInputs Read(bool readsFile)
    {
        var problems = new ProblemList();
        List<string> warnings = [];
        WorkspacePath.CheckBase(environment, problems);
        var workspace = WorkspacePath.Base(environment, workingDirectory);
        var withoutFile = new InputReader(options, environment, ConfigFile.None);
        withoutFile.CheckUnknown(problems, warnings);
        if (!readsFile)
        {
            return new(withoutFile, problems, warnings, environment, workspace, []);
        }

        var config = new ConfigFileReader(problems, workspace)
        {
            Inspect = InspectFile,
            Open = OpenFile,

            // What is wrong with the kind is told when it is read as an input.
            DestinationOf = given => new ProblemList().Try(HostRole.Destination.Kind, ReaderOf(given).Read(HostRole.Destination.Kind)),
        };
        var file = config.Read(withoutFile.Read(ActionInputs.Config)) ?? throw problems.ToException(warnings);
        return new(ReaderOf(file.Inputs), problems, warnings, environment, workspace, file.Rules);
    }

    private InputReader ReaderOf(IReadOnlyDictionary<string, ConfigValue> inFile) => new(options, environment, new ConfigFile(inFile, []));
}

/// <summary>Reads inputs as values. What is wrong with one goes to the list of problems, and a value that does no harm stands in for it.</summary>
/// <param name="reader">Finds their texts.</param>
/// <param name="problems">Takes everything that is wrong.</param>
/// <param name="warnings">Takes what looks odd but can be used.</param>
/// <param name="environment">The variables of the process.</param>
/// <param name="workspace">Where relative paths begin; absolute.</param>
/// <param name="rules">What is different for some repositories.</param>
internal sealed class CheckedInputs(
    InputReader reader,
    ProblemList problems,
    List<string> warnings,
    EnvironmentVariables environment,
    string workspace,
    IReadOnlyList<RepositoryRule> rules
)
{
    private readonly List<HostAddress> _addressesFromFile = [];

    /// <summary>Everything that is wrong so far.</summary>
    public ProblemList Problems => problems;

    /// <summary>What looks odd but can be used.</summary>
    public List<string> Warnings => warnings;

    /// <summary>The variables of the process.</summary>
    public EnvironmentVariables Environment => environment;

    /// <summary>What is different for some repositories.</summary>
    public IReadOnlyList<RepositoryRule> Rules => rules;

    /// <summary>Bases of hosts that were read so far and are in the configuration file.</summary>
    public IReadOnlyList<HostAddress> AddressesFromFile => _addressesFromFile;

    /// <summary>The text and where it came from.</summary>
    public InputValue Value(ActionInput input) => reader.Read(input);

    /// <summary>Someone gave it: it is not the default.</summary>
    public bool IsGiven(ActionInput input) => Value(input).IsGiven;

    /// <summary>What a message calls it.</summary>
    public string Label(ActionInput input) => Value(input).Label;

    /// <summary>The value; its default when there is none, or none that is right.</summary>
    public T Read<T>(ActionInput<T> input) => problems.Try(input, Value(input));

    /// <summary>A file or folder, absolute; empty when the path is wrong.</summary>
    /// <param name="input">The input.</param>
    /// <param name="what">What is there: <c>file</c> or <c>folder</c>.</param>
    public string ReadPath(ActionInput input, string what) =>
        problems.Try(
            new ActionInput<string>(input.Name, input.Kind, text => WorkspacePath.Resolve(text, workspace, what)) { Text = input.Text },
            Value(input)
        ) ?? "";

    /// <summary>The base of a host's URLs.</summary>
    public Uri ReadUrl(ActionInput<Uri> input)
    {
        var url = Read(input);
        if (Value(input).FromFile is not null)
        {
            _addressesFromFile.Add(new(input.Name, Label(input), url));
        }

        return url;
    }

    /// <summary>Notes what is wrong with an input.</summary>
    public void Refuse(ActionInput input, string message) => problems.Add(Label(input), message);

    /// <summary>Two inputs that are of use only together.</summary>
    public void RequireBoth(ActionInput first, ActionInput second)
    {
        if (IsGiven(first) != IsGiven(second))
        {
            var (given, missing) = IsGiven(first) ? (first, second) : (second, first);
            Refuse(missing, $"required together with {given.Name}; give both or none.");
        }
    }
}
