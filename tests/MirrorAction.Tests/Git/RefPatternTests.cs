using MirrorAction.Git.Model;

namespace MirrorAction.Tests.Git;

public sealed class RefPatternTests
{
    [Theory]
    [InlineData("refs/tags/mirror-kept/20261121T020000Z/heads/main", false, true)]
    [InlineData("refs/tags/mirror-part", false, false)]
    [InlineData("refs/tags/v1", false, false)]
    [InlineData("refs/heads/main", true, true)]
    [InlineData("refs/heads/wip", false, false)]
    [InlineData("refs/pull/1/head", false, false)]
    public void What_the_mirror_keeps_is_taken_in_only_where_it_is_asked_for(string name, bool normally, bool withKept)
    {
        var patterns = RefPatternSet.Parse("refs/heads/*", "^refs/heads/wip");

        patterns.Includes(RefName.FromText(name)).ShouldBe(normally);
        patterns.WithKept().Includes(RefName.FromText(name)).ShouldBe(withKept);
        patterns.WithKept().Prefixes.ShouldBe(["refs/heads/", RefPatternSet.KeptPrefix]);
    }

    [Theory]
    [InlineData("refs/heads/*", "refs/heads/main", true)]
    [InlineData("refs/heads/*", "refs/heads/a/b", true)]
    [InlineData("refs/heads/*", "refs/headsx", false)]
    [InlineData("refs/heads/*", "refs/tags/main", false)]
    [InlineData("refs/heads/main", "refs/heads/main", true)]
    [InlineData("refs/heads/main", "refs/heads/main2", false)]
    [InlineData("refs/heads/main", "refs/heads/Main", false)]
    [InlineData("refs/heads/release/*/final", "refs/heads/release/1/2/final", true)]
    [InlineData("refs/heads/release/*/final", "refs/heads/release/final", false)]
    [InlineData("refs/heads/a*a", "refs/heads/a", false)]
    [InlineData("refs/heads/a*a", "refs/heads/aba", true)]
    [InlineData("^refs/heads/wip/*", "refs/heads/wip/x", true)]
    [InlineData("refs/heads/caf\u00e9*", "refs/heads/caf\u00e9-1", true)]
    public void Patterns_match_as_refspecs_do(string pattern, string name, bool matches) =>
        Parse(pattern).Matches(RefName.FromText(name)).ShouldBe(matches);

    [Theory]
    [InlineData("heads/*", "does not start with 'refs/'")]
    [InlineData("*", "does not start with 'refs/'")]
    [InlineData("", "does not start with 'refs/'")]
    [InlineData("^", "does not start with 'refs/'")]
    [InlineData("refs/heads/*:refs/heads/*", "without ':'")]
    [InlineData("+refs/heads/*", "does not start with 'refs/'")]
    [InlineData("refs/*/x/*", "more than one '*'")]
    [InlineData("refs/heads/a b", "no well-formed")]
    [InlineData("refs/heads/", "no well-formed")]
    [InlineData("refs/heads/..", "no well-formed")]
    [InlineData("refs/pull/*", "refs/pull/*")]
    [InlineData("refs/pull/*/head", "refs/pull/*")]
    [InlineData("refs/pull/1/head", "refs/pull/*")]
    public void Patterns_that_cannot_be_are_refused_with_a_way_out(string text, string problem)
    {
        RefPattern.TryParse(text, out var pattern, out var said).ShouldBeFalse();

        pattern.ShouldBeNull();
        said.ShouldNotBeNull().ShouldContain(problem);
        said.ShouldContain($"'{text}'");
        Should.Throw<FormatException>(() => RefPatternSet.Parse(text));
    }

