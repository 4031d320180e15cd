using MirrorAction.Hosts;
using MirrorAction.Mirroring.Selection;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Inputs.Yaml;

/// <summary>Turns the nodes of a configuration file into what they say.</summary>
/// <param name="problems">Takes everything that is wrong.</param>
/// <param name="destinationOf">The kind of host at which the mirrors are, by the inputs that the file gives: it judges names of mirrors.</param>
internal sealed class ConfigNodeReader(FileProblems problems, Func<IReadOnlyDictionary<string, ConfigValue>, HostDefinition> destinationOf)
{
    private const int MaxRules = 1000;

    private static readonly Dictionary<string, ActionInput> s_inputs = ActionInputs.All.ToDictionary(input => input.Name, StringComparer.Ordinal);
    private static readonly Dictionary<string, ActionInput> s_ruleSettings = RuleSettings.All.ToDictionary(
        setting => setting.Name,
        StringComparer.Ordinal
    );

    /// <summary>Reads the root. What is wrong is left out.</summary>
    public ConfigFile Read(YamlNode root)
    {
        if (IsNull(root))
        {
            return ConfigFile.None;
        }

        if (root is not YamlMappingNode mapping)
        {
            problems.Add(root.Start, $"expected settings, each as 'name: value', not {Shape(root)}.");
            return ConfigFile.None;
        }

        var inputs = new Dictionary<string, ConfigValue>(StringComparer.Ordinal);
        YamlNode? rules = null;
        foreach (var (keyNode, value) in mapping)
        {
            var name = ((YamlScalarNode)keyNode).Value ?? "";
            if (name == RuleSettings.Key)
            {
                rules = value;
            }
            else if (IsInput(keyNode, name, out var input) && ReadValue(input, value) is { } given)
            {
                inputs[name] = given;
            }
        }

        return new(inputs, rules is null ? [] : ReadRules(rules, destinationOf(inputs)));
    }

    private bool IsInput(YamlNode key, string name, out ActionInput input)
    {
        if (!s_inputs.TryGetValue(name, out input!))
        {
            problems.Add(
                key.Start,
                s_ruleSettings.ContainsKey(name)
                    ? $"{InputFormat.Shown(name)} is a setting of a rule; write it below '{RuleSettings.Key}', beside the rule's 'match'."
                    : Unknown(name, ActionInputs.OfFile.Select(i => i.Name).Append(RuleSettings.Key))
            );
            return false;
        }

        if (input == ActionInputs.Config)
        {
            problems.Add(key.Start, "a configuration file can't name another one; remove this.", name);
        }
        else if (input.IsSecret)
        {
            var variable = input.Fallback is null ? "" : $" or the environment variable {input.Fallback}";
            problems.Add(
                key.Start,
                "a credential does not belong in a file that is committed. Remove it, "
                    + $"revoke it, and give a new one as a secret, by the input {name}{variable}.",
                name
            );
        }

        return !input.IsSecret && input != ActionInputs.Config;
    }

    private IReadOnlyList<RepositoryRule> ReadRules(YamlNode node, HostDefinition destination)
    {
        if (IsNull(node))
        {
            return [];
        }

        if (node is not YamlSequenceNode { Children: var children })
        {
            problems.Add(node.Start, $"expected a sequence of rules, each beginning with '- match:', not {Shape(node)}.", RuleSettings.Key);
            return [];
        }

        if (children.Count > MaxRules)
        {
            problems.Add(
                children[MaxRules].Start,
                FormattableString.Invariant($"these are more than {MaxRules} rules; let one rule match several repositories."),
                RuleSettings.Key
            );
        }

        return [.. children.Take(MaxRules).Select(rule => ReadRule(rule, destination)).OfType<RepositoryRule>()];
    }

