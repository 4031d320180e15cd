using System.Text;
using MirrorAction.Inputs;
using MirrorAction.Inputs.Yaml;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Configuration;

public sealed class ConfigFileTests
{
    private const string File = ".github/mirror.yml";

    /// <summary>A heading and a file that is wrong.</summary>
    private static readonly (string What, string Yaml)[] s_wrong =
    [
        ("mistyped names", "prun: false\ngithubowner: acme\nConcurrency: 3\nbananas: 1\n<<: {prune: true}\n"),
        ("values of the wrong form", "prune: yes\nconcurrency: 65\nprune-limit: half\nmode: mirrors\nrefs: heads/*\n  \nshard: 3/2\n"),
        (
            "values of the wrong shape",
            "prune: {a: b}\nconcurrency: [8]\nbitbucket-workspace:\n  - acme-mirror\nrepositories:\n  - web-*\n  - {a: b}\n  - [x]\n  -\nmode:\n  plan: true\n"
        ),
        ("duplicate keys", "prune: true\nkeep-days: 3\nprune: false\nrules:\n  - match: website\n    slug: a\n    slug: b\n    skip: perhaps\n"),
        (
            "items are told apart",
            "repositories:\n  - web-*\n  - /[/\nexclude: a, /(/\nrefs:\n  - refs/heads/*\n  - ^refs/heads/bot/*\n  - refs/*/x/*\n"
        ),
        (
            "credentials",
            "github-token: ghp_abcdefghijklmnop\nbitbucket-token: |\n  one\nbitbucket-oauth-secret: hush-hush\ngithub-app-private-key: pem\nconfig: other.yml\n"
        ),
        (
            "rules",
            "rules:\n  - slug: a\n  - match:\n  - match: website\n    skipp: true\n    concurrency: 3\n  - website\n  - match: website\n    slug: Big\n    visibility: internal\n    project: key\n    prune: 1\n    prune-limit: 101%\n    refs: ^refs/heads/x\n  - match: [a, /(/]\nskip: true\n"
        ),
        ("rules that are none", "rules:\n  match: website\n"),
        (
            "slugs that Bitbucket would cut or lose",
            "rules:\n- {match: a, slug: ..}\n- {match: a, slug: a/b}\n- {match: a, slug: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}\n- {match: a, slug: a--b}\n- {match: a, slug: a-}\n"
        ),
        ("text instead of settings", "just words\n"),
        ("a sequence instead of settings", "- prune: false\n"),
        ("two documents", "prune: perhaps\n---\nprune: false\n...\n]]]"),
        ("keys that are no text", "? {a: b}\n: c\n? [x]\n: y\nprun: 1\n"),
        ("broken: no end of a quote", "mode: plan\nrefs: \"refs/heads/*\nprune: true\n"),
        ("broken: indentation", "mode: plan\n  prune: true\n"),
        ("broken: a tab", "rules:\n\t- match: a\n"),
        ("broken: an open bracket", "rules: [a, b\n"),
        ("broken: an alias of nothing", "refs: *unknown\n"),
        ("nested without end", new string('[', 5000)),
        ("self-containing", "refs: &a\n  - refs/heads/*\n  - *a\nrules: &b [*b]\n"),
        ("a control character", "mode: plan\nprune: tr\u0007ue\n"),
    ];

    [Theory]
    [InlineData("destination: gitlab\nrules:\n- {match: a, slug: new}\n", "GitLab", "new-11507a0e")]
    [InlineData("rules:\n- {match: a, slug: a.wiki}\ndestination: gitea\n", "Gitea", "a.wiki-")] // Wherever the key stands.
    [InlineData("destination: bitbucket-data-center\nrules:\n- {match: a, slug: _a}\n", "Bitbucket Data Center", "a-")]
    [InlineData("destination: github\nsource: gitlab\nrules:\n- {match: a, slug: a.git}\n", "GitHub", "a.git-")]
    [InlineData("destination: github\nsource: gitlab\nrules:\n- {match: a, slug: platform/api}\n", "GitHub", "platform-api")]
    public void Slug_is_one_that_its_destination_keeps(string yaml, string host, string better)
    {
        var problem = Given.ProblemsOfFile(Encoding.UTF8.GetBytes(yaml)).Single(p => p.Subject.EndsWith(": slug", StringComparison.Ordinal));

        problem.Message.ShouldContain($"is not a name that {host} keeps as it is");
        problem.Message.ShouldContain(better);
    }

    [Theory]
    [InlineData("destination: github\nrules:\n- {match: a, slug: Website}\n")]
    [InlineData("destination: gitea\nrules:\n- {match: a, slug: a--b}\n")]
    [InlineData("rules:\n- {match: a, slug: new}\n")]
    public void Slug_that_another_host_would_refuse_is_taken(string yaml) =>
        Given.ProblemsOfAny(Encoding.UTF8.GetBytes(yaml)).ShouldNotContain(p => p.Subject.EndsWith(": slug", StringComparison.Ordinal));

