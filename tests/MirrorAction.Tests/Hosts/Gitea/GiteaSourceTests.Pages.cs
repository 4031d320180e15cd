using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts.Gitea;

/// <content>Pages are asked for by their number.</content>
public sealed partial class GiteaSourceTests
{
    protected override string SecondPage => $"{Api}/orgs/acme/repos?page=2&limit=50";

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

    [Fact]
    public async Task Full_page_is_followed_by_another_while_more_are_counted()
    {
        IsOrganization();
        Stub.On("GET", $"{Api}/settings/api").Reply(200, """{"max_response_items":1}""");
        Stub.On("GET", $"{Api}/orgs/acme/repos?page=1&limit=1").Reply(200, $"[{Repository("a")}]", ("X-Total-Count", "2"));
        Stub.On("GET", $"{Api}/orgs/acme/repos?page=2&limit=1").Reply(200, $"[{Repository("b")}]", ("X-Total-Count", "2"));

        (await ListAsync()).ShouldBe(["a", "b"]);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(200, 0, true)]
    [InlineData(404, 200, false)]
    public async Task Owner_whose_page_is_refused_is_found_by_its_listing(int organization, int user, bool isOrganization)
    {
        IsOrganization();
        Stub.On("GET", $"{Api}/orgs/acme").Reply(403, Refusal("no"));
        _ = isOrganization ? null : Stub.On("GET", $"{Api}/users/acme").Reply(405, Refusal("no"));
        Stub.On("GET", $"{Api}/orgs/acme/repos?page=1&limit=1").Reply(organization, organization == 200 ? "[]" : Refusal("none"));
        _ = user == 0 ? null : Stub.On("GET", $"{Api}/users/acme/repos?page=1&limit=1").Reply(user, "[]");
        ReplyPage(Stub.On("GET", $"{Api}/{(isOrganization ? "orgs" : "users")}/acme/repos?{Page}"), null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Stub.VerifyAllUsed();
    }
}