    private RepositoryRule? ReadRule(YamlNode node, HostDefinition destination)
    {
        if (node is not YamlMappingNode mapping)
        {
            problems.Add(node.Start, $"expected a rule, such as '- match: website', not {Shape(node)}.", RuleSettings.Key);
            return null;
        }

        var values = new Dictionary<string, ConfigValue>(StringComparer.Ordinal);
        var hasMatch = false;
        foreach (var (keyNode, value) in mapping)
        {
            var name = ((YamlScalarNode)keyNode).Value ?? "";
            hasMatch |= name == RuleSettings.Match.Name && !IsNull(value);
            if (!s_ruleSettings.TryGetValue(name, out var setting))
            {
                problems.Add(
                    keyNode.Start,
                    s_inputs.ContainsKey(name)
                        ? $"{InputFormat.Shown(name)} holds for all repositories and can't be in a rule; write it at the left margin, or remove it."
                        : Unknown(name, s_ruleSettings.Keys)
                );
            }
            else if (ReadValue(setting, value) is { } given)
            {
                values[name] = given;
            }
        }

        if (!hasMatch)
        {
            problems.Add(mapping.Start, "required; name the repositories that this rule is for.", RuleSettings.Match.Name);
        }

        return ToRule(values, problems.At(mapping.Start), destination);
    }

    private RepositoryRule ToRule(Dictionary<string, ConfigValue> values, FilePosition position, HostDefinition destination)
    {
        T? Get<T>(ActionInput<T> setting) => problems.Try(values.GetValueOrDefault(setting.Name), setting);
        return new RepositoryRule
        {
            Origin = position.ToString(),
            Match = Get(RuleSettings.Match) ?? [],
            Skip = Get(RuleSettings.Skip),
            Slug = Get(RuleSettings.SlugAt(destination)),
            Visibility = Get(RuleSettings.Visibility),
            Project = Get(RuleSettings.Project),
            Refs = Get(RuleSettings.Refs),
            Prune = Get(RuleSettings.Prune),
            PruneLimit = Get(RuleSettings.PruneLimit),
        };
    }

    /// <summary>The value of a setting; null when nothing is given or, with a problem, when it has the wrong form.</summary>
    private ConfigValue? ReadValue(ActionInput setting, YamlNode node)
    {
        if (IsNull(node))
        {
            return null;
        }

        if (node is YamlScalarNode scalar)
        {
            return Value(scalar);
        }

        if (node is not YamlSequenceNode sequence || setting.Kind != InputKind.List)
        {
            problems.Add(node.Start, $"expected {Expected(setting)}, not {Shape(node)}.", setting.Name);
            return null;
        }

        var items = new List<ConfigValue>();
        foreach (var item in sequence.Children)
        {
            if (item is YamlScalarNode text && !IsNull(item))
            {
                items.Add(Value(text));
            }
            else
            {
                problems.Add(item.Start, $"expected text, not {Shape(item)}.", setting.Name);
            }
        }

        return items.Count == 0 ? null : new(string.Join('\n', items.Select(item => item.Text)), problems.At(sequence.Start), items);
    }

    private ConfigValue Value(YamlScalarNode scalar) => new(scalar.Value!.Trim(), problems.At(scalar.Start), []);

    /// <summary>Nothing is given: the file is silent as far as this node goes.</summary>
    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode scalar
        && (string.IsNullOrWhiteSpace(scalar.Value) || (scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null" or "Null" or "NULL"));

    private static string Unknown(string name, IEnumerable<string> known)
    {
        var nearest = NearestName.Of(name, known);
        var advice = nearest is null ? "remove it; docs/CONFIGURATION.md lists what can stand here" : $"did you mean '{nearest}'?";
        return $"{InputFormat.Shown(name)} is not a setting of this version; {advice}{(nearest is null ? "." : "")}";
    }

    private static string Expected(ActionInput setting) =>
        setting.Kind switch
        {
            InputKind.Boolean => "true or false",
            InputKind.WholeNumber => "a whole number",
            InputKind.List => "text or a sequence of texts",
            InputKind.Choice => $"one of {string.Join(", ", setting.Allowed)}",
            _ => "text",
        };

    private static string Shape(YamlNode node) =>
        node switch
        {
            YamlMappingNode => "a mapping",
            YamlSequenceNode => "a sequence",
            _ when IsNull(node) => "nothing",
            _ => "text",
        };
}
