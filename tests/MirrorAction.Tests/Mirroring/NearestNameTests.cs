using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class NearestNameTests
{
    private static readonly string[] s_names =
    [
        "repositories",
        "exclude",
        "prune",
        "github-owner",
        "github-token",
        "bitbucket-token",
        "only",
        "keep",
    ];

    [Theory]
    [InlineData("exlude", "exclude")]
    [InlineData("EXCLUDES", "exclude")]
    [InlineData("repository", "repositories")]
    [InlineData("github_owner", "github-owner")]
    [InlineData("pruen", "prune")] // Two letters changed places: one slip, also in a short word.
    [InlineData("onyl", "only")]
    [InlineData("repos", "repositories")]
    [InlineData("owner", "github-owner")]
    [InlineData("token", null)] // Of two.
    [InlineData("gith", null)]
    [InlineData("own", null)]
    [InlineData("lfs", null)]
    [InlineData("", null)]
    public void Nearest_name_is_that_of_the_fewest_slips_or_the_only_one_that_was_shortened(string given, string? nearest) =>
        NearestName.Of(given, s_names).ShouldBe(nearest);

    [Fact]
    public void Very_long_name_is_near_to_none() => NearestName.Of(new string('a', 129), [new string('a', 129)]).ShouldBeNull();
}
