using System.Security.Cryptography;
using System.Text.RegularExpressions;
using MirrorAction.Inputs;
using MirrorAction.Modes;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Action;

/// <summary>
/// What is wrong with a step that uses this action, as the program itself tells it. Where an expression stands, every value is tried that the
/// expression or the workflow's form names, or one that is of the right kind.
/// </summary>
internal static partial class StepCheck
{
    private static readonly string[] s_outputs = [.. ModeList.All.SelectMany(mode => mode.Outputs).Select(output => output.Name)];

    private static readonly Lazy<string> s_pem = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    /// <summary>What is wrong with the steps of a workflow, and with what it reads of their outputs.</summary>
    public static IReadOnlyList<string> ProblemsOf(WorkflowFile workflow) =>
        [
            .. workflow.Steps.Where(step => step.IsMirror).SelectMany(step => ProblemsOf(workflow, step)).Distinct(),
            .. OutputRead()
                .Matches(workflow.Text)
                .Where(read =>
                    workflow.Steps.Any(step => step.IsMirror && step.Id == read.Groups["step"].Value)
                    && workflow.Steps.All(step => step.IsMirror || step.Id != read.Groups["step"].Value)
                    && !s_outputs.Contains(read.Groups["output"].Value)
                )
                .Select(read => $"{read.Value}: the action has no such output."),
        ];

    /// <summary>What is wrong with a step, whatever its expressions are.</summary>
    public static IReadOnlyList<string> ProblemsOf(WorkflowFile workflow, WorkflowStep step)
    {
        if (step.With.Keys.FirstOrDefault(name => ActionInputs.All.All(input => input.Name != name)) is { } unknown)
        {
            return [$"{unknown}: the action has no such input."];
        }

        IEnumerable<Dictionary<string, string>> all =
        [
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GITHUB_ACTIONS"] = "true",
                ["GITHUB_WORKSPACE"] = "/srv",
                ["GITHUB_REPOSITORY_OWNER"] = "acme",
                ["GITHUB_API_URL"] = "https://api.github.com",
                ["GITHUB_SERVER_URL"] = "https://github.com",
                [GitHubInputs.Token.Variable] = "ghs_default", // The default of action.yml.
            },
        ];
        foreach (var (name, text) in step.Env.Concat(step.With))
        {
            var input = ActionInputs.All.FirstOrDefault(input => step.With.ContainsKey(name) ? input.Name == name : input.Fallbacks.Contains(name));
            var values = ValuesOf(workflow, text, input).ToList();
            all = all.SelectMany(environment =>
                values.Select(value => new Dictionary<string, string>(environment) { [step.With.ContainsKey(name) ? input!.Variable : name] = value })
            );
        }

        return [.. all.SelectMany(Judge).Distinct()];
    }

    /// <summary>The program's own judgement, its warnings included.</summary>
    private static IEnumerable<string> Judge(Dictionary<string, string> environment)
    {
        var sources = new InputSources(new Dictionary<string, string>(StringComparer.Ordinal), new EnvironmentVariables(environment), "/srv");
        try
        {
            return ModeList.Named(sources) is RunMode mode
                ? mode.Read(sources.WithFile).Run.Warnings
                : ReportMode.Read(sources.WithoutFile, folder: null, "/srv").Warnings;
        }
        catch (ConfigurationException e)
        {
            return e.Problems.Select(problem => problem.ToString()).Concat(e.Warnings);
        }
    }

    private static IEnumerable<string> ValuesOf(WorkflowFile workflow, string text, ActionInput? input)
    {
        var expressions = WorkflowStep.ExpressionsOf(text).ToList();
        return expressions.Count switch
        {
            0 => [text],
            1 => ValuesOfExpression(workflow, expressions[0], input).Select(value => WorkflowStep.Fill(text, _ => value)),
            _ => throw new InvalidDataException($"{workflow.Name}: `{text}` has more than one expression, which is not understood."),
        };
    }

    private static IEnumerable<string> ValuesOfExpression(WorkflowFile workflow, string expression, ActionInput? input)
    {
        var words = Quoted().Matches(expression).Select(match => match.Groups[1].Value).ToList();
        if (words.Count > 0)
        {
            return words;
        }

        if (FormInput().Match(expression) is not { Success: true } named)
        {
            return [Plausible(input)];
        }

        var form =
            workflow.Form.FirstOrDefault(form => form.Name == named.Groups[1].Value)
            ?? throw new InvalidDataException($"{workflow.Name}: {named.Value}: the workflow has no such input.");
        return form.Type switch
        {
            "boolean" => ["true", "false"],
            "choice" => form.Options,
            _ => new[] { form.Default, Plausible(input) }.OfType<string>(),
        };
    }

    private static string Plausible(ActionInput? input) =>
        input switch
        {
            null => "anything",
            { Kind: InputKind.Boolean } => "true",
            { Kind: InputKind.Choice } => input.Allowed[0],
            { Kind: InputKind.WholeNumber } => "2",
            _ when input == GitHubInputs.AppPrivateKey => s_pem.Value,
            _ when input == BitbucketInputs.Email => "mirror@example.org",
            _ when input == RunInputs.Shard => "2/4",
            { Pattern: "^https?://" } => "https://host.example",
            _ => "acme-value",
        };

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\binputs\.([\w-]+)")]
    private static partial Regex FormInput();

    [GeneratedRegex(@"\bsteps\.(?<step>[\w-]+)\.outputs\.(?<output>[\w-]+)")]
    private static partial Regex OutputRead();
}
