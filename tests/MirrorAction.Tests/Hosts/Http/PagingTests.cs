using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.Http;

public sealed class PagingTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("nonsense", null)]
    [InlineData("<https://h/2>", null)]
    [InlineData("<https://h/2", null)]
    [InlineData("> <", null)]
    [InlineData("<https://h/2>; rel=\"next\"", "https://h/2")]
    [InlineData("<https://h/2>; rel=next", "https://h/2")]
    [InlineData("<https://h/2>;REL=\"NEXT\"", "https://h/2")]
    [InlineData("<https://h/1>; rel=\"prev\", <https://h/3?a=1,2;3>; rel=\"next\"; title=\"x\", <https://h/9>; rel=\"last\"", "https://h/3?a=1,2;3")]
    [InlineData("<https://h/1>; rel=\"prev\", <https://h/9>; rel=\"last\"", null)]
    [InlineData("<https://h/1>; title=\"next\"", null)]
    public void Next_page_of_a_link_header(string? header, string? next) => LinkHeader.Next(header).ShouldBe(next);

    [Theory]
    [InlineData("https://api.example/other?page=2", "https://api.example/other?page=2")]
    [InlineData("https://API.example:443/x", "https://api.example/x")]
    [InlineData("/x?y", "https://api.example/x?y")]
    [InlineData("?page=2", "https://api.example/repos?page=2")]
    [InlineData(null, null)]
    [InlineData("", null)]
    public void Page_on_the_same_host_is_followed(string? next, string? page) =>
        new Pagination(new Uri("https://api.example/repos?page=1")).Follow(next)?.AbsoluteUri.ShouldBe(page);

    [Theory]
    [InlineData("http://api.example/repos?page=2")]
    [InlineData("https://api.example.evil/repos?page=2")]
    [InlineData("https://api.example:444/repos?page=2")]
    [InlineData("https://user@api.example/repos?page=2")]
    [InlineData("//evil.example/repos")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://[")]
    [InlineData("https://api.example/repos?page=1")]
    public void Page_elsewhere_or_read_already_is_not_followed(string next) =>
        Should
            .Throw<HostException>(() => new Pagination(new Uri("https://api.example/repos?page=1")).Follow(next))
            .Failure.Kind.ShouldBe(HostFailureKind.Protocol);

    [Fact]
    public void Listing_without_end_is_given_up()
    {
        var trail = new Pagination(new Uri("https://api.example/repos"));
        for (var page = 2; page <= Pagination.MaxPages; page++)
        {
            trail.Follow($"?page={page}").ShouldNotBeNull();
        }

        Should.Throw<HostException>(() => trail.Follow("?page=last")).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Theory]
    [InlineData(10_001, 10, 1)] // Entries.
    [InlineData(1, 33, 32 * 1024 * 1024)] // Bytes as they came, of which little was kept.
    public void Listing_beyond_measure_is_given_up_whatever_its_pages_hold(int entries, int pages, long received)
    {
        using var response = new HttpResponseMessage();
        var answer = new RestResponse("GET /repos", 200, response.Headers, "application/json", []) { Received = received };
        var page = new JsonPage([.. Enumerable.Repeat(new ReadOnlyMemory<byte>([]), entries)], null);
        var trail = new Pagination(new Uri("https://api.example/repos"));
        for (var i = 1; i < pages; i++)
        {
            trail.Count(answer, page);
        }

        Should.Throw<HostException>(() => trail.Count(answer, page)).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Theory]
    [InlineData("https://h", "https://h/users/x")]
    [InlineData("https://h/", "https://h/users/x")]
    [InlineData("https://h/api/v3", "https://h/api/v3/users/x")]
    [InlineData("https://h/api/v3/?a=b", "https://h/api/v3/users/x")]
    public void Base_address_may_have_a_path(string baseUrl, string joined) => HostUrl.Join(new Uri(baseUrl), "users/x").AbsoluteUri.ShouldBe(joined);

    [Fact]
    public void Name_stays_one_segment_of_the_path() => HostUrl.Segment("../a?b#c%2F").ShouldBe("..%2Fa%3Fb%23c%252F");
}
