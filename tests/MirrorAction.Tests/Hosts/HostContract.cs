using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Hosts;

/// <summary>What every host does alike, tried on its listing against a scripted server. A child says how its host lists.</summary>
public abstract partial class HostContract : IAsyncLifetime
{
    /// <summary>The token of every client under test.</summary>
    protected const string Token = "t0ken-that-nobody-may-see+/=";

    /// <summary>The address of the second page in the scripts.</summary>
    protected virtual string SecondPage => "/page-two?after=b";

    protected SkippingTime Time { get; } = new();

    protected HttpClient Http { get; } = RestTransport.CreateClient();

    protected StubHost Stub { get; private set; } = null!;

    protected List<string> Said { get; } = [];

    public virtual async ValueTask InitializeAsync()
    {
        Stub = await StubHost.StartAsync();
        Time.SkipWaits(wait => wait != RestClient.IdleTimeout);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Stub.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lists with a new client; the names in the order of the answer.</summary>
    protected abstract Task<IReadOnlyList<string>> ListAsync(DateTimeOffset? deadline = null, CancellationToken cancellationToken = default);

    /// <summary>The script of the first page, whatever comes before it being scripted too.</summary>
    protected abstract StubRoute FirstPage();

    /// <summary>Scripts a page of repositories.</summary>
    /// <param name="route">Where.</param>
    /// <param name="next">The address of the next page; null on the last.</param>
    /// <param name="names">The repositories.</param>
    protected abstract void ReplyPage(StubRoute route, string? next, params string[] names);

    /// <summary>A refusal in the host's form.</summary>
    protected abstract string Refusal(string message);

    /// <summary>Repositories with unknown fields of all kinds and without any optional one, on one page; named <c>a</c>.</summary>
    protected abstract string OddPage { get; }

    /// <summary>How often a request that answers 401 is sent.</summary>
    protected abstract int TriesAfterUnauthorized { get; }

    /// <summary>What the address of a listing has in it.</summary>
    protected virtual string ListingWord => "repos";

    /// <summary>The requests for the first page.</summary>
    protected IReadOnlyList<StubRequest> PageRequests =>
        [.. Stub.Requests.Where(request => request.Target.Contains(ListingWord, StringComparison.Ordinal))];

    /// <summary>All requests but those by which a credential is had, and whether the owner is an organisation.</summary>
    protected virtual IReadOnlyList<StubRequest> Asked =>
        [
            .. Stub.Requests.Where(request =>
                request.Target.Split('/')[^1] is not ("installation" or "access_tokens" or "access_token")
                && !request.Target.Contains("/users/", StringComparison.Ordinal)
                && !request.Target.Contains("/namespaces/", StringComparison.Ordinal)
            ),
        ];

    protected async Task<HostException> ListingFailsAsync(DateTimeOffset? deadline = null)
    {
        var e = await Should.ThrowAsync<HostException>(() => ListAsync(deadline));
        e.Failure.Hint.ShouldNotBeEmpty();
        e.ToString().ShouldNotContain(Token);
        return e;
    }

    [Fact]
    public async Task Pages_are_followed_to_the_last()
    {
        ReplyPage(FirstPage(), Stub.Url + SecondPage, "a", "b");
        ReplyPage(Stub.On("GET", SecondPage), null, "c");

        (await ListAsync()).ShouldBe(["a", "b", "c"]);
        Stub.VerifyAllUsed();
    }

    [Fact]
    public async Task Repository_on_two_pages_is_listed_once()
    {
        ReplyPage(FirstPage(), Stub.Url + SecondPage, "a", "b");
        ReplyPage(Stub.On("GET", SecondPage), null, "b", "c");

        (await ListAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Listing_of_nothing_is_empty()
    {
        ReplyPage(FirstPage(), null);

        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Listing_that_fails_on_its_second_page_is_a_failure()
    {
        ReplyPage(FirstPage(), Stub.Url + SecondPage, "a", "b");
        Stub.On("GET", SecondPage).Reply(404, Refusal("Not Found"));

        (await ListingFailsAsync()).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Credentials_and_user_agent_are_sent_with_the_first_request()
    {
        ReplyPage(FirstPage(), null, "a");
        await ListAsync();

        Stub.Requests.ShouldAllBe(request => request.Header("Authorization") != null);
        Stub.Requests[0].Header("User-Agent").ShouldNotBeNull().ShouldStartWith("MirrorAction/");
    }

    [Fact]
    public async Task Unknown_fields_and_missing_optional_ones_are_fine()
    {
        FirstPage().Reply(200, OddPage);

        (await ListAsync()).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData("""[{"id":1""")]
    [InlineData("""{"values":[{"slug":"a"}""")]
    [InlineData("null")]
    [InlineData("""{"values":3}""")]
    [InlineData("""{"values":[{"slug":"a"}]} 1""")]
    [InlineData("""[{"id":1,"name":"a"}] 1""")]
    [InlineData("""{"values":[],"next":"\ud800"}""")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("\u0001\u0002")]
    public async Task Answer_of_another_shape_is_a_protocol_failure(string body)
    {
        FirstPage().Reply(200, body);

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Json_of_a_thousand_levels_is_a_protocol_failure()
    {
        FirstPage().Reply(200, new string('[', 1000) + new string(']', 1000));

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Fact]
    public async Task Body_that_is_huge_once_decompressed_is_a_protocol_failure()
    {
        FirstPage()
            .Reply(async context =>
            {
                context.Response.ContentType = "application/json";
                context.Response.Headers.ContentEncoding = "gzip";
                await using var zip = new System.IO.Compression.GZipStream(
                    context.Response.Body,
                    System.IO.Compression.CompressionLevel.Fastest,
                    leaveOpen: true
                );
                var spaces = new byte[1024 * 1024];
                spaces.AsSpan().Fill((byte)' ');
                for (var written = 0; written <= RestClient.MaxBody; written += spaces.Length)
                {
                    await zip.WriteAsync(spaces);
                }
            });

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        e.Message.ShouldContain("8 MiB");
    }

    [Fact]
    public async Task Damaged_compression_is_tried_again()
    {
        var route = FirstPage().Reply(200, "not gzip", ("Content-Encoding", "gzip"));
        ReplyPage(route, null, "a");

        (await ListAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public virtual async Task Next_page_on_another_host_is_not_asked_for()
    {
        await using var other = await StubHost.StartAsync();
        ReplyPage(FirstPage(), other.Url + SecondPage, "a");

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public virtual async Task Next_page_by_another_scheme_is_not_asked_for()
    {
        ReplyPage(FirstPage(), Stub.Url.Replace("http:", "https:", StringComparison.Ordinal) + SecondPage, "a");

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }

    [Fact]
    public virtual async Task Pages_in_a_circle_are_a_protocol_failure()
    {
        ReplyPage(FirstPage(), Stub.Url + SecondPage, "a");
        ReplyPage(Stub.On("GET", SecondPage), Stub.Url + SecondPage, "b");

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        Stub.VerifyAllUsed();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Redirect_within_the_host_is_followed_with_credentials(int status)
    {
        FirstPage().Reply(status, "", ("Location", "/moved"));
        ReplyPage(Stub.On("GET", "/moved"), null, "a");

        (await ListAsync()).ShouldBe(["a"]);
        Stub.Requests[^1].Header("Authorization").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(307)]
    public async Task Redirect_to_another_host_is_refused_and_carries_no_credentials(int status)
    {
        await using var other = await StubHost.StartAsync();
        FirstPage().Reply(status, "", ("Location", other.Url + "/moved"));

        var e = await ListingFailsAsync();
        e.Failure.Kind.ShouldBe(HostFailureKind.Protocol);
        e.Status.ShouldBe(status);
        other.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    public async Task Redirect_without_an_address_leads_nowhere(int status)
    {
        FirstPage().Reply(status, "");

        var e = await ListingFailsAsync();
        (e.Failure.Kind, e.Status).ShouldBe((HostFailureKind.Protocol, status));
        e.Message.ShouldContain("leads nowhere");
    }

    [Fact]
    public async Task Redirects_without_end_are_a_protocol_failure()
    {
        FirstPage().Reply(302, "", ("Location", "/moved"));
        Stub.On("GET", "/moved").Always(302, "", ("Location", "/moved"));

        (await ListingFailsAsync()).Failure.Kind.ShouldBe(HostFailureKind.Protocol);
    }
}
