namespace MirrorAction.Inputs;

/// <summary>The form of an input's value, as a user writes it.</summary>
internal enum InputKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>Items separated by comma or newline.</summary>
    List,

    /// <summary><c>true</c> or <c>false</c>, as YAML 1.2 spells them.</summary>
    Boolean,

    /// <summary>One of the allowed words.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    WholeNumber,
}

/// <summary>
/// One input of the action, or one setting of a rule: the single place that says how it is called, what it takes and what it means. Command line,
/// environment, configuration file, help, <c>action.yml</c> and the tables of the documentation come from it. Immutable.
/// </summary>
/// <param name="Name">The name in <c>action.yml</c>, in kebab case.</param>
/// <param name="Kind">The form of its value.</param>
internal abstract record ActionInput(string Name, InputKind Kind)
{
    /// <summary>What the runner puts before the name of an input.</summary>
    public const string VariablePrefix = "INPUT_";

    /// <summary>The heading it stands under in the help.</summary>
    public string Group { get; init; } = "";

    /// <summary>One short line for the help and the table of the README.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The long text for <c>action.yml</c> and the documentation, as Markdown, without the default.</summary>
    public required string Text { get; init; }

    /// <summary>The value that holds when nothing is given, in the form a user would write; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>What the long text says of the default where the value alone does not say enough; empty where the text has said it already.</summary>
    public string? DefaultText { get; init; }

    /// <summary>
    /// The default that GitHub's runner passes on; null for none. It arrives like a value that the user gave, and so would win over the environment
    /// and the configuration file.
    /// </summary>
    public string? RunnerDefault { get; init; }

    /// <summary>The words a <see cref="InputKind.Choice"/> takes.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>The least that a <see cref="InputKind.WholeNumber"/> may be.</summary>
    public int Min { get; init; }

    /// <summary>The most that a <see cref="InputKind.WholeNumber"/> may be.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>
    /// What an editor checks a <see cref="InputKind.Text"/> against, a regular expression; null when any text may be good. The program has its own
    /// checks.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>The environment variable that is read when the input is not given; null when there is none.</summary>
    public string? Fallback { get; init; }

    /// <summary>Another name of that variable, read where that one is not set; null when there is none.</summary>
    public string? OtherFallback { get; init; }

    /// <summary>The variables that are read when the input is not given, in the order in which they are looked for.</summary>
    public IEnumerable<string> Fallbacks => new[] { Fallback, OtherFallback }.OfType<string>();

    /// <summary>
    /// GitHub's runner sets the <see cref="Fallback"/> itself in every step. Nobody chose it there, so in a step the configuration file goes before
    /// it.
    /// </summary>
    public bool IsFallbackOfRunner { get; init; }

    /// <summary>The value is a credential: masked, never an option, never in a file, never printed.</summary>
    public bool IsSecret { get; init; }

    /// <summary>
    /// No mode does without it, and nothing but the workflow can give it: neither a variable nor the configuration file. <c>action.yml</c> says so.
    /// </summary>
    public bool IsRequired { get; init; }

    /// <summary>Without a value it means yes, and it takes none: <c>--dry-run</c> of <c>sync</c>.</summary>
    public bool IsFlag { get; init; }

    /// <summary>
    /// In a mode that has no use for it, it is more than odd: the run would write more than was asked for. The sentence ends the warning.
    /// </summary>
    public Func<string, string>? RefusalElsewhere { get; init; }

    /// <summary>The command-line option: <c>--github-owner</c>.</summary>
    public string Option => "--" + Name;

    /// <summary>The variable in which the runner passes the input. It upper-cases the name and keeps its hyphens.</summary>
    public string Variable => VariablePrefix + Name.ToUpperInvariant();

    /// <summary>The whole long text, with the default.</summary>
    public string Description
    {
        get
        {
            var byDefault = DefaultText ?? (Default is null ? "" : $"`{Default}`");
            return byDefault.Length == 0 ? Text : $"{Text} Default: {byDefault}.";
        }
    }

    /// <summary>True or false.</summary>
    public static ActionInput<bool> Boolean(string name, bool byDefault, string text) =>
        new(name, InputKind.Boolean, InputFormat.Boolean) { Text = text, Default = byDefault ? "true" : "false" };

    /// <summary>A whole number.</summary>
    public static ActionInput<int> Number(string name, int min, int max, string? byDefault, string text) =>
        new(name, InputKind.WholeNumber, value => InputFormat.WholeNumber(value, min, max))
        {
            Text = text,
            Default = byDefault,
            Min = min,
            Max = max,
        };

    /// <summary>One of some words, the first of which is the default.</summary>
    /// <param name="name">The name.</param>
    /// <param name="text">The long text.</param>
    /// <param name="words">The words, in the order in which they are shown.</param>
    /// <param name="byDefault">The default.</param>
    public static ActionInput<T> Choice<T>(string name, string text, IReadOnlyList<(string Word, T Value)> words, string? byDefault) =>
        new(
            name,
            InputKind.Choice,
            value =>
            {
                var word = InputFormat.Choice(value, [.. words.Select(choice => choice.Word)]);
                return words.First(choice => choice.Word == word).Value;
            }
        )
        {
            Text = text,
            Default = byDefault,
            Allowed = [.. words.Select(choice => choice.Word)],
        };

    /// <summary>The base of a host's URLs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="token">The input that takes the token, which does not belong into the URL.</param>
    /// <param name="text">The long text.</param>
    public static ActionInput<Uri> Url(string name, string token, string text) =>
        new(name, InputKind.Text, value => InputFormat.Url(value, token)) { Text = text, Pattern = "^https?://" };

    /// <summary>A credential.</summary>
    public static ActionInput<Secret?> Credential(string name, string text) =>
        new(name, InputKind.Text, Secret.Read) { Text = text, IsSecret = true };
}

/// <summary>An input whose value is a <typeparamref name="T"/>.</summary>
/// <param name="Name">The name in <c>action.yml</c>, in kebab case.</param>
/// <param name="Kind">The form of its value.</param>
/// <param name="Parse">Makes the value of what a user wrote; throws a <see cref="FormatException"/> that says what was expected.</param>
internal sealed record ActionInput<T>(string Name, InputKind Kind, Func<string, T> Parse) : ActionInput(Name, Kind);
