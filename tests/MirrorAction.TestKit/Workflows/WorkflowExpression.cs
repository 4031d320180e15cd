using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>An expression of a workflow, such as <c>inputs.dry-run &amp;&amp; 'plan' || 'mirror'</c>, without its <c>${{ }}</c>.</summary>
/// <remarks>
/// Known are <c>&amp;&amp; || ! == !=</c>, parentheses, literals, contexts with <c>.name</c> and <c>[index]</c>, and
/// <see cref="ExpressionFunctions"/>.
/// Whatever else GitHub knows is refused by <see cref="Parse"/>, so that it is never evaluated to something else than there.
/// </remarks>
public sealed class WorkflowExpression
{
    private readonly string _text;
    private int _position;

    private WorkflowExpression(string text) => _text = text;

    internal ExpressionNode Root { get; private set; } = null!;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="WorkflowException">It is none, or it is not understood.</exception>
    public static WorkflowExpression Parse(string text)
    {
        var expression = new WorkflowExpression(text);
        expression.Root = expression.Or();
        return expression.AtEnd ? expression : throw expression.Refuse("does not understand what follows");
    }

    /// <summary>The value; null where a property is missing.</summary>
    public JsonNode? Evaluate(ExpressionContext context) => context.Evaluate(Root);

    public override string ToString() => _text;

    private ExpressionNode Or() => Chain(() => Chain(() => Chain(Unary, "==", "!="), "&&"), "||");

    private ExpressionNode Chain(Func<ExpressionNode> next, params string[] symbols)
    {
        var left = next();
        while (Array.Find(symbols, Take) is { } symbol)
            left = new OperatorNode(symbol, left, next());
        return left;
    }

    private ExpressionNode Unary()
    {
        if (!NextIs("!=") && Take("!"))
            return new NotNode(Unary());
        var node = Primary();
        while (true)
        {
            if (Take("."))
            {
                node = new AccessNode(node, new LiteralNode(Name()));
            }
            else if (Take("["))
            {
                node = new AccessNode(node, Or());
                Expect("]");
            }
            else
            {
                return node;
            }
        }
    }

    private ExpressionNode Primary()
    {
        if (Take("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (AtEnd)
            throw Refuse("expects a value");
        if (_text[_position] == '\'')
            return new LiteralNode(String());
        if (char.IsAsciiDigit(_text[_position]) || _text[_position] is '-' or '+')
            return new LiteralNode(Number());
        var name = Name();
        if (name is "true" or "false")
            return new LiteralNode(name == "true");
        if (name == "null")
            return new LiteralNode(null);
        return Take("(") ? Call(name) : new ContextNode(name);
    }

    private CallNode Call(string name)
    {
        var arguments = new List<ExpressionNode>();
        if (!Take(")"))
        {
            do arguments.Add(Or());
            while (Take(","));
            Expect(")");
        }

        if (!ExpressionFunctions.IsKnown(name, arguments.Count))
            throw Refuse($"does not know the function {name} with {arguments.Count} arguments");
        return new CallNode(name, arguments);
    }

    private string String()
    {
        var text = new StringBuilder();
        for (_position++; _position < _text.Length; _position++)
        {
            if (_text[_position] != '\'')
                text.Append(_text[_position]);
            else if (_position + 1 < _text.Length && _text[_position + 1] == '\'')
                text.Append(_text[_position++]);
            else
                break;
        }

        if (_position++ < _text.Length)
            return text.ToString();
        _position = _text.Length;

        throw Refuse("misses the closing quote");
    }

    private double Number()
    {
        var start = _position++;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '.' or '+' or '-'))
            _position++;
        return double.TryParse(_text[start.._position], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refuse($"does not understand the number {_text[start.._position]}");
    }

    private string Name()
    {
        SkipSpace();
        var start = _position;
        while (
            _position < _text.Length
            && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '_' || (_text[_position] == '-' && _position > start))
        )
            _position++;
        return _position > start && !char.IsAsciiDigit(_text[start]) ? _text[start.._position] : throw Refuse("expects a name");
    }

    private bool AtEnd
    {
        get
        {
            SkipSpace();
            return _position == _text.Length;
        }
    }

    private bool NextIs(string symbol)
    {
        SkipSpace();
        return _text.AsSpan(_position).StartsWith(symbol, StringComparison.Ordinal);
    }

    private bool Take(string symbol)
    {
        if (!NextIs(symbol))
            return false;
        _position += symbol.Length;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Refuse($"expects {symbol}");
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            _position++;
    }

    private WorkflowException Refuse(string why) => new($"Expression `{_text}` {why} at character {_position + 1}.");
}
