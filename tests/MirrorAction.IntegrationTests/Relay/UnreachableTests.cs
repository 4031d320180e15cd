using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.Mirroring.Refs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Relay;

/// <summary>URLs behind which there is no repository, or not for everyone.</summary>
public sealed class UnreachableTests
{
    private const string LoginPage = "<html><head><style>b{}</style></head><body><h1>Please sign in</h1></body></html>";

    public static TheoryData<bool, int, ErrorCode> Refusals =>
        new()
        {
            { true, 401, ErrorCode.SourceUnauthorized },
            { true, 403, ErrorCode.SourceForbidden },
            { true, 404, ErrorCode.SourceNotFound },
            { true, 410, ErrorCode.SourceNotFound },
            { false, 401, ErrorCode.DestinationUnauthorized },
            { false, 403, ErrorCode.DestinationForbidden },
            { false, 404, ErrorCode.DestinationNotFound },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_is_final_and_quoted_without_markup(bool atSource, int status, ErrorCode code)
    {
        await using var world = await StartAsync();
        Server(world, atSource).Intercept = Interceptions.Answer(status, LoginPage, "text/html; charset=utf-8");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(code);
        report.Error.Message.ShouldContain("Please sign in");
        report.Error.Message.ShouldNotContain("<");
        report.Attempts.ShouldBe(1);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_web_page_is_no_repository_and_may_be_gone_the_next_time(bool atSource)
    {
        await using var world = await StartAsync();
        Server(world, atSource).Intercept = Interceptions.Answer(200, LoginPage, "text/html; charset=utf-8");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("is this the URL of a git repository?");
        report.Attempts.ShouldBe(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_missing_repository_is_not_found(bool atSource)
    {
        await using var world = await StartAsync();
        var url = new Uri(Server(world, atSource).Url, "nothing-here.git");

        var report = await world.MirrorAsync(change: job =>
            atSource ? job with { Source = new GitEndpoint(url) } : job with { Destination = new GitEndpoint(url) }
        );

        report.Error!.Code.ShouldBe(atSource ? ErrorCode.SourceNotFound : ErrorCode.DestinationNotFound);
    }

    [Theory]
    [InlineData(true, 301)]
    [InlineData(true, 302)]
    [InlineData(true, 307)]
    [InlineData(false, 301)]
    [InlineData(false, 308)]
    public async Task A_redirect_on_the_same_host_is_followed_with_the_login(bool atSource, int status)
    {
        await using var world = await StartAsync();
        var server = Server(world, atSource);
        var login = new BasicLogin("mirror", "s3cret");
        server.ReadLogin = login;
        var moved = Interceptions.Redirect(status, request => $"/website.git{request.Path.Value!["/renamed.git".Length..]}{request.QueryString}");
        server.Intercept = Interceptions.On(r => r.Path.StartsWithSegments("/renamed.git"), moved);
        var endpoint = new GitEndpoint(new Uri(server.Url, "renamed.git"), StaticCredential.Basic(login.User, login.Password));

        var report = await world.MirrorAsync(change: job => atSource ? job with { Source = endpoint } : job with { Destination = endpoint });

        report.Error.ShouldBeNull();
        report.Attempts.ShouldBe(1);
        world.ShouldBeEqual();
        server.Requests.ShouldAllBe(r => r.Login == login);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_to_another_host_is_refused_and_nobody_there_hears_of_it(bool atSource)
    {
        await using var world = await StartAsync();
        await using var other = await GitHttpBackend.StartAsync();
        Server(world, atSource).Intercept = Interceptions.Redirect(301, request => $"{other.Url}website.git/info/refs{request.QueryString}");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("another host");
        report.Attempts.ShouldBe(1);
        other.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_in_a_circle_ends()
    {
        await using var world = await StartAsync();
        world.DestinationServer.Intercept = Interceptions.Redirect(302, request => $"{request.Path}{request.QueryString}");

        var report = await world.MirrorAsync();

        report.Error!.Code.ShouldBe(ErrorCode.Protocol);
        report.Error.Message.ShouldContain("in circles");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_down_is_tried_as_often_as_asked(bool isSource)
    {
        await using var world = await StartAsync();
        var gone = await GitHttpBackend.StartAsync();
        var url = gone.UrlOf("website");
        await gone.DisposeAsync();

        var report = await world.MirrorAsync(
            new RefOptions { MaxAttempts = 3 },
            job => isSource ? job with { Source = new GitEndpoint(url) } : job with { Destination = new GitEndpoint(url) }
        );

        report.Error!.Code.ShouldBe(ErrorCode.Network);
        report.Attempts.ShouldBe(3);
        report.Error.Message.ShouldContain(url.Authority);
    }

    [Fact]
    public async Task A_cancelled_run_says_so()
    {
        await using var world = await StartAsync();
        using var stop = new CancellationTokenSource();
        world.SourceServer.Intercept = async (_, next) =>
        {
            await stop.CancelAsync();
            await next();
        };

        var report = await world.MirrorAsync(cancellationToken: stop.Token);

        report.Error!.Code.ShouldBe(ErrorCode.Cancelled);
        world.Destination.ForEachRef().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("zzzz")]
    [InlineData("ffff")]
    [InlineData("0003")]
    [InlineData("0008abcd0000")]
    [InlineData("001e# service=git-upload-pack\n0000")]
    public async Task An_advertisement_of_nonsense_is_an_error_and_no_empty_repository(string nonsense)
    {
        await using var world = await StartAsync();
        world.DestinationServer.Intercept = Interceptions.On(
            r => r.IsAdvertisement(),
            Interceptions.Answer(200, nonsense, "application/x-git-receive-pack-advertisement")
        );

        var report = await world.MirrorAsync(new RefOptions { MaxAttempts = 1 });

        report.Status.ShouldBe(RepositoryStatus.Failed);
        report.Error!.Code.ShouldBeOneOf(ErrorCode.Protocol, ErrorCode.Network);
        world.Pushes.ShouldBeEmpty();
    }

    private static async Task<RelayWorld> StartAsync()
    {
        var world = await RelayWorld.StartAsync();
        world.Source.Commit("a", "1\n");
        return world;
    }

    private static GitHttpBackend Server(RelayWorld world, bool source) => source ? world.SourceServer : world.DestinationServer;
}
