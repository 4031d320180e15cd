using System.Text;
using MirrorAction.Git.Model;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Arguments;
using MirrorAction.TestKit;
using MirrorAction.Tests.Configuration;

namespace MirrorAction.Tests.Hostile;

/// <summary>The configuration file, which a pull request may have changed.</summary>
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

    internal static IEnumerable<FuzzTarget> All =>
        [
            new(
                "config-file",
                [.. s_seeds.Append(File.ReadAllText(Checkout.PathOf("mirror.example.yml"))).Select(Encoding.UTF8.GetBytes)],
                Decode,
                IsDocumented,
                MaxExpansion
            ),
        ];

    private static void Decode(byte[] input)
    {
        var settings = Given.BuildWithFile(input);
        settings.Mirror.Rules.ShouldAllBe(rule => rule.Match.Count > 0 && rule.Origin.StartsWith(".github/mirror.yml:"));
        settings.Mirror.Refs.Patterns.ShouldBeOfType<RefPatternSet>();
    }

    /// <summary>Told in few words, each of the file with its place.</summary>
    private static bool IsDocumented(Exception e) =>
        e is ConfigurationException { Problems: { Count: > 0 and < 200 } problems }
        && problems.All(p => p.Message.Length < 2000 && (p.Position is null || (p.Position.Line > 0 && p.Position.Column > 0)));
}
