using System.Text.Json;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>How what a job or step waits for has ended.</summary>
public enum StatusSoFar
{
    /// <summary>All of it well.</summary>
    Success,

    /// <summary>Something failed.</summary>
    Failure,

    /// <summary>Nothing failed, but not everything ran.</summary>
    Skipped,
}

/// <summary>What expressions can see: contexts by name, and how things went so far.</summary>
public sealed record ExpressionContext(IReadOnlyDictionary<string, JsonNode?> Contexts, StatusSoFar Status = StatusSoFar.Success)
{
    /// <summary>The same with a context more, or another in its place.</summary>
    public ExpressionContext With(string name, JsonNode? value) =>
        this with
        {
            Contexts = new Dictionary<string, JsonNode?>(Contexts) { [name] = value },
        };

    internal JsonNode? Evaluate(ExpressionNode node)
    {
        switch (node)
        {
            case LiteralNode literal:
                return literal.Value;
            case ContextNode context:
                return Contexts.TryGetValue(context.Name, out var value)
                    ? value
                    : throw new WorkflowException($"There is no context {context.Name} here.");
            case AccessNode access:
                return Property(Evaluate(access.Target), Evaluate(access.Index));
            case NotNode not:
                return !ExpressionValue.IsTrue(Evaluate(not.Operand));
            case CallNode call:
                return ExpressionFunctions.Call(call.Function, [.. call.Arguments.Select(Evaluate)], Status);
            case OperatorNode binary:
                var left = Evaluate(binary.Left);
                return binary.Operator switch
                {
                    // The value of an operand, not true or false.
                    "&&" => ExpressionValue.IsTrue(left) ? Evaluate(binary.Right) : left,
                    "||" => ExpressionValue.IsTrue(left) ? left : Evaluate(binary.Right),
                    "==" => ExpressionValue.AreEqual(left, Evaluate(binary.Right)),
                    _ => !ExpressionValue.AreEqual(left, Evaluate(binary.Right)),
                };
            default:
                throw new WorkflowException($"Nothing evaluates {node}.");
        }
    }

    private static JsonNode? Property(JsonNode? target, JsonNode? index) =>
        target switch
        {
            JsonObject properties when ExpressionValue.Kind(index) == JsonValueKind.String => properties
                .FirstOrDefault(property => property.Key.Equals(ExpressionValue.ToText(index), StringComparison.OrdinalIgnoreCase))
                .Value,
            JsonArray items when ExpressionValue.ToNumber(index) is >= 0 and var i && i < items.Count => items[(int)i],
            _ => null,
        };
}
