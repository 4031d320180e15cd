using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Yaml;

namespace MirrorAction.Tests.Configuration;

/// <summary>Environments and options for tests.</summary>
internal static class Given
{
    /// <summary>Every mode that is a command of its own; joining reports is more than a mode.</summary>
    public static TheoryData<string> Modes => [.. ActionInputs.Mode.Allowed.Where(mode => mode != "report")];

    /// <summary>The least that a run needs.</summary>
    public static Dictionary<string, string> Minimum =>
        new(StringComparer.Ordinal)
        {
            ["INPUT_GITHUB-OWNER"] = "acme",
            ["INPUT_GITHUB-TOKEN"] = "ghp_source",
            ["INPUT_BITBUCKET-WORKSPACE"] = "acme-mirror",
            ["INPUT_BITBUCKET-TOKEN"] = "ATCTT3xDestination",
        };

    public static Dictionary<string, string> With(params (string Name, string Value)[] variables)
    {
        var all = Minimum;
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return all;
    }

    public static RunSettings Build(Dictionary<string, string> environment, params (string Name, string Value)[] options) =>
        new OptionsBuilder(
            options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal),
            new EnvironmentVariables(environment),
            "/srv"
        ).Build();

    /// <summary>What a configuration file says; it must be good.</summary>
    public static ConfigFile ReadFile(string yaml)
    {
        var problems = new ProblemList();
        var file = new ConfigFileReader(problems, "/srv") { Inspect = static _ => { } }.Parse(Encoding.UTF8.GetBytes(yaml), ".github/mirror.yml");
        problems.ThrowIfAny([]);
        return file.ShouldNotBeNull();
    }

    /// <summary>All that is wrong with a run whose configuration file holds these bytes.</summary>
    public static IReadOnlyList<ConfigurationProblem> ProblemsOfFile(byte[] bytes) =>
        Should.Throw<ConfigurationException>(() => BuildWithFile(bytes)).Problems;

    /// <summary>A run whose configuration file holds these bytes.</summary>
    public static RunSettings BuildWithFile(byte[] bytes)
    {
        var environment = Minimum;
        environment.Remove("INPUT_BITBUCKET-WORKSPACE");
        environment["MIRROR_BITBUCKET_USERNAME"] = "acme-mirror";
        return new OptionsBuilder(new Dictionary<string, string>(StringComparer.Ordinal), new EnvironmentVariables(environment), "/srv")
        {
            OpenFile = _ => bytes,
        }.Build();
    }

    public static IReadOnlyList<string> ProblemsOf(Dictionary<string, string> environment, params (string Name, string Value)[] options) =>
        [.. Should.Throw<ConfigurationException>(() => Build(environment, options)).Problems.Select(problem => problem.ToString())];

    public static string ProblemOf(string name, string value) => ProblemsOf(With((name, value))).ShouldHaveSingleItem();
}
