using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>A part of an expression.</summary>
internal abstract record ExpressionNode
{
    /// <summary>This part and all below it.</summary>
    public IEnumerable<ExpressionNode> All() => Children.SelectMany(child => child.All()).Prepend(this);

    protected virtual IEnumerable<ExpressionNode> Children => [];
}

/// <summary>A string, a number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
internal sealed record LiteralNode(JsonNode? Value) : ExpressionNode;

/// <summary>A context by its name, such as <c>github</c>.</summary>
internal sealed record ContextNode(string Name) : ExpressionNode;

/// <summary><c>target.name</c> or <c>target[index]</c>.</summary>
internal sealed record AccessNode(ExpressionNode Target, ExpressionNode Index) : ExpressionNode
{
    protected override IEnumerable<ExpressionNode> Children => [Target, Index];

    /// <summary>The names from the context down, as far as they are literal: <c>needs.plan.outputs</c>.</summary>
    public IReadOnlyList<string> Path
    {
        get
        {
            var above = Target switch
            {
                ContextNode context => [context.Name],
                AccessNode access => access.Path,
                _ => (IReadOnlyList<string>)[],
            };
            return above.Count > 0 && Index is LiteralNode { Value: JsonValue name } ? [.. above, ExpressionValue.ToText(name)] : above;
        }
    }
}

/// <summary>A call of a function.</summary>
internal sealed record CallNode(string Function, IReadOnlyList<ExpressionNode> Arguments) : ExpressionNode
{
    protected override IEnumerable<ExpressionNode> Children => Arguments;
}

/// <summary><c>!operand</c>.</summary>
internal sealed record NotNode(ExpressionNode Operand) : ExpressionNode
{
    protected override IEnumerable<ExpressionNode> Children => [Operand];
}

/// <summary><c>&amp;&amp;</c>, <c>||</c>, <c>==</c> or <c>!=</c>.</summary>
internal sealed record OperatorNode(string Operator, ExpressionNode Left, ExpressionNode Right) : ExpressionNode
{
    protected override IEnumerable<ExpressionNode> Children => [Left, Right];
}
