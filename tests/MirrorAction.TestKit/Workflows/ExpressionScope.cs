using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>What the expressions of one place may name. GitHub gives nothing for a name that it does not know; here it is an error.</summary>
/// <param name="names">For each context the names below it; null where any name will do.</param>
/// <param name="status">Whether <c>always()</c> and the like may be asked.</param>
internal sealed class ExpressionScope(IReadOnlyDictionary<string, ScopeNames?> names, bool status = false)
{
    private static readonly string[] s_github =
    [
        "action",
        "actor",
        "api_url",
        "event",
        "event_name",
        "event_path",
        "job",
        "ref",
        "ref_name",
        "ref_type",
        "repository",
        "repository_owner",
        "run_attempt",
        "run_id",
        "run_number",
        "server_url",
        "sha",
        "token",
        "triggering_actor",
        "workflow",
        "workspace",
    ];

    /// <summary>The names of the context <c>github</c>; below <c>github.event</c> any will do.</summary>
    public static ScopeNames GitHub { get; } = new(s_github.ToDictionary(name => name, _ => (ScopeNames?)null));

    /// <summary>The same with contexts more or in place of others.</summary>
    public ExpressionScope With(params (string Context, ScopeNames? Names)[] more)
    {
        var all = new Dictionary<string, ScopeNames?>(names);
        foreach (var (context, below) in more)
            all[context] = below;
        return new ExpressionScope(all, status);
    }

    /// <summary>The same without some contexts.</summary>
    public ExpressionScope Without(params string[] contexts) => new(names.Where(entry => !contexts.Contains(entry.Key)).ToDictionary(), status);

    /// <summary>The same for the condition of an <c>if</c>, which cannot see secrets.</summary>
    public ExpressionScope ForCondition() => new(Without("secrets").Names, status: true);

    private IReadOnlyDictionary<string, ScopeNames?> Names => names;

    /// <summary>Reads a value and checks every name in it.</summary>
    public ExpressionTemplate Read(YamlShape shape) =>
        Check(
            shape,
            () =>
                shape.Value() is JsonValue value && value.TryGetValue<string>(out var text)
                    ? ExpressionTemplate.Parse(text)
                    : ExpressionTemplate.Of(shape.Value())
        );

    /// <summary>Reads the condition of an <c>if</c>.</summary>
    public ExpressionTemplate ReadCondition(YamlShape shape) => ForCondition().Check(shape, () => ExpressionTemplate.ParseCondition(shape.Text));

    /// <summary>Reads a mapping of values.</summary>
    public IReadOnlyDictionary<string, ExpressionTemplate> ReadAll(YamlShape? shape) =>
        shape?.Entries.ToDictionary(entry => entry.Key, entry => Read(entry.Value)) ?? [];

    private ExpressionTemplate Check(YamlShape shape, Func<ExpressionTemplate> read) =>
        shape.At(() =>
        {
            var template = read();
            foreach (var node in template.Expressions.SelectMany(e => e.Root.All()))
            {
                if (node is CallNode call && ExpressionFunctions.IsStatus(call.Function) && !status)
                    throw new WorkflowException($"{call.Function}() can be asked in an `if` only.");
                if (node is ContextNode context)
                    Check([context.Name]);
                if (node is AccessNode access)
                    Check(access.Path);
            }

            return template;
        });

    private void Check(IReadOnlyList<string> path)
    {
        ScopeNames? known = new(names);
        foreach (var name in path)
        {
            if (known is null)
                return;
            if (!known.Below.TryGetValue(name, out known!))
                throw new WorkflowException(
                    $"`{string.Join('.', path)}`: there is no `{name}` here; known are {string.Join(", ", KnownBeside(path, name))}."
                );
        }
    }

    private IEnumerable<string> KnownBeside(IReadOnlyList<string> path, string name)
    {
        var known = new ScopeNames(names);
        foreach (var step in path.TakeWhile(step => step != name))
            known = known.Below[step]!;
        return known.Below.Keys;
    }
}

/// <summary>Names, each with those below it; null below a name means that any will do.</summary>
internal sealed record ScopeNames(IReadOnlyDictionary<string, ScopeNames?> Below)
{
    public static ScopeNames Of(params IEnumerable<string> names) =>
        new(names.Distinct().ToDictionary(name => name, _ => (ScopeNames?)null, StringComparer.OrdinalIgnoreCase));
}