    [Fact]
    public void Wrong_files_are_told_by_line_and_column()
    {
        var text = new StringBuilder();
        foreach (var (what, yaml) in s_wrong)
        {
            var problems = Given.ProblemsOfFile(Encoding.UTF8.GetBytes(yaml));
            problems.ShouldNotBeEmpty(what);
            problems.ShouldAllBe(problem => problem.Position != null && problem.Subject.StartsWith(problem.Position.ToString()));
            text.Append($"## {what}\n{string.Join('\n', problems.Select(problem => problem.ToString()))}\n\n");
        }

        Snapshot.Match(text.ToString(), "config-problems");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_by_their_place()
    {
        Given
            .ProblemsOfFile([.. "mode: plan\nrefs: ü"u8, 0xff, .. "\n"u8])
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe($"{File}:2:8: is not UTF-8 from here on; save the file as UTF-8.");
        Given.ProblemsOfFile(Encoding.Unicode.GetPreamble()).ShouldHaveSingleItem().Subject.ShouldBe($"{File}:1:1");
    }

    [Fact]
    public void Thousands_of_problems_are_not_told_one_by_one()
    {
        var problems = Given.ProblemsOfFile(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"unknown{i}: x\n"))));

        problems.Count.ShouldBe(101);
        problems[^1].ToString().ShouldBe($"{File}:101:1: there is more behind this place; mend the others first.");
    }

    [Fact]
    public void Aliases_are_read_and_bounded()
    {
        Given
            .ReadFile("refs: &all [refs/heads/*, refs/notes/*]\nrules:\n  - match: a\n    refs: *all\n")
            .Rules.ShouldHaveSingleItem()
            .Refs!.ToString()
            .ShouldBe("refs/heads/*, refs/notes/*");
        Given
            .ProblemsOfFile(Encoding.UTF8.GetBytes("refs: &a refs/heads/*\nrepositories: [" + string.Join(',', Enumerable.Repeat("*a", 101)) + "]\n"))
            .ShouldHaveSingleItem()
            .Message.ShouldContain("more than 100 aliases");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("# nothing but words\n")]
    [InlineData("---\n")]
    [InlineData("---\n...\n")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("prune:\nrefs: ~\nmode: ''\nrules:\nrepositories: []\n")]
    public void Silent_file_gives_nothing(string yaml)
    {
        var file = Given.ReadFile(yaml);

        file.Inputs.ShouldBeEmpty();
        file.Rules.ShouldBeEmpty();
    }

    [Fact]
    public void Values_are_what_inputs_would_hold()
    {
        var file = Given.ReadFile(
            "\uFEFFprune: false\nconcurrency: '4'\nprune-limit: 20\nrefs:\n  - refs/heads/*\n  - '^refs/heads/bot/*'\nexclude: a, b\ncreate-interval: \" 2s \"\ngithub-app-id: 12345\n"
        );

        file.Inputs.ToDictionary(e => e.Key, e => e.Value.Text)
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["prune"] = "false",
                    ["concurrency"] = "4",
                    ["prune-limit"] = "20",
                    ["refs"] = "refs/heads/*\n^refs/heads/bot/*",
                    ["exclude"] = "a, b",
                    ["create-interval"] = "2s",
                    ["github-app-id"] = "12345",
                }
            );
    }

    [Fact]
    public void Rules_are_read_with_all_that_they_can_hold()
    {
        var rule = Given
            .ReadFile(
                "rules:\n  - match: [web-*, /^api$/]\n    skip: false\n    slug: the-web\n    visibility: public\n    project: WEB\n    refs: refs/heads/main\n    prune: 'False'\n    prune-limit: 10%\n"
            )
            .Rules.ShouldHaveSingleItem();

        rule.Match.Select(pattern => pattern.Text).ShouldBe(["web-*", "/^api$/"]);
        rule.Origin.ShouldBe($"{File}:2:5");
        rule.Skip.ShouldBe(false);
        rule.Slug.ShouldBe("the-web");
        rule.Visibility.ShouldBe(MirrorVisibility.Public);
        rule.Project.ShouldBe("WEB");
        rule.Refs!.ToString().ShouldBe("refs/heads/main");
        rule.Prune.ShouldBe(false);
        rule.PruneLimit.ShouldBe(PruneLimit.Percent(10));
    }

    [Fact]
    public void What_a_rule_does_not_say_is_null()
    {
        var rule = Given.ReadFile("rules: [{match: a, prune: , refs: null}]").Rules.ShouldHaveSingleItem();

        (rule.Skip, rule.Slug, rule.Visibility, rule.Project, rule.Refs, rule.Prune, rule.PruneLimit).ShouldBe(
            (null, null, null, null, null, null, null)
        );
    }

    [Fact]
    public void Text_is_shown_to_who_hides_secrets_before_it_is_read()
    {
        var seen = "";
        new ConfigFileReader(new ProblemList(), "/srv") { Inspect = text => seen = text }.Parse("bitbucket-token: [\n"u8, File);

        seen.ShouldBe("bitbucket-token: [\n");
    }
}
