using System.Text;
using MirrorAction.Doctor;
using MirrorAction.Git.Model;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.TestKit;
using MirrorAction.Tests.Configuration;

namespace MirrorAction.Tests.Hostile;

/// <summary>The configuration file and the workflows, which a pull request may have changed.</summary>
internal static class ConfigTargets
{
    private static readonly string[] s_seeds =
    [
        "github-owner: [acme, acme-labs]\nprune: false\nconcurrency: 4\nrules:\n  - match: [web-*, '/^api$/']\n    slug: the-web\n    prune-limit: 10%\n  - match: x\n    skip: true\n",
        "refs: &all\n  - refs/heads/*\n  - *all\nrules: [{match: a, refs: *all}, {match: &b b, slug: *b}]\n",
        "? [a, {b: c}]\n: |\n  text\n!!str prune: !x 'true'\n<<: {a: b}\n",
        "mode: \"pl\\u0061n\"\nexclude: >-\n  a,\n  b\n---\nmode: mirror\n...\n",
    ];

    /// <summary>Each pattern of names becomes an automaton of half a megabyte, and may be two letters long.</summary>
    private const int MaxExpansion = 256 * 1024;

    /// <summary>The file is read twice, and each letter of it may be a node of YAML.</summary>
    private const int WorkflowExpansion = 2048;

    internal static IEnumerable<FuzzTarget> All =>
        [
            new(
                "config-file",
                [.. s_seeds.Append(File.ReadAllText(Checkout.PathOf("mirror.example.yml"))).Select(Encoding.UTF8.GetBytes)],
                Decode,
                IsDocumented,
                MaxExpansion
            ),
            new(
                "workflow-file",
                [.. Directory.EnumerateFiles(Checkout.PathOf("examples"), "*.yml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)],
                Check,
                e => e is FormatException { Message.Length: < 2000 },
                WorkflowExpansion
            ),
        ];

    private static void Decode(byte[] input)
    {
        var settings = Given.BuildWithFile(input);
        settings.Mirror.Rules.ShouldAllBe(rule => rule.Match.Count > 0 && rule.Origin.StartsWith(".github/mirror.yml:"));
        settings.Mirror.Refs.Patterns.ShouldBeOfType<RefPatternSet>();
    }

    /// <summary>The check takes every exception for a file that can't be read, so that the file is read without it first.</summary>
    private static void Check(byte[] input)
    {
        using var folder = new TempFolder("workflow-");
        File.WriteAllBytes(Path.Combine(folder.CreateFolder(Path.Combine(".github", "workflows")), "mirror.yml"), input);
        var check = new WorkflowCheck(new EnvironmentVariables(new Dictionary<string, string>()), folder.Path, TimeSpan.FromMinutes(330));

        check.Run().ShouldAllBe(finding => finding.Message.Length < 2000);

        MirrorAction.Doctor.WorkflowFile.Read("mirror.yml", input);
    }

    /// <summary>Told in few words, each of the file with its place.</summary>
    private static bool IsDocumented(Exception e) =>
        e is ConfigurationException { Problems: { Count: > 0 and < 200 } problems }
        && problems.All(p => p.Message.Length < 2000 && (p.Position is null || (p.Position.Line > 0 && p.Position.Column > 0)));
}
