using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class UnusedNamesTests
{
    private static readonly Repository[] s_listed = [Samples.Repository("website", 1), Samples.Repository("fork", 2) with { IsFork = true }];

    [Fact]
    public void Names_in_rules_that_fit_nothing_are_told_together_with_the_nearest_names()
    {
        RepositoryRule[] rules =
        [
            RepositorySettingsTests.Rule("fork"), // Left out by the filter, and there all the same.
            RepositorySettingsTests.Rule("webiste") with
            {
                Origin = "m.yml:3:5",
            },
            RepositorySettingsTests.Rule("acme/websit", "website", "x") with
            {
                Origin = "m.yml:5:5",
            },
            RepositorySettingsTests.Rule("/^gone/") with
            {
                Origin = "m.yml:7:5",
            },
        ];

        Sentence(new(), rules)
            .ShouldBe(
                "Some names fit no repository: m.yml:3:5 'webiste' (did you mean 'website'?); m.yml:5:5 'acme/websit' (did you mean 'acme/website'?), 'x'; m.yml:7:5 '/^gone/'."
            );
        Sentence(new(), [rules[0]]).ShouldBeNull();
        Sentence(new(), [rules[1]]).ShouldBe("A name fits no repository: m.yml:3:5 'webiste' (did you mean 'website'?).");
        Sentence(new(), [.. Enumerable.Repeat(rules[3], 25)]).ShouldNotBeNull().ShouldEndWith("; and 5 more.");
        Sentence(new(), [RepositorySettingsTests.Rule([.. Enumerable.Range(0, 5000).Select(i => $"gone-{i}")])])
            .ShouldNotBeNull()
            .ShouldEndWith("'gone-19'; and 4980 more.");
    }

    [Theory]
    [InlineData("website", "fork", null)]
    [InlineData("web*", "/^fork$/", null)]
    [InlineData("*", "", null)]
    [InlineData("webiste", "", "A name fits no repository: --repositories 'webiste' (did you mean 'website'?).")]
    [InlineData("lib-*", "", "A name fits no repository: --repositories 'lib-*'.")]
    [InlineData("/^lib-/", "", "A name fits no repository: --repositories '/^lib-/'.")]
    [InlineData("*", "webiste", "A name fits no repository: exclude (INPUT_EXCLUDE) 'webiste' (did you mean 'website'?).")]
    [InlineData(
        "acme/websit, fork",
        "foork",
        "Some names fit no repository: --repositories 'acme/websit' (did you mean 'acme/website'?); exclude (INPUT_EXCLUDE) 'foork' (did you mean 'fork'?)."
    )]
    public void Names_in_inputs_that_fit_nothing_are_told_like_those_in_rules(string include, string exclude, string? sentence) =>
        Sentence(
                new()
                {
                    Include = Patterns(include),
                    Exclude = Patterns(exclude),
                    IncludeOrigin = "--repositories",
                    ExcludeOrigin = "exclude (INPUT_EXCLUDE)",
                }
            )
            .ShouldBe(sentence);

    [Theory]
    [InlineData("webiste", "", true)]
    [InlineData("webiste, fork", "", true)] // The fork is left out by another filter; with the right name there was something to do.
    [InlineData("fork", "", false)] // There, and left out on purpose.
    [InlineData("website", "website", false)]
    [InlineData("webiste, website", "", false)] // Something is selected.
    [InlineData("*", "webiste", false)]
    public void Nothing_selected_because_of_a_name_is_a_failure(string include, string exclude, bool fails)
    {
        var selection = Select(new() { Include = Patterns(include), Exclude = Patterns(exclude) });

        if (!fails)
        {
            Should.NotThrow(selection.RefuseMissedNames);
            return;
        }

        var error = Should.Throw<MirrorException>(selection.RefuseMissedNames).Error;
        error.Code.ShouldBe(ErrorCode.SourceNotFound);
        error.Message.ShouldContain("repositories 'webiste' (did you mean 'website'?)");
        error.Message.ShouldContain("2 repositories");
        error.Hint.ShouldNotBeNull().ShouldContain("'repositories'");
    }

    [Fact]
    public void Name_of_a_repository_of_another_shard_is_used()
    {
        var (mine, other) = (new Shard(1, 2), new Shard(2, 2));
        if (!other.Takes(s_listed[0]))
            (mine, other) = (other, mine);
        var selection = Select(new() { Include = Patterns("website") }, shard: mine);

        selection.Taken.ShouldBeEmpty();
        selection.UnusedNames.Sentence.ShouldBeNull();
        Should.NotThrow(selection.RefuseMissedNames);
    }

    private static NamePattern[] Patterns(string text) => [.. MirrorAction.Inputs.InputFormat.NamePatterns(text)];

    private static string? Sentence(RepositoryFilter filter, params RepositoryRule[] rules) => Select(filter, rules).UnusedNames.Sentence;

    private static RepositorySelection Select(RepositoryFilter filter, RepositoryRule[]? rules = null, Shard? shard = null) =>
        new(
            new(s_listed, []),
            new([], []),
            new MirrorOptions
            {
                Owners = ["acme"],
                Filter = filter,
                Rules = rules ?? [],
                Shard = shard,
            },
            name => name
        );
}
