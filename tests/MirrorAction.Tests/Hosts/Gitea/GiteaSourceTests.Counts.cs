namespace MirrorAction.Tests.Hosts.Gitea;

/// <content>A listing is held against the number of repositories that the host counts.</content>
public sealed partial class GiteaSourceTests
{
    [Fact]
    public async Task Fewer_entries_than_counted_are_read_again()
    {
        FirstPage().Always(200, $"[{Repository("a")}]", ("X-Total-Count", "3"), ("Link", $"<{Stub.Url}{SecondPage}>; rel=\"next\""));
        Stub.On("GET", SecondPage)
            .Reply(200, $"[{Repository("b")}]", ("X-Total-Count", "3"))
            .Reply(200, $"[{Repository("b")},{Repository("c")}]", ("X-Total-Count", "3"));

        (await ListAsync()).ShouldBe(["a", "b", "c"]);
        Said.ShouldBeEmpty();
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Deletion_that_moves_the_pages_is_noticed_by_the_first_count()
    {
        FirstPage()
            .Reply(200, $"[{Repository("a")},{Repository("b")}]", ("X-Total-Count", "4"), ("Link", $"<{Stub.Url}{SecondPage}>; rel=\"next\""))
            .Reply(200, $"[{Repository("b")},{Repository("c")}]", ("X-Total-Count", "3"), ("Link", $"<{Stub.Url}{SecondPage}>; rel=\"next\""));
        Stub.On("GET", SecondPage)
            .Reply(200, $"[{Repository("d")}]", ("X-Total-Count", "3"))
            .Reply(200, $"[{Repository("d")}]", ("X-Total-Count", "3"));

        (await ListAsync()).ShouldBe(["b", "c", "d"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Repositories_that_are_counted_and_hidden_are_told()
    {
        FirstPage().Always(200, $"[{Repository("a")},{{\"id\":7}}]", ("X-Total-Count", "5"));

        (await ListAsync()).ShouldBe(["a"]);
        PageRequests.Count.ShouldBe(1);
        Said.ShouldHaveSingleItem().ShouldContain("counts 5 repositories of acme and lists 2");
    }

    [Fact]
    public async Task Listing_that_never_comes_to_rest_is_a_failure()
    {
        FirstPage().Always(200, "[]", ("X-Total-Count", "3"), ("Link", $"<{Stub.Url}{SecondPage}>; rel=\"next\""));
        Stub.On("GET", SecondPage)
            .Reply(200, $"[{Repository("a")}]", ("X-Total-Count", "3"))
            .Reply(200, $"[{Repository("b")}]", ("X-Total-Count", "3"))
            .Reply(200, $"[{Repository("c")}]", ("X-Total-Count", "3"));

        (await ListingFailsAsync()).IsTransient.ShouldBeTrue();
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("99999999999999999999")]
    public async Task Count_that_is_none_is_as_good_as_none(string count)
    {
        FirstPage().Reply(200, $"[{Repository("a")}]", ("X-Total-Count", count));

        (await ListAsync()).ShouldBe(["a"]);
    }
}
