using System.Globalization;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>What a form or a call gives to a workflow, checked against what the workflow asks for.</summary>
internal static class WorkflowInputs
{
    /// <summary>The context <c>inputs</c> of a form, whose values are text.</summary>
    public static JsonObject OfForm(Workflow workflow, IReadOnlyDictionary<string, WorkflowInput> declared, JsonObject given) =>
        Of(
            workflow,
            declared,
            given.ToDictionary(input => input.Key, input => Typed(ExpressionValue.ToText(input.Value), declared.GetValueOrDefault(input.Key)?.Type))
        );

    /// <summary>The context <c>inputs</c> of a call.</summary>
    public static JsonObject OfCall(
        Workflow workflow,
        IReadOnlyDictionary<string, WorkflowInput> declared,
        IReadOnlyDictionary<string, JsonNode?> given
    ) =>
        Of(
            workflow,
            declared,
            given.ToDictionary(
                input => input.Key,
                input => input.Value is null && declared.GetValueOrDefault(input.Key)?.Type == "string" ? "" : input.Value
            )
        );

    /// <summary>The context <c>secrets</c> of a call: only what is handed over.</summary>
    public static JsonObject SecretsOfCall(Workflow workflow, IReadOnlyDictionary<string, bool> declared, IReadOnlyDictionary<string, string> given)
    {
        Require(workflow, "secret", declared, given.Keys);
        return new JsonObject(given.Select(secret => KeyValuePair.Create(secret.Key, (JsonNode?)secret.Value)));
    }

    private static JsonObject Of(Workflow workflow, IReadOnlyDictionary<string, WorkflowInput> declared, Dictionary<string, JsonNode?> given)
    {
        Require(workflow, "input", declared.ToDictionary(input => input.Key, input => input.Value.Required), given.Keys);
        var inputs = new JsonObject();
        foreach (var (name, input) in declared)
        {
            var value = given.TryGetValue(name, out var got)
                ? got
                : input.Default
                    ?? input.Type switch
                    {
                        "boolean" => false,
                        "number" => 0,
                        _ => "",
                    };
            if (given.ContainsKey(name) && !WorkflowParser.Fits(value, input.Type, input.Options))
                throw new WorkflowException($"{workflow.File}: the input {name} is `{ExpressionValue.ToText(value)}`, which is no {input.Type}.");
            inputs[name] = value?.DeepClone();
        }

        return inputs;
    }

    private static void Require(Workflow workflow, string what, IReadOnlyDictionary<string, bool> declared, IEnumerable<string> given)
    {
        var names = given.ToList();
        if (names.Find(name => !declared.ContainsKey(name)) is { } unknown)
            throw new WorkflowException($"{workflow.File}: there is no {what} {unknown}; known are {string.Join(", ", declared.Keys)}.");
        if (declared.FirstOrDefault(entry => entry.Value && !names.Contains(entry.Key)).Key is { } missing)
            throw new WorkflowException($"{workflow.File}: the {what} {missing} is required.");
    }

    private static JsonNode? Typed(string text, string? type) =>
        type switch
        {
            "boolean" when text is "true" or "false" => text == "true",
            "number" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
}
