using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Configuration;

public sealed class ShardInputTests
{
    [Fact]
    public void Shard_reaches_the_engine_with_its_share_of_the_limits()
    {
        var mirror = Given.Build(Given.With(("INPUT_SHARD", " 2/5 "))).Mirror;

        mirror.Shard.ShouldBe(new Shard(2, 5));
        mirror.Shares.ShouldBe(new ShardShares(5));
    }

    [Fact]
    public void Plan_knows_how_many_shards_there_will_be()
    {
        var settings = Given.Build(Given.With(("INPUT_MODE", "plan"), ("INPUT_SHARD-COUNT", "4")));

        settings.ShardCount.ShouldBe(4);
        settings.Mirror.Shard.ShouldBeNull();
        settings.Mirror.Shares.ShouldBe(new ShardShares(4));
        settings.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Run_without_shards_has_the_limits_to_itself() => Given.Build(Given.Minimum).Mirror.Shares.ShouldBe(new ShardShares(1));

    [Fact]
    public void Count_of_shards_without_a_plan_is_told_and_divides_nothing()
    {
        var settings = Given.Build(Given.With(("INPUT_SHARD-COUNT", "4")));

        settings.Warnings.ShouldHaveSingleItem().ShouldContain("has a meaning only with mode plan");
        settings.Mirror.Shares.ShouldBe(new ShardShares(1));
    }

    [Fact]
    public void Joining_reports_is_never_taken_for_a_run() =>
        Given.ProblemsOfFile("mode: report"u8.ToArray()).ShouldHaveSingleItem().ToString().ShouldContain("report joins the reports of other runs");

    [Theory]
    [InlineData("6/5")]
    [InlineData("0/5")]
    [InlineData("half")]
    [InlineData("1/257")]
    public void Wrong_shard_is_refused(string text) =>
        Given
            .ProblemOf("INPUT_SHARD", text)
            .ShouldBe($"shard (INPUT_SHARD): expected one part of at most 256, such as 2/5 for the second of five, not '{text}'.");

    [Theory]
    [InlineData("0")]
    [InlineData("257")]
    [InlineData("many")]
    public void Wrong_count_is_refused(string text) =>
        Given
            .ProblemsOf(Given.With(("INPUT_MODE", "plan"), ("INPUT_SHARD-COUNT", text)))
            .ShouldHaveSingleItem()
            .ShouldBe($"shard-count (INPUT_SHARD-COUNT): expected a whole number from 1 to 256, not '{text}'.");
}
