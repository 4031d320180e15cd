using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git.Http;

/// <summary>What becomes of a push whose connection, server or source behaves badly, seen from the socket.</summary>
public sealed class PushConnectionTests : IDisposable
{
    private static readonly RefUpdate[] s_updates = [new(Wire.Branch("main"), Wire.Id(0), Wire.Id(1))];
    private static readonly byte[] s_report = Wire.Packets(@"\x01000eunpack ok\n0017ok refs/heads/main\n0000", "0000");
    private static readonly WireAnswer s_ok = new(200, "application/x-git-receive-pack-result", s_report);

    private readonly FakeTimeProvider _time = new();
    private readonly GitHttp _http;

    public PushConnectionTests() => _http = new GitHttp(new GitHttpOptions { Time = _time });

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(true, 403)]
    [InlineData(false, 403)]
    [InlineData(true, 413)]
    [InlineData(false, 500)]
    public async Task Refusal_in_the_middle_of_a_large_push_is_read(bool isStreamed, int status)
    {
        await using var server = WireServer.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            if (head!.ContentLength == 4)
            {
                await connection.WaitForBytesAsync(4);
                await connection.AnswerAsync(new WireAnswer(200, "application/x-git-receive-pack-result", "", "Connection: close"));
                return;
            }

            await connection.WaitForBytesAsync(100_000);
            await connection.AnswerAsync(new WireAnswer(status, "text/plain", "Your workspace is over its quota.", "Connection: close"));
        });

        var e = await Should.ThrowAsync<GitRemoteException>(() => PushAsync(server, new GivenPack(new byte[32 << 20], isStreamed)));

        e.Status.ShouldBe((HttpStatusCode)status);
        e.RemoteMessage.ShouldBe("Your workspace is over its quota.");
    }

    [Fact]
    public async Task Refusal_in_the_middle_of_many_deletions_is_read()
    {
        await using var server = WireServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WaitForBytesAsync(100_000);
            await connection.AnswerAsync(new WireAnswer(403, "text/plain", "read only", "Connection: close"));
        });
        var name = new string('x', 10_000);
        RefUpdate[] deletions = [.. Enumerable.Range(0, 2000).Select(i => new RefUpdate(Wire.Branch($"{name}{i}"), Wire.Id(1), Wire.Id(0)))];
        var client = new ReceivePackClient(_http, new GitEndpoint(new Uri(server.Url, "acme/website.git")), new TransferCounter());

        var e = await Should.ThrowAsync<GitRemoteException>(() => client.PushAsync(Wire.Advertisement(), deletions, null, Wire.Token));

        e.RemoteMessage.ShouldBe("read only");
    }

    [Fact]
    public async Task Large_push_of_known_length_is_sent_whole_with_its_length()
    {
        var pack = new byte[200_000];
        WireRequest? request = null;
        await using var server = WireServer.Answering(r =>
        {
            request = r;
            return s_ok;
        });

        var report = await PushAsync(server, new GivenPack(pack));

        report.Results.Single().Status.ShouldBe(RefUpdateStatus.Ok);
        request!.IsChunked.ShouldBeFalse();
        request.Body.Length.ShouldBe(request.ContentLength);
        request.Body.TakeLast(pack.Length).ShouldBe(pack);
    }

    [Fact]
    public async Task Streamed_push_is_probed_first_and_sent_in_chunks_on_a_new_connection()
    {
        var requests = new List<WireRequest>();
        await using var server = WireServer.Answering(request =>
        {
            requests.Add(request);
            return requests.Count == 1 ? new WireAnswer(200, "application/x-git-receive-pack-result", "") : s_ok;
        });

        await PushAsync(server, new GivenPack(new byte[200_000], isStreamed: true));

        requests.Count.ShouldBe(2);
        requests[0].Body.ShouldBe("0000"u8.ToArray());
        requests[1].IsChunked.ShouldBeTrue();
        requests[1].Body.Length.ShouldBeGreaterThan(200_000);
        server.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Refused_probe_costs_no_pack()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(403, "text/plain", "read only"));
        var pack = new GivenPack([], isStreamed: true) { Pace = () => throw new InvalidOperationException("The pack was asked for.") };

        (await Should.ThrowAsync<GitRemoteException>(() => PushAsync(server, pack))).RemoteMessage.ShouldBe("read only");
        server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failing_source_never_ends_the_push_cleanly(bool isTransport)
    {
        GitException failure = isTransport ? new GitTransportException("the source broke off") : new GitRemoteException("the source gave up");
        var received = new TaskCompletionSource<byte[]>();
        await using var server = WireServer.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            if (!head!.IsChunked)
            {
                await connection.WaitForBytesAsync(4);
                await connection.AnswerAsync(new WireAnswer(200, "application/x-git-receive-pack-result", "", "Connection: close"));
                return;
            }

            received.SetResult(await connection.ReadToEndAsync());
        });

        var e = await Should.ThrowAsync<GitException>(() => PushAsync(server, new GivenPack(new byte[100_000], isStreamed: true, failure)));

        e.ShouldBeSameAs(failure);
        var bytes = await received.Task;
        bytes.Length.ShouldBeGreaterThan(50_000);
        Encoding.Latin1.GetString(bytes).ShouldNotContain("\r\n0\r\n");
    }

    [Fact]
    public async Task Failing_source_leaves_a_push_of_known_length_short()
    {
        var received = new TaskCompletionSource<(int Promised, int Came)>();
        await using var server = WireServer.Start(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            var all = Encoding.Latin1.GetString(await connection.ReadToEndAsync());
            received.SetResult((head!.ContentLength, all.Length - all.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4));
        });
        var pack = new HalfPack(100_000, new GitTransportException("the source broke off"));

        await Should.ThrowAsync<GitTransportException>(() => PushAsync(server, pack));

        var (promised, came) = await received.Task;
        came.ShouldBeLessThan(promised);
    }

    [Fact]
    public async Task Server_may_be_silent_for_ten_minutes_after_the_pack_and_no_longer()
    {
        foreach (var (minutes, isAnswered) in new[] { (9.9, true), (10.1, false) })
        {
            var hasAll = new TaskCompletionSource();
            var mayAnswer = new TaskCompletionSource();
            await using var server = WireServer.Start(async connection =>
            {
                while (await connection.ReadRequestAsync() is { } request)
                {
                    if (request.IsChunked)
                    {
                        hasAll.SetResult();
                        await mayAnswer.Task;
                    }

                    await connection.AnswerAsync(request.IsChunked ? s_ok : new WireAnswer(200, "application/x-git-receive-pack-result", ""));
                }
            });

            var push = PushAsync(server, new GivenPack(new byte[100_000], isStreamed: true));
            await hasAll.Task;
            _time.Advance(TimeSpan.FromMinutes(minutes));
            if (isAnswered)
            {
                mayAnswer.SetResult();
                (await push).Unpack.ShouldBe("ok");
            }
            else
            {
                var e = await Should.ThrowAsync<GitTransportException>(push);
                e.IsTimeout.ShouldBeTrue();
                e.Message.ShouldContain("600 seconds");
                mayAnswer.SetResult();
            }
        }
    }

    [Fact]
    public async Task Silent_server_is_given_up_after_two_minutes()
    {
        var asked = new TaskCompletionSource();
        await using var server = WireServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            asked.SetResult();
            await connection.ReadToEndAsync();
        });
        var listing = new UploadPackClient(_http, new GitEndpoint(server.Url), new TransferCounter()).ListRefsAsync([], Wire.Token);
        await asked.Task;

        _time.Advance(TimeSpan.FromSeconds(119));
        listing.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));

        var e = await Should.ThrowAsync<GitTransportException>(listing);
        e.IsTimeout.ShouldBeTrue();
        e.IsTransient.ShouldBeTrue();
        e.Message.ShouldContain("120 seconds");
    }

    [Fact]
    public async Task Transfer_of_hours_is_fine_while_it_flows_and_a_stall_is_not()
    {
        var next = new SemaphoreSlim(0);
        await using var server = WireServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(
                Wire.Latin1("HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nContent-Length: 999999\r\n\r\n")
            );
            await connection.WriteAsync(Wire.Packets("packfile"));
            while (true)
            {
                await next.WaitAsync(connection.Stopped);
                await connection.WriteAsync(Wire.Packets(@"\x01data"));
            }
        });
        using var session = await new UploadPackClient(_http, new GitEndpoint(server.Url), new TransferCounter()).FetchAsync(
            new FetchRequest { Wants = [Wire.Id(1)] },
            Wire.Token
        );

        for (var i = 0; i < 120; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(110));
            next.Release();
            (await session.ReadAsync(Wire.Token)).Length.ShouldBe(4);
        }

        var stalled = session.ReadAsync(Wire.Token).AsTask();
        _time.Advance(TimeSpan.FromSeconds(121));
        (await Should.ThrowAsync<GitTransportException>(stalled)).IsTimeout.ShouldBeTrue();
    }

    private Task<PushReport> PushAsync(WireServer server, IPackSource pack) =>
        new ReceivePackClient(_http, new GitEndpoint(new Uri(server.Url, "acme/website.git")), new TransferCounter()).PushAsync(
            Wire.Advertisement(),
            s_updates,
            pack,
            Wire.Token
        );

    /// <summary>Knows its length and fails after half of it.</summary>
    private sealed class HalfPack(int length, GitException failure) : IPackSource
    {
        public long? Length => length;

        public async Task CopyToAsync(Stream destination, Func<bool> hasEnough, CancellationToken cancellationToken)
        {
            await destination.WriteAsync(new byte[length / 2], cancellationToken);
            throw failure;
        }
    }
}
