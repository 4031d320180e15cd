namespace MirrorAction.Inputs;

/// <summary>Reads inputs as values. What is wrong with one goes to the list of problems, and a value that does no harm stands in for it.</summary>
/// <param name="reader">Finds their texts.</param>
/// <param name="problems">Takes everything that is wrong.</param>
internal sealed class CheckedInputs(InputReader reader, ProblemList problems)
{
    private static readonly Uri s_unusable = new("https://invalid/");
    private readonly List<HostAddress> _addressesFromFile = [];

    /// <summary>Bases of hosts that were read so far and are in the configuration file.</summary>
    public IReadOnlyList<HostAddress> AddressesFromFile => _addressesFromFile;

    /// <summary>The text and where it came from.</summary>
    public InputValue Value(ActionInput input) => reader.Read(input);

    /// <summary>Somebody gave it: it is not the default.</summary>
    public bool IsGiven(ActionInput input) => Value(input).IsGiven;

    /// <summary>What a message calls it.</summary>
    public string Label(ActionInput input) => Value(input).Label;

    /// <summary>The value, or the fallback when there is none or a wrong one.</summary>
    public T Read<T>(ActionInput input, Func<string, T> format, T fallback) => problems.Try(input, Value(input), format, fallback);

    /// <summary>True or false.</summary>
    public bool ReadSwitch(ActionInput input) => Read(input, InputFormat.Boolean, false);

    /// <summary>A number within the input's bounds.</summary>
    public int ReadNumber(ActionInput input) => Read(input, text => InputFormat.WholeNumber(text, input.Min, input.Max), input.Min);

    /// <summary>One of the input's words.</summary>
    public string Choose(ActionInput input) => Read(input, text => InputFormat.Choice(text, input.Allowed), input.Default!);

    /// <summary>A credential.</summary>
    public Secret? ReadSecret(ActionInput input) => Read<Secret?>(input, CredentialText.Read, null);

    /// <summary>The base of a host's URLs.</summary>
    /// <param name="input">The input.</param>
    /// <param name="token">The input that takes the token, which does not belong into the URL.</param>
    public Uri ReadUrl(ActionInput input, ActionInput token)
    {
        var url = Read(input, text => InputFormat.Url(text, token.Name), s_unusable);
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
