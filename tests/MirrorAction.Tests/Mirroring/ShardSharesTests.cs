using MirrorAction.Mirroring.Selection;

namespace MirrorAction.Tests.Mirroring;

public sealed class ShardSharesTests
{
    [Theory]
    [InlineData(1, 1000)]
    [InlineData(5, 200)]
    [InlineData(3, 333)]
    [InlineData(256, 3)]
    public void Shares_together_are_no_more_than_the_limit(int count, int share)
    {
        new ShardShares(count).Of(1000).ShouldBe(share);
        (share * count).ShouldBeLessThanOrEqualTo(1000);
    }

    [Fact]
    public void Share_is_never_nothing() => new ShardShares(256).Of(60).ShouldBe(1);

    [Fact]
    public void Pause_of_each_shard_keeps_the_pace_of_all() =>
        new ShardShares(4).Stretch(TimeSpan.FromMilliseconds(500)).ShouldBe(TimeSpan.FromSeconds(2));

    [Fact]
    public void Listing_that_eats_the_share_is_told_with_the_number_of_shards_that_fit() =>
        new ShardShares(20)
            .Advise(1000, 50)
            .ShouldBe(
                "The listing of the destination takes 50 of the 50 REST requests an hour that are the share of each of 20 shards (1000 for all). "
                    + "With 10 or fewer, at least half of every share is left for new repositories."
            );

    [Theory]
    [InlineData(10, 1000, 50)]
    [InlineData(1, 1000, 900)]
    [InlineData(20, null, 50)]
    public void Listing_that_leaves_half_or_has_no_limit_is_not_worth_a_word(int count, int? limit, int listing) =>
        new ShardShares(count).Advise(limit, listing).ShouldBeNull();

    [Fact]
    public void Number_of_shards_that_is_advised_needs_no_advice()
    {
        for (var listing = 1; listing <= 500; listing++)
        {
            new ShardShares(Math.Max(1000 / (listing * 2), 1)).Advise(1000, listing).ShouldBeNull();
        }
    }
}
