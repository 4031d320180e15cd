using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MirrorAction.Inputs;
using MirrorAction.TestKit;
using YamlDotNet.RepresentationModel;

namespace MirrorAction.Tests.Action;

/// <summary>Holds <c>docs/mirror.schema.json</c> to the program, and <c>mirror.example.yml</c> to both.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly string s_path = Checkout.PathOf("docs", "mirror.schema.json");
    private static readonly string s_example = File.ReadAllText(Checkout.PathOf("mirror.example.yml"));

    [Fact]
    public void Schema_has_every_input_but_credentials()
    {
        var properties = Schema()["properties"]!.AsObject().Select(property => property.Key).ToList();

        properties.ShouldBe(ActionInputs.All.Where(input => !input.IsSecret && input.Name != "config").Select(input => input.Name).Append("rules"));
        properties.ShouldNotContain("github-token");
        properties.ShouldContain("bitbucket-email");
    }

    [Theory]
    [InlineData(
        "prune: false\nconcurrency: '8'\nprune-limit: 20\nmode: plan\nexclude: [a, b]\ngithub-app-id: 123\nrules: [{match: x, skip: true}]",
        null
    )]
    [InlineData("", null)]
    [InlineData("prune:\nmode: ~\nrules:", null)]
    [InlineData("prun: false", ": does not know prun")]
    [InlineData("github-token: x", ": does not know github-token")]
    [InlineData("prune: yes", "/prune: has another form")]
    [InlineData("prune: 1", "/prune: is integer")]
    [InlineData("concurrency: 65", "/concurrency: is too large")]
    [InlineData("concurrency: 0", "/concurrency: is too small")]
    [InlineData("concurrency: many", "/concurrency: has another form")]
    [InlineData("prune-limit: half", "/prune-limit: has another form")]
    [InlineData("shard: 2", null)] // A number is text that no pattern holds; the program refuses it.
    [InlineData("shard: two", "/shard: has another form")]
    [InlineData("create-interval: 5h", "/create-interval: has another form")]
    [InlineData("mode: mirrors", "/mode: is no such word")]
    [InlineData("bitbucket-project: key", "/bitbucket-project: has another form")]
    [InlineData("exclude: {a: b}", "/exclude: is object")]
    [InlineData("exclude: [[a]]", "/exclude/0: is array")]
    [InlineData("rules: {match: a}", "/rules: is object")]
    [InlineData("rules: [{slug: a}]", "/rules/0: lacks match")]
    [InlineData("rules: [{match: a, slug: a/b}]", "/rules/0/slug: has another form")]
    [InlineData("rules: [{match: a, slug: a b}]", "/rules/0/slug: has another form")]
    [InlineData("rules: [{match: a, visibility: internal}]", "/rules/0/visibility: is no such word")]
    [InlineData("rules: [{match: a, concurrency: 3}]", "/rules/0: does not know concurrency")]
    [InlineData("- a", ": is array")]
    public void Editors_find_what_the_program_would_refuse(string yaml, string? problem) =>
        ProblemsOf(yaml).ShouldBe(problem is null ? [] : [problem]);

    [Fact]
    public void Example_is_good_as_it_is_and_with_everything_in_it_set()
    {
        foreach (var yaml in new[] { s_example, Uncommented() })
        {
            ProblemsOf(yaml).ShouldBeEmpty();
            Configuration.Given.ReadFile(yaml).Rules.Count.ShouldBe(5);
        }
    }

    [Fact]
    public void Files_shown_in_the_documentation_are_good_but_for_the_one_that_shows_problems()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs", "CONFIGURATION.md"));
        var shown = Regex
            .Matches(page, "^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .Where(yaml =>
                yaml.Contains("\nrules:", StringComparison.Ordinal)
                && !page.Contains($"writes them anew -->\n```yaml\n{yaml}", StringComparison.Ordinal)
            )
            .ToList();

        shown.ShouldNotBeEmpty();
        shown.ShouldAllBe(yaml => ProblemsOf(yaml).Count == 0 && Configuration.Given.ReadFile(yaml).Rules.Count > 0);
    }

    [Fact]
    public void Example_with_everything_in_it_set_makes_a_run()
    {
        using var key = RSA.Create(2048);
        var environment = new EnvironmentVariables(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [GitHubInputs.AppPrivateKey.Variable] = key.ExportRSAPrivateKeyPem(),
                [BitbucketInputs.OAuthSecret.Variable] = "hush-hush",
            }
        );

        var settings = Configuration.Given.BuildFrom(
            new InputSources(new Dictionary<string, string>(StringComparer.Ordinal), environment, "/srv")
            {
                OpenFile = _ => Encoding.UTF8.GetBytes(Uncommented()),
            }
        );

        settings.Mirror.Owners.ShouldBe(["acme"]);
        settings.Bitbucket!.ProjectKey.ShouldBe("MIRROR");
        settings.Mirror.Rules.Count.ShouldBe(5);
    }

    [Fact]
    public void Example_shows_every_input_with_its_default()
    {
        var shown = Configuration.Given.ReadFile(Uncommented()).Inputs;

        // The names by role are the same settings under other names: they stand there as prose.
        foreach (var input in ActionInputs.OfFile.Except(HostRole.All).Append(HostRole.Visibility).Where(input => input != SelectionInputs.Exclude))
        {
            shown.Keys.ShouldContain(input.Name);
            if (input.Default is not null)
            {
                InputFormat.List(shown[input.Name].Text).ShouldBe(InputFormat.List(input.Default), input.Name);
            }
        }

        s_example.ShouldContain("\n#exclude:");
        Configuration.Given.ReadFile(s_example).Inputs.Keys.ShouldBe(["github-owner", "bitbucket-workspace"]);
    }

    [Fact]
    public void Example_shows_every_setting_of_a_rule()
    {
        foreach (var setting in RuleSettings.All)
        {
            s_example.ShouldMatch($@"(?m)^  (- |  ){setting.Name}:");
        }
    }

    [Fact]
    public void Defaults_have_the_form_that_editors_are_told()
    {
        foreach (var input in ActionInputs.All.Where(input => input is { Default: not null, Pattern: not null }))
        {
            input.Default!.ShouldMatch(input.Pattern!, input.Name);
        }
    }

    /// <summary>Prose has a space behind '#', a setting has none, or is the item of a sequence.</summary>
    private static string Uncommented() => Regex.Replace(s_example, "^#(?=[^ \n]|  - )", "", RegexOptions.Multiline);

    private static JsonObject Schema() => JsonNode.Parse(File.ReadAllText(s_path))!.AsObject();

    private static IReadOnlyList<string> ProblemsOf(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents.Count == 0 ? [] : [.. SchemaCheck.Problems(Schema(), yaml.Documents[0].RootNode)];
    }
}
