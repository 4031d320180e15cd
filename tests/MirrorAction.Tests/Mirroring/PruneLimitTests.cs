using MirrorAction.Mirroring.Refs;

namespace MirrorAction.Tests.Mirroring;

public sealed class PruneLimitTests
{
    [Theory]
    [InlineData("50%", 5, 5, false)] // Five are never too many,
    [InlineData("0%", 5, 5, false)]
    [InlineData("0", 5, 5, false)]
    [InlineData("50%", 6, 6, true)] // six may be.
    [InlineData("50%", 6, 12, false)] // Exactly half is not more than half,
    [InlineData("50%", 7, 13, true)] // a little more is.
    [InlineData("50%", 6, 11, true)]
    [InlineData("0%", 6, 1000, true)]
    [InlineData("100%", 1000, 1000, false)]
    [InlineData("1%", 10, 1000, false)]
    [InlineData("1%", 11, 1000, true)]
    [InlineData("20", 20, 20, false)]
    [InlineData("20", 21, 1000000, true)]
    [InlineData("3", 5, 5, false)]
    [InlineData("3", 6, 100, true)]
    [InlineData("50%", 2000000000, 2000000000, true)]
    [InlineData("50%", 0, 0, false)]
    public void More_than_the_share_and_more_than_five_are_refused(string limit, int deletions, int refs, bool isRefused)
    {
        PruneLimit.TryParse(limit, out var parsed).ShouldBeTrue();

        parsed.Refuses(deletions, refs).ShouldBe(isRefused);
        parsed.ToString().ShouldBe(limit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("101%")]
    [InlineData("-1")]
    [InlineData("-1%")]
    [InlineData("+5")]
    [InlineData("5.5%")]
    [InlineData("1e3")]
    [InlineData("half")]
    [InlineData("50%%")]
    [InlineData("99999999999")]
    [InlineData(" 5")]
    public void Anything_else_is_no_limit(string text) => PruneLimit.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Space_before_the_percent_sign_is_allowed()
    {
        PruneLimit.TryParse("50 %", out var limit).ShouldBeTrue();
        limit.ShouldBe(PruneLimit.Percent(50));
        PruneLimit.Count(50).ShouldNotBe(PruneLimit.Percent(50));
    }
}
