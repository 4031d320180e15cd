using MirrorAction.Hosts;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Gitea;

/// <content>Pages are asked for by their number.</content>
public sealed partial class GiteaDestinationTests
{
    protected override string SecondPage => $"{Api}/orgs/{Owner}/repos?page=2&limit=50";

    [Fact]
    public override async Task Next_page_on_another_host_is_not_asked_for()
    {
        await using var other = await StubHost.StartAsync();
        ReplyPage(FirstPage(), other.Url + SecondPage, "a");
        ReplyPage(Stub.On("GET", SecondPage), null, "b");

        (await ListAsync()).ShouldBe(["a", "b"]); // The host builds the address of one that may not be its own: its number is enough.
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public override async Task Next_page_by_another_scheme_is_not_asked_for()
    {
        ReplyPage(FirstPage(), Stub.Url.Replace("http:", "https:", StringComparison.Ordinal) + SecondPage, "a");
        ReplyPage(Stub.On("GET", SecondPage), null, "b");

        (await ListAsync()).ShouldBe(["a", "b"]);
    }

    [Fact]
    public override async Task Pages_in_a_circle_are_a_protocol_failure()
    {
        ReplyPage(FirstPage(), Stub.Url + SecondPage, "a");
        ReplyPage(Stub.On("GET", SecondPage), Stub.Url + SecondPage, "b");
        ReplyPage(Stub.On("GET", SecondPage.Replace("page=2", "page=3", StringComparison.Ordinal)), null, "c");

        (await ListAsync()).ShouldBe(["a", "b", "c"]); // Pages are counted: there is no circle to walk in.
    }

    [Theory]
    [InlineData(",\"internal\":true")]
    [InlineData(",\"owner\":{\"login\":\"acme-mirror\",\"visibility\":\"limited\"}")]
    public async Task What_everyone_with_an_account_may_read_is_not_private(string more)
    {
        FirstPage().Reply(200, $$"""[{"id":1,"name":"a","private":false{{more}}}]""");

        (await Client().ListAsync(default)).Repositories.ShouldHaveSingleItem().Visibility.ShouldBe(Visibility.Internal);
    }
}
