using System.Text.RegularExpressions;
using MirrorAction.Inputs;
using MirrorAction.Modes;
using MirrorAction.Reporting;
using MirrorAction.TestKit;
using MirrorAction.Tests.Reporting;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Tests.Action;

/// <summary>Holds <c>action.yml</c> and <c>action-types.yml</c> to the program's own table of inputs.</summary>
public sealed class ActionMetadataTests
{
    private static readonly YamlMappingNode s_action = Load("action.yml");
    private static readonly YamlMappingNode s_types = Load("action-types.yml");

    [Fact]
    public void The_inputs_are_those_of_the_program() =>
        Keys(s_action, "inputs").ShouldBe(ActionInputs.All.Select(input => input.Name), ignoreOrder: true);

    [Fact]
    public void The_typed_inputs_are_those_of_the_program() =>
        Keys(s_types, "inputs").ShouldBe(ActionInputs.All.Select(input => input.Name), ignoreOrder: true);

    [Fact]
    public void The_outputs_are_those_of_the_program()
    {
        // All that there are, some of which only one mode gives.
        var outputs = ActionOutputs
            .Of(Sample.Run() with { Mode = "verify" }, new("r", "p"), [PlanMode.Matrix(2)])
            .Select(output => output.Key)
            .ToList();
        Keys(s_action, "outputs").ShouldBe(outputs, ignoreOrder: true);
        Keys(s_types, "outputs").ShouldBe(outputs, ignoreOrder: true);
    }

    [Fact]
    public void Names_are_kebab_case() =>
        Keys(s_action, "inputs").Concat(Keys(s_action, "outputs")).ShouldAllBe(name => Regex.IsMatch(name, "^[a-z]+(-[a-z]+)*$"));

    [Fact]
    public void Every_input_and_output_is_described() =>
        Entries(s_action, "inputs").Concat(Entries(s_action, "outputs")).ShouldAllBe(entry => Text(entry.Value, "description")!.EndsWith('.'));

    [Fact]
    public void Descriptions_state_default_values_and_variables()
    {
        foreach (var (name, node) in Entries(s_action, "inputs"))
        {
            var input = ActionInputs.All.Single(i => i.Name == name);
            var description = Text(node, "description")!;
            if (input.Default is not null)
            {
                description.ShouldContain($"`{input.Default}`", customMessage: name);
            }

            if (input.Fallback is not null)
            {
                description.ShouldContain($"`{input.Fallback}`", customMessage: name);
            }

            foreach (var word in input.Allowed)
            {
                description.ShouldContain($"`{word}`", customMessage: name);
            }
        }
    }

    [Fact]
    public void Only_the_workflows_token_has_a_default_because_a_default_would_beat_the_environment()
    {
        var withDefault = Entries(s_action, "inputs").Where(entry => Text(entry.Value, "default") is not null).ToList();
        withDefault.ShouldHaveSingleItem().Key.ShouldBe("github-token");
        Text(withDefault[0].Value, "default").ShouldBe("${{ github.token }}");
    }

    [Fact]
    public void Inputs_that_may_come_from_elsewhere_have_neither_a_default_nor_the_mark_of_what_is_required()
    {
        ActionInputs.OfFile.ShouldAllBe(input => input.RunnerDefault == null && !input.IsRequired);
        ActionInputs.All.Where(input => input.Fallback is not null).ShouldAllBe(input => !input.IsRequired);
        ActionInputs.Config.RunnerDefault.ShouldBeNull(); // One that is given must be there.
        Entries(s_action, "inputs")
            .Where(entry => Text(entry.Value, "required") == "true")
            .Select(entry => entry.Key)
            .ShouldBe(ActionInputs.All.Where(input => input.IsRequired).Select(input => input.Name));
    }

    [Fact]
    public void No_input_is_required_by_the_file_because_the_environment_may_give_it() =>
        Entries(s_action, "inputs").ShouldAllBe(entry => Text(entry.Value, "required") == null);

    [Fact]
    public void Types_are_those_of_the_program()
    {
        foreach (var (name, node) in Entries(s_types, "inputs"))
        {
            var input = ActionInputs.All.Single(i => i.Name == name);
            Text(node, "type")
                .ShouldBe(
                    input.Kind switch
                    {
                        InputKind.Boolean => "boolean",
                        InputKind.Choice => "enum",
                        InputKind.List => "list",
                        InputKind.WholeNumber => "integer",
                        _ => "string",
                    },
                    name
                );
            if (input.Kind == InputKind.Choice)
            {
                ((YamlSequenceNode)((YamlMappingNode)node)["allowed-values"]).Select(value => value.ToString()).ShouldBe(input.Allowed, name);
            }
        }
    }

    [Fact]
    public void The_marketplace_will_take_it()
    {
        Text(s_action, "name").ShouldNotBeNullOrEmpty();
        Text(s_action, "description")!.Length.ShouldBeLessThanOrEqualTo(125);
        Text(s_action["branding"], "icon").ShouldBe("refresh-cw");
        Text(s_action["branding"], "color").ShouldBeOneOf("white", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark");
    }

    [Fact]
    public void It_runs_the_image_without_a_shell_in_between()
    {
        Text(s_action["runs"], "using").ShouldBe("docker");
        Text(s_action["runs"], "image")!.ShouldMatch("^(Dockerfile|docker://ghcr\\.io/.+@sha256:[0-9a-f]{64})$");
        Keys(s_action, "runs").ShouldBe(["using", "image"]);
    }

    private static YamlMappingNode Load(string file)
    {
        using var reader = File.OpenText(Checkout.PathOf(file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IReadOnlyList<KeyValuePair<string, YamlNode>> Entries(YamlMappingNode node, string part) =>
        [.. ((YamlMappingNode)node[part]).Select(child => new KeyValuePair<string, YamlNode>(child.Key.ToString(), child.Value))];

    private static IReadOnlyList<string> Keys(YamlMappingNode node, string part) => [.. Entries(node, part).Select(entry => entry.Key)];

    private static string? Text(YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(new YamlScalarNode(key), out var value) ? value.ToString() : null;
}
