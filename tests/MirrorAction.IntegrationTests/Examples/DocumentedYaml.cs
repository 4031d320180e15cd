using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Examples;

/// <summary>A YAML block of a page: a whole workflow, a job, a step, or inputs of the action.</summary>
public sealed partial record DocumentedYaml(string Page, string Text)
{
    private const string Trigger = "on: push\n";

    /// <summary>Whether it is a workflow by itself.</summary>
    public bool IsWorkflow => Text.StartsWith("on:", StringComparison.Ordinal) || Text.Contains("\non:", StringComparison.Ordinal);

    /// <summary>All blocks of a page.</summary>
    public static IReadOnlyList<DocumentedYaml> Of(string page) => [.. Blocks().Matches(File.ReadAllText(Checkout.PathOf(page))).Select(match => new DocumentedYaml(page, match.Groups[1].Value))];

    /// <summary>Reads it as a workflow; a piece is put where it would stand in one.</summary>
    public Workflow Check()
    {
        try
        {
            return WorkflowParser.Parse(Page, Whole());
        }
        catch (WorkflowException e)
        {
            throw new WorkflowException($"{e.Message}\n{Whole()}");
        }
    }

    private string Whole()
    {
        if (IsWorkflow)
            return Text;
        if (Text.StartsWith("jobs:", StringComparison.Ordinal))
            return Trigger + Text;
        if (Text.StartsWith("- ", StringComparison.Ordinal))
            return $"{Trigger}jobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n{Indent(Text, 6)}";
        return $"{Trigger}jobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./\n        with:\n{Indent(Text, 10)}";
    }

    private static string Indent(string text, int spaces) => string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', spaces) + line));

    [GeneratedRegex(@"^```ya?ml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
