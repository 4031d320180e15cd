namespace MirrorAction.Inputs;

/// <summary>Something that a user can set, as an input or in a rule: how it is called and what it takes. Immutable.</summary>
/// <param name="Name">The name, in kebab case.</param>
/// <param name="Kind">The form of its value.</param>
/// <param name="Description">What it is for, in a short sentence.</param>
internal record Setting(string Name, InputKind Kind, string Description)
{
    /// <summary>The value that holds when nothing is given, in the form a user would write; null when there is none.</summary>
    public string? Default { get; init; }

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
}
