using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>A value of a workflow: text with any number of <c>${{ expressions }}</c> in it.</summary>
public sealed class ExpressionTemplate
{
    private readonly IReadOnlyList<object> _parts;
    private readonly JsonNode? _plain;

    private ExpressionTemplate(IReadOnlyList<object> parts, JsonNode? plain) => (_parts, _plain) = (parts, plain);

    internal IEnumerable<WorkflowExpression> Expressions => _parts.OfType<WorkflowExpression>();

    /// <summary>Whether there is any expression in it.</summary>
    public bool IsPlain => !Expressions.Any();

    /// <summary>A value without expressions.</summary>
    public static ExpressionTemplate Of(JsonNode? value) => new([], value);

    /// <summary>The condition of an <c>if</c>: an expression with or without its <c>${{ }}</c>.</summary>
    /// <exception cref="WorkflowException">It is neither: GitHub takes a mixture for text, which is always true.</exception>
    public static ExpressionTemplate ParseCondition(string text)
    {
        var template = Parse(text);
        if (template.IsPlain)
            return new ExpressionTemplate([WorkflowExpression.Parse(text)], plain: null);
        return template._parts is [WorkflowExpression]
            ? template
            : throw new WorkflowException($"Condition `{text}` mixes ${{{{ }}}} with other text, which is always true.");
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="WorkflowException">An expression in it is not understood or has no end.</exception>
    public static ExpressionTemplate Parse(string text)
    {
        var parts = new List<object>();
        var position = 0;
        while (text.IndexOf("${{", position, StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = EndOf(text, start + 3);
            if (start > position)
                parts.Add(text[position..start]);
            parts.Add(WorkflowExpression.Parse(text[(start + 3)..end].Trim()));
            position = end + 2;
        }

        if (parts.Count == 0)
            return Of(text);
        if (position < text.Length)
            parts.Add(text[position..]);
        return new ExpressionTemplate(parts, plain: null);
    }

    /// <summary>The value: of the expression's own kind where there is nothing else, text where there is.</summary>
    public JsonNode? Evaluate(ExpressionContext context) =>
        _parts switch
        {
            [] => _plain,
            [WorkflowExpression only] => only.Evaluate(context),
            _ => string.Concat(_parts.Select(part => part is WorkflowExpression e ? ExpressionValue.ToText(e.Evaluate(context)) : (string)part)),
        };

    /// <summary>The value as text.</summary>
    public string Text(ExpressionContext context) => ExpressionValue.ToText(Evaluate(context));

    /// <summary>
    /// The value as a condition: true or false, and false after a failure unless the condition asks for it by a function such as <c>always()</c>.
    /// </summary>
    public bool Holds(ExpressionContext context)
    {
        var asks = Expressions.SelectMany(e => e.Root.All()).OfType<CallNode>().Any(call => ExpressionFunctions.IsStatus(call.Function));
        return (asks || context.Status == StatusSoFar.Success) && ExpressionValue.IsTrue(Evaluate(context));
    }

    private static int EndOf(string text, int position)
    {
        var quoted = false;
        for (var i = position; i < text.Length; i++)
        {
            if (text[i] == '\'')
                quoted = !quoted;
            else if (!quoted && text.AsSpan(i).StartsWith("}}", StringComparison.Ordinal))
                return i;
        }

        throw new WorkflowException($"`{text}` opens ${{{{ and does not close it.");
    }
}
