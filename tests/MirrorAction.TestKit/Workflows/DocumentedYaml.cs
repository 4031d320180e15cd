using System.Text.RegularExpressions;

namespace MirrorAction.TestKit;

/// <summary>A YAML block of a page: a whole workflow, jobs, keys of a job, steps, keys of a step, or inputs of the action.</summary>
public sealed partial record DocumentedYaml(string Page, string Text)
{
    private const string Trigger = "on: push\n";

    /// <summary>Whether it is a workflow by itself.</summary>
    public bool IsWorkflow => Text.StartsWith("on:", StringComparison.Ordinal) || Text.Contains("\non:", StringComparison.Ordinal);

    /// <summary>All blocks of a page that belong to workflows. Those of the configuration file are held against its reader by another test.</summary>
    public static IReadOnlyList<DocumentedYaml> Of(string page) =>
        [
            .. Blocks()
                .Matches(File.ReadAllText(Checkout.PathOf(page)))
                .Select(match => new DocumentedYaml(page, match.Groups[1].Value))
                .Where(block => !block.IsConfigFile),
        ];

    private bool IsConfigFile => Text.Contains("\nrules:", StringComparison.Ordinal);

    /// <summary>Reads it as a workflow; a piece is put where it would stand in one.</summary>
    public WorkflowFile Read() => WorkflowFile.Parse(Page, Whole());

    private string Whole()
    {
        if (IsWorkflow)
            return Text;
        if (Text.StartsWith("jobs:", StringComparison.Ordinal))
            return Trigger + Text;
        const string job = $"{Trigger}jobs:\n  job:\n    runs-on: ubuntu-latest\n";
        if (Text.StartsWith("strategy:", StringComparison.Ordinal))
            return $"{job}{Indent(Text, 4)}    steps: [{{ run: 'true' }}]\n";
        if (Text.StartsWith("- ", StringComparison.Ordinal))
            return $"{job}    steps:\n{Indent(Text, 6)}";
        return Text.StartsWith("with:", StringComparison.Ordinal)
            ? $"{job}    steps:\n      - uses: ./\n{Indent(Text, 8)}"
            : $"{job}    steps:\n      - uses: ./\n        with:\n{Indent(Text, 10)}";
    }

    private static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', spaces) + line));

    [GeneratedRegex(@"^```ya?ml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
