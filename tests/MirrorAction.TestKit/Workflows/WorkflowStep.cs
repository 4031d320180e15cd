using System.Text.RegularExpressions;

namespace MirrorAction.TestKit;

/// <summary>A step of a workflow, with the variables that it and all around it set.</summary>
public sealed partial record WorkflowStep(
    string? Id,
    string? Name,
    string? If,
    string? Uses,
    IReadOnlyDictionary<string, string> With,
    IReadOnlyDictionary<string, string> Env,
    string? Run
)
{
    /// <summary>It uses this repository's action.</summary>
    public bool IsMirror => Uses is "./" or "acme/mirror-action@v1";

    /// <summary>Puts something in the place of each expression of a text.</summary>
    public static string Fill(string text, Func<string, string> value) => Expression().Replace(text, match => value(match.Groups[1].Value));

    /// <summary>The expressions of a text.</summary>
    public static IEnumerable<string> ExpressionsOf(string text) => Expression().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"\$\{\{\s*(.*?)\s*\}\}", RegexOptions.Singleline)]
    private static partial Regex Expression();
}
