using System.IO.Compression;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Git.Model;
using MirrorAction.Git.Packs;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Http;

public sealed class SmartHttpTests : IDisposable
{
    private const string Advertisement = "application/x-git-receive-pack-advertisement";
    private static readonly byte[] s_empty = Wire.Packets(
        "# service=git-receive-pack",
        "0000",
        @"0000000000000000000000000000000000000000 capabilities^{}\0report-status",
        "0000"
    );
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));
    private readonly GitHttp _http;

    public SmartHttpTests() => _http = new GitHttp(new GitHttpOptions { Time = _time });

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(401, false)]
    [InlineData(402, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(407, false)]
    [InlineData(408, true)]
    [InlineData(410, false)]
    [InlineData(413, false)]
    [InlineData(418, false)]
    [InlineData(429, true)]
    [InlineData(451, false)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(204, false)]
    public async Task Status_is_a_refusal_with_the_servers_words(int status, bool isTransient)
    {
        var e = await RefusedAsync(new WireAnswer(status, "text/plain", status == 204 ? "" : "Your plan is over its quota.\n\u001b[2J::error::x"));

        e.Status.ShouldBe((HttpStatusCode)status);
        e.IsTransient.ShouldBe(isTransient);
        e.Service.ShouldBe(GitService.ReceivePack);
        e.RemoteMessage.ShouldBe(status == 204 ? "" : "Your plan is over its quota. ::error::x");
        e.Message.ShouldContain($"answered {status}");
        e.Message.ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task Error_page_is_quoted_without_its_markup_and_not_at_length()
    {
        var e = await RefusedAsync(
            new WireAnswer(
                502,
                "text/html; charset=utf-8",
                "<html><style>p{}</style><h1>Bad gateway</h1><p>" + string.Concat(Enumerable.Repeat("sorry ", 500)) + "</p></html>"
            )
        );

        e.RemoteMessage.ShouldStartWith("Bad gateway sorry");
        e.RemoteMessage.Length.ShouldBe(601);
        e.RemoteMessage.ShouldEndWith("…");
    }

    [Fact]
    public async Task Endless_error_page_is_read_to_its_bound()
    {
        var e = await RefusedAsync(new WireAnswer(500, "text/plain", new string('x', 3 << 20)));

        e.RemoteMessage.Length.ShouldBe(601);
    }

    [Theory]
    [InlineData("Retry-After: 120", 120)]
    [InlineData("Retry-After: 0", 0)]
    [InlineData("Retry-After: Sat, 21 Nov 2026 02:01:30 GMT", 90)]
    [InlineData("Retry-After: Saturday, 21-Nov-26 02:01:30 GMT", 90)]
    [InlineData("Retry-After: Sat, 21 Nov 2026 01:00:00 GMT", 0)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry-After: -5", null)]
    [InlineData("Retry-After: 99999999999999", null)]
    [InlineData("Retry-After:", null)]
    [InlineData("X-Other: 1", null)]
    public async Task Wait_that_the_server_asks_for_is_known(string header, int? seconds)
    {
        var e = await RefusedAsync(new WireAnswer(429, "text/plain", "slow down", header));

        e.RetryAfter.ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
    }

    [Fact]
    public async Task Web_page_in_the_place_of_an_answer_may_pass()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(200, "text/html", "<title>Log in</title>"));

        var e = await Should.ThrowAsync<GitRemoteException>(() => Client(server).DiscoverAsync(Wire.Token));

        e.Message.ShouldContain("Log in");
        e.IsTransient.ShouldBeTrue();
    }

    [Theory]
    [InlineData("application/octet-stream", "")]
    [InlineData("", "")]
    [InlineData("application/x-git-upload-pack-advertisement", "")]
    [InlineData("application/x-git-receive-pack-result", "")]
    public async Task Answer_of_another_type_is_no_git_server(string type, string body)
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(200, type, body));

        var e = await Should.ThrowAsync<GitProtocolException>(() => Client(server).DiscoverAsync(Wire.Token));

        e.Message.ShouldContain("is this the URL of a git repository?");
        e.Message.ShouldContain("where application/x-git-receive-pack-advertisement was expected");
        e.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task Content_type_may_have_parameters_and_any_case()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "Application/X-Git-Receive-Pack-Advertisement; charset=utf-8",
            s_empty
        ));

        (await Client(server).DiscoverAsync(Wire.Token)).Refs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_say_who_asks_and_in_which_protocol()
    {
        var requests = new List<WireRequest>();
        await using var server = WireServer.Answering(request =>
        {
            requests.Add(request);
            return request.Target.EndsWith("git-upload-pack", StringComparison.Ordinal)
                ? new WireAnswer(200, "application/x-git-upload-pack-result", "0000")
                : new WireAnswer(200, Advertisement, s_empty);
        });
        var endpoint = new GitEndpoint(new Uri(server.Url, "acme/website.git"), StaticCredential.Basic("acme", "s\u00e9cret"));

        await new UploadPackClient(_http, endpoint, new TransferCounter()).ListRefsAsync(["refs/heads/"], Wire.Token);
        await new ReceivePackClient(_http, endpoint, new TransferCounter()).DiscoverAsync(Wire.Token);

        requests[0].ToString().ShouldBe("POST /acme/website.git/git-upload-pack");
        requests[0].Header("Content-Type").ShouldBe("application/x-git-upload-pack-request");
        requests[0].Header("Accept").ShouldBe("application/x-git-upload-pack-result");
        requests[0].Header("Git-Protocol").ShouldBe("version=2");
        requests[0].Header("Expect").ShouldBe("");
        requests[1].ToString().ShouldBe("GET /acme/website.git/info/refs?service=git-receive-pack");
        requests[1].Header("Git-Protocol").ShouldBe("");
        requests.ShouldAllBe(r =>
            r.Header("Authorization") == new BasicLogin("acme", "s\u00e9cret").Header && r.Header("User-Agent") == "git/mirror-action"
        );
    }

    [Fact]
    public async Task Redirect_on_the_same_host_is_followed_and_the_push_goes_to_the_new_place()
    {
        var requests = new List<WireRequest>();
        await using var server = WireServer.Answering(request =>
        {
            requests.Add(request);
            return request.Target.StartsWith("/old", StringComparison.Ordinal)
                    ? new WireAnswer(301, "text/html", "", "Location: /new/repo.git/info/refs?service=git-receive-pack")
                : request.Method == "GET" ? new WireAnswer(200, Advertisement, s_empty)
                : new WireAnswer(200, "application/x-git-receive-pack-result", Wire.Packets("unpack ok", "ok refs/heads/main", "0000"));
        });
        var client = new ReceivePackClient(
            _http,
            new GitEndpoint(new Uri(server.Url, "old.git"), StaticCredential.Basic("acme", "secret")),
            new TransferCounter()
        );

        var advertisement = await client.DiscoverAsync(Wire.Token);
        await client.PushAsync(
            advertisement,
            [new RefUpdate(Wire.Branch("main"), Wire.Id(0), Wire.Id(1))],
            EmptyPack.Of(ObjectFormat.Sha1),
            Wire.Token
        );

        requests
            .Select(r => r.ToString())
            .ShouldBe([
                "GET /old.git/info/refs?service=git-receive-pack",
                "GET /new/repo.git/info/refs?service=git-receive-pack",
                "POST /new/repo.git/git-receive-pack",
            ]);
        requests.ShouldAllBe(r => r.Header("Authorization").Length > 0);
    }

    [Fact]
    public async Task Moved_source_is_found_and_asked_at_its_new_place()
    {
        var requests = new List<string>();
        await using var server = WireServer.Answering(request =>
        {
            requests.Add(request.ToString());
            return request.Target.StartsWith("/old", StringComparison.Ordinal)
                    ? new WireAnswer(302, "text/html", "", $"Location: {request.Target.Replace("/old", "/new", StringComparison.Ordinal)}")
                : request.Method == "GET"
                    ? new WireAnswer(
                        200,
                        "application/x-git-upload-pack-advertisement",
                        Wire.Packets("version 2", "ls-refs=unborn", "fetch=filter", "0000")
                    )
                : new WireAnswer(200, "application/x-git-upload-pack-result", Wire.Packets($"{Wire.Id(1)} refs/heads/main", "0000"));
        });

        var refs = await new UploadPackClient(_http, new GitEndpoint(new Uri(server.Url, "old.git")), new TransferCounter()).ListRefsAsync(
            ["refs/heads/"],
            Wire.Token
        );

        refs.Refs.Count.ShouldBe(1);
        requests.ShouldBe([
            "POST /old.git/git-upload-pack",
            "GET /old.git/info/refs?service=git-upload-pack",
            "GET /new.git/info/refs?service=git-upload-pack",
            "POST /new.git/git-upload-pack",
        ]);
    }

    [Fact]
    public async Task Redirect_to_another_host_is_refused_and_that_host_hears_nothing()
    {
        await using var other = WireServer.Answering(_ => new WireAnswer(200, Advertisement, s_empty));
        await using var server = WireServer.Answering(_ => new WireAnswer(
            302,
            "",
            "",
            $"Location: {other.Url}acme/website.git/info/refs?service=git-receive-pack"
        ));
        var client = new ReceivePackClient(
            _http,
            new GitEndpoint(new Uri(server.Url, "acme/website.git"), StaticCredential.Basic("acme", "secret")),
            new TransferCounter()
        );

        var e = await Should.ThrowAsync<GitRemoteException>(() => client.DiscoverAsync(Wire.Token));

        e.Message.ShouldContain("redirects to another host");
        e.Message.ShouldContain(other.Url.Authority);
        e.IsTransient.ShouldBeFalse();
        other.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("/login", "away from the repository")]
    [InlineData("/acme/website.git/info/refs?service=git-receive-pack", "in circles")]
    public async Task Redirect_that_leads_nowhere_is_refused(string location, string reason)
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(307, "", "", $"Location: {location}"));

        (await Should.ThrowAsync<GitRemoteException>(() => Client(server).DiscoverAsync(Wire.Token))).Message.ShouldContain(reason);
    }

    [Fact]
    public async Task Advertisement_without_end_is_given_up()
    {
        await using var server = WireServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Wire.Latin1($"HTTP/1.1 200 OK\r\nContent-Type: {Advertisement}\r\nContent-Length: 9999999999\r\n\r\n"));
            var line = Transcript.Packet(Wire.Latin1($"{Wire.Id(1)} .have"));
            var many = Enumerable.Repeat(line, 20_000).SelectMany(l => l).ToArray();
            while (true)
                await connection.WriteAsync(many);
        });

        (await Should.ThrowAsync<GitProtocolException>(() => Client(server).DiscoverAsync(Wire.Token))).Message.ShouldContain("1000000 refs");
    }

    [Fact]
    public async Task Server_that_is_not_there_is_a_broken_connection()
    {
        var server = WireServer.Answering(_ => new WireAnswer(200, "", ""));
        await server.DisposeAsync();

        var e = await Should.ThrowAsync<GitTransportException>(() => Client(server).DiscoverAsync(Wire.Token));

        e.IsTransient.ShouldBeTrue();
        e.IsTimeout.ShouldBeFalse();
        e.Message.ShouldContain(server.Url.Authority);
    }

    [Fact]
    public async Task Connection_that_does_not_come_about_in_time_is_no_cancellation()
    {
        // What SocketsHttpHandler throws when ConnectTimeout is over.
        using var invoker = new HttpMessageInvoker(new Throwing(new TaskCanceledException("No connection.", new TimeoutException())));
        var client = new SmartHttpClient(_http, new GitEndpoint(new Uri("http://127.0.0.1:9/acme/website.git")), new TransferCounter());
        using var content = new ByteArrayContent([]);

        var e = await Should.ThrowAsync<GitTransportException>(() =>
            client.PostAsync(SmartHttpClient.ReceivePack, content, askForV2: false, invoker, long.MaxValue, Wire.Token)
        );

        e.IsTimeout.ShouldBeTrue();
        e.IsTransient.ShouldBeTrue();
        e.Message.ShouldContain("127.0.0.1:9");
    }

    [Fact]
    public async Task Listing_larger_than_any_is_given_up()
    {
        var line = Transcript.Packet(Wire.Latin1($"{Wire.Id(1)} refs/heads/{new string('x', 60_000)}\n"));
        var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var length = 0; length < 257 << 20; length += line.Length)
                gzip.Write(line);
        }

        await using var server = WireServer.Answering(request =>
            request.Method == "POST"
                ? new WireAnswer(200, "application/x-git-upload-pack-result", body.ToArray(), "Content-Encoding: gzip")
                : new WireAnswer(200, "application/x-git-upload-pack-advertisement", Wire.Packets("version 2", "ls-refs", "0000"))
        );
        var client = new UploadPackClient(_http, new GitEndpoint(server.Url), new TransferCounter());

        (await Should.ThrowAsync<GitException>(() => client.ListRefsAsync(["refs/heads/"], Wire.Token))).Message.ShouldContain("MiB");
    }

    [Fact]
    public async Task Connection_closed_inside_the_body_is_a_broken_connection()
    {
        await using var server = WireServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync(Wire.Latin1($"HTTP/1.1 200 OK\r\nContent-Type: {Advertisement}\r\nContent-Length: 100\r\n\r\n001f"));
        });

        (await Should.ThrowAsync<GitTransportException>(() => Client(server).DiscoverAsync(Wire.Token))).IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task Callers_cancellation_is_a_cancellation()
    {
        using var stop = new CancellationTokenSource();
        await using var server = WireServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await stop.CancelAsync();
            await connection.ReadToEndAsync();
        });

        await Should.ThrowAsync<OperationCanceledException>(() => Client(server).DiscoverAsync(stop.Token));
    }

    [Fact]
    public async Task Requests_and_bytes_are_counted()
    {
        var counter = new TransferCounter();
        await using var server = WireServer.Answering(_ => new WireAnswer(200, Advertisement, s_empty));

        await new ReceivePackClient(_http, new GitEndpoint(server.Url), counter).DiscoverAsync(Wire.Token);

        (counter.Requests, counter.BytesReceived, counter.BytesSent).ShouldBe((1, s_empty.Length, 0));
    }

    private async Task<GitRemoteException> RefusedAsync(WireAnswer answer)
    {
        await using var server = WireServer.Answering(_ => answer);
        return await Should.ThrowAsync<GitRemoteException>(() => Client(server).DiscoverAsync(Wire.Token));
    }

    private ReceivePackClient Client(WireServer server) =>
        new(_http, new GitEndpoint(new Uri(server.Url, "acme/website.git")), new TransferCounter());

    private sealed class Throwing(Exception exception) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw exception;
    }
}
