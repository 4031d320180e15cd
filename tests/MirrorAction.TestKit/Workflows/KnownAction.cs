using YamlDotNet.RepresentationModel;

namespace MirrorAction.TestKit;

/// <summary>An action that the tests can run: its inputs with their defaults, and its outputs.</summary>
public sealed record KnownAction(string Name, IReadOnlyDictionary<string, ExpressionTemplate?> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>The name of this repository's own action, whichever way a workflow writes it.</summary>
    public const string Mirror = "mirror";

    private static readonly KnownAction s_mirror = Load();

    private static readonly IReadOnlyList<KnownAction> s_others =
    [
        Of("actions/checkout", ["persist-credentials"]),
        Of(
            "actions/upload-artifact",
            ["name", "path", "if-no-files-found", "overwrite", "retention-days"],
            "artifact-id",
            "artifact-url",
            "artifact-digest"
        ),
        Of("actions/download-artifact", ["name", "pattern", "path", "merge-multiple"], "download-path"),
    ];

    /// <summary>The action behind a <c>uses</c>; other people's only when a commit pins them.</summary>
    /// <exception cref="WorkflowException">The action is unknown, or a tag or branch names it.</exception>
    public static KnownAction Find(string uses)
    {
        if (uses is "./" or "acme/mirror-action@v1")
            return s_mirror;
        var parts = uses.Split('@');
        var action =
            s_others.FirstOrDefault(known => known.Name == parts[0])
            ?? throw new WorkflowException(
                $"uses: {uses}: known are ./, acme/mirror-action@v1, {string.Join(", ", s_others.Select(known => known.Name))}."
            );
        return parts is [_, { Length: 40 } commit] && commit.All(char.IsAsciiHexDigitLower)
            ? action
            : throw new WorkflowException($"uses: {uses}: expected a commit of 40 digits behind the @; tags and branches can be moved.");
    }

    private static KnownAction Of(string name, string[] inputs, params string[] outputs) =>
        new(name, inputs.ToDictionary(input => input, _ => (ExpressionTemplate?)null), outputs);

    private static KnownAction Load()
    {
        var action = YamlShape.Load(Checkout.PathOf("action.yml"), File.ReadAllText(Checkout.PathOf("action.yml")));
        var inputs = ((YamlMappingNode)action.Node["inputs"]).ToDictionary(
            input => input.Key.ToString(),
            input => ((YamlMappingNode)input.Value).Children.TryGetValue("default", out var value) ? ExpressionTemplate.Parse(value.ToString()) : null
        );
        return new KnownAction(Mirror, inputs, [.. ((YamlMappingNode)action.Node["outputs"]).Select(output => output.Key.ToString())]);
    }
}