    [Theory]
    [InlineData("refs/*")]
    [InlineData("refs/p*")]
    [InlineData("refs/pull*")]
    public void Wide_patterns_take_in_no_pull_request(string text)
    {
        var patterns = RefPatternSet.Parse("refs/heads/*", text);

        patterns.Includes(RefName.FromText("refs/pull/1/head")).ShouldBeFalse();
        patterns.Includes(RefName.FromText("refs/pullrequests/1")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("^refs/pull/*")]
    [InlineData("^refs/*")]
    [InlineData("refs/pullrequests/*")]
    [InlineData("refs/notes/*")]
    public void Patterns_that_reach_no_pull_request_are_allowed(string text) => Parse(text).Text.ShouldBe(text);

    [Theory]
    [InlineData("refs/heads/main", true)]
    [InlineData("refs/heads/wip/x", false)]
    [InlineData("refs/tags/v1", true)]
    [InlineData("refs/tags/nightly", false)]
    [InlineData("refs/tags/mirror-kept/20261121T020000Z/heads/main", false)]
    [InlineData("refs/tags/mirror-kept", false)]
    [InlineData("refs/tags/mirror-part", false)]
    [InlineData("refs/tags/mirror-part/x", false)]
    [InlineData("refs/tags/mirror-kept-20261121T020000Z", true)]
    [InlineData("refs/tags/mirror-parts", true)]
    [InlineData("refs/tags/mirror", true)]
    [InlineData("refs/heads/mirror-kept", true)]
    [InlineData("refs/pull/1/head", false)]
    [InlineData("refs/notes/commits", false)]
    [InlineData("HEAD", false)]
    public void Negative_pattern_wins_and_kept_tips_are_never_mirrored(string name, bool included) =>
        RefPatternSet
            .Parse("refs/heads/*", "^refs/heads/wip/*", "refs/tags/*", "^refs/tags/nightly")
            .Includes(RefName.FromText(name))
            .ShouldBe(included);

    [Fact]
    public void Kept_tips_are_left_out_even_when_they_are_asked_for() =>
        RefPatternSet
            .Parse("refs/tags/mirror-kept/*")
            .Includes(RefName.FromText("refs/tags/mirror-kept/20261121T020000Z/heads/main"))
            .ShouldBeFalse();

    [Theory]
    [InlineData("refs/tags/mirror-kept", true)]
    [InlineData("refs/tags/mirror-kept/x", true)]
    [InlineData("refs/tags/mirror-part", true)]
    [InlineData("refs/tags/mirror-parts", false)]
    [InlineData("refs/tags/v1", false)]
    [InlineData("refs/pull/1/head", false)]
    public void Names_that_only_the_mirror_may_use_are_left_out_of_what_the_patterns_take_in(string name, bool isLeftOut)
    {
        RefPatternSet.BranchesAndTags.LeavesOut(RefName.FromText(name)).ShouldBe(isLeftOut);
        RefPatternSet.Parse("refs/heads/*").LeavesOut(RefName.FromText(name)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("refs/tags/mirror-kept/20261121T020000Z/heads/main", true)]
    [InlineData("refs/tags/mirror-kept", false)]
    [InlineData("refs/tags/mirror-part", false)]
    public void What_brings_kept_tips_back_takes_in_nothing_that_stands_in_their_way(string name, bool included) =>
        RefPatternSet.BranchesAndTags.WithKept().Includes(RefName.FromText(name)).ShouldBe(included);

    [Fact]
    public void Servers_are_asked_for_the_prefixes_of_what_is_taken_in()
    {
        RefPatternSet.BranchesAndTags.Prefixes.ShouldBe(["refs/heads/", "refs/tags/"]);
        RefPatternSet
            .Parse("refs/heads/main", "refs/heads/r*", "^refs/tags/x", "refs/heads/r*")
            .Prefixes.ShouldBe(["refs/heads/main", "refs/heads/r"]);
    }

    [Fact]
    public void Set_that_takes_nothing_in_is_refused() => Should.Throw<ArgumentException>(() => RefPatternSet.Parse("^refs/heads/wip/*"));

    private static RefPattern Parse(string text) =>
        RefPattern.TryParse(text, out var pattern, out var problem) ? pattern! : throw new FormatException(problem);
}
