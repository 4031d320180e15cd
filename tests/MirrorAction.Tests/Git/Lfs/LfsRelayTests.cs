using System.Text.Json.Nodes;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.Git.Transport;
using MirrorAction.Http;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Lfs;

public sealed class LfsRelayTests
{
    [Theory]
    [InlineData(LfsLinks.Signed, LfsLinks.WithHeaders)]
    [InlineData(LfsLinks.WithHeaders, LfsLinks.Bare)]
    [InlineData(LfsLinks.Bare, LfsLinks.Signed)]
    public async Task Objects_of_any_size_arrive_once(LfsLinks source, LfsLinks destination)
    {
        await using var world = await LfsWorld.StartAsync();
        (world.Source.Links, world.Destination.Links) = (source, destination);
        LfsPointer[] objects = [world.Add(1), world.Add(64 << 10, 2), world.Add(300_001, 3), new(new string('e', 64), 0)];

        var outcome = await world.MoveAsync(objects);

        (outcome.Missing.Count, outcome.Failed.Count).ShouldBe((0, 0));
        world.Arrived.ShouldBe(objects[..3].Select(o => o.Oid), ignoreOrder: true);
        world.Stored.ShouldBe(objects[..3], ignoreOrder: true);
        world.DestinationServer.Requests.Where(r => r.Method == "PUT").ShouldAllBe(r => !r.IsChunked && r.Headers.ContainsKey("Content-Length"));

        await world.MoveAsync(objects);
        world.Stored.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Many_objects_are_asked_about_together_and_moved_side_by_side()
    {
        await using var world = await LfsWorld.StartAsync();
        world.Destination.MaxBatch = 30;
        var objects = Enumerable.Range(1, 130).Select(i => world.Add(10, (ulong)i)).ToArray();

        await world.MoveAsync(4, objects);

        world.Arrived.Count.ShouldBe(130);
        world.SourceServer.Requests.Count(r => r.Method == "POST").ShouldBe(2);
        world.DestinationServer.Requests.Count(r => r.Path.EndsWith("/batch", StringComparison.Ordinal) && r.Status == 413).ShouldBe(3); // 100, 50, 50: then 25.
    }

    [Fact]
    public async Task Answers_are_forgotten_once_they_were_used()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(1000);
        using var http = new GitHttp(new GitHttpOptions());
        var credential = StaticCredential.Basic("acme", LfsWorld.Secret);
        var source = new RemoteLfsSource(http, new GitEndpoint(world.SourceServer.UrlOf("website"), credential), new TransferCounter());
        var store = new RemoteLfsStore(http, new GitEndpoint(world.DestinationServer.UrlOf("website"), credential), new TransferCounter());
        var token = TestContext.Current.CancellationToken;
        await source.PrepareAsync([pointer], token);
        source.Has(pointer).ShouldBeTrue();
        (await store.FindMissingAsync([pointer], token)).ShouldBe([pointer]);

        await using (var contents = await source.OpenAsync(pointer, isAgain: false, token))
            await store.StoreAsync(pointer, contents, "x", isAgain: false, token);

        source.Has(pointer).ShouldBeFalse();
        await store.StoreAsync(pointer, Stream.Null, "x", isAgain: false, token); // Asked for anew, and there.
        world.DestinationServer.Requests.Count(r => r.Path.EndsWith("/batch", StringComparison.Ordinal)).ShouldBe(2);
        world.DestinationServer.Requests.Count(r => r.Method == "PUT").ShouldBe(1);
    }

    [Fact]
    public async Task Signed_links_get_no_credential_of_ours()
    {
        await using var world = await LfsWorld.StartAsync();
        await world.MoveAsync(world.Add(100_000));

        var requests = world.SourceServer.Requests.Concat(world.DestinationServer.Requests).ToArray();
        requests.Where(r => r.Path.StartsWith("/-lfs/", StringComparison.Ordinal)).ShouldNotBeEmpty();
        requests.Where(r => r.Path.StartsWith("/-lfs/", StringComparison.Ordinal)).ShouldAllBe(r => !r.Headers.ContainsKey("Authorization"));
        requests.Where(r => r.Path.EndsWith("/batch", StringComparison.Ordinal)).ShouldAllBe(r => r.Login!.Password == LfsWorld.Secret);
    }

    [Fact]
    public async Task Object_that_the_source_lost_is_missing_and_holds_no_other_back()
    {
        await using var world = await LfsWorld.StartAsync();
        var (lost, whole) = (world.Add(10), world.Add(20, 2));
        world.Source.Lost.Add(lost.Oid);

        var outcome = await world.MoveAsync(lost, whole);

        outcome.Missing.Keys.ShouldBe([lost]);
        world.Arrived.ShouldBe([whole.Oid]);
    }

    [Fact]
    public async Task Source_without_lfs_has_lost_all_of_them()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(10);
        world.Source.IsServed = false;

        (await world.MoveAsync(pointer)).Missing.Keys.ShouldBe([pointer]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Damaged_object_is_never_completed(int length)
    {
        await using var world = await LfsWorld.StartAsync();
        var damaged = world.Add(length);
        world.Source.Damaged.Add(damaged.Oid);

        var outcome = await world.MoveAsync(damaged);

        outcome.Failed[damaged].ShouldContain("damaged");
        world.ShouldHaveStoredNothing();

        // A server that was hung up on notes that in its own time, so its status is not looked at.
        world.DestinationServer.Requests.Where(r => r.Method == "PUT").ShouldAllBe(r => r.RequestBytes < length);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Object_of_another_length_than_its_pointer_says_is_not_moved(int more)
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(70_000) is var o ? o with { Size = o.Size + more } : default;

        (await world.MoveAsync(pointer)).Failed[pointer].ShouldContain("70000");
        world.ShouldHaveStoredNothing();
    }

    [Fact]
    public async Task Download_that_breaks_off_is_begun_anew()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(300_000);
        world.Source.Cut[pointer.Oid] = 2;

        await world.MoveAsync(pointer);

        world.Arrived.ShouldBe([pointer.Oid]);
    }

    [Fact]
    public async Task Download_that_always_breaks_off_fails_the_attempt_and_leaves_nothing()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(300_000);
        world.Source.Cut[pointer.Oid] = 100;

        var e = await Should.ThrowAsync<GitTransportException>(() => world.MoveAsync(pointer));

        e.Service.ShouldBe(GitService.UploadPack);
        world.ShouldHaveStoredNothing();
    }

    [Fact]
    public async Task Links_that_have_ended_are_asked_for_again()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(10);
        var uses = 0;
        world.Source.ChangeAction = action =>
            action["href"] = uses++ == 0 ? $"{action["href"]}".Replace("signature=", "old=", StringComparison.Ordinal) : $"{action["href"]}";

        await world.MoveAsync(pointer);

        world.Arrived.ShouldBe([pointer.Oid]);
        uses.ShouldBe(2);
    }

    [Fact]
    public async Task Links_that_end_soon_are_not_used()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(10);
        var uses = 0;
        world.Source.ChangeAction = action => action["expires_in"] = uses++ == 0 ? 5 : 3600;

        await world.MoveAsync(pointer);

        uses.ShouldBe(2);
        world.SourceServer.Requests.Count(r => r.Method == "GET").ShouldBe(1);
    }

    [Fact]
    public async Task Object_that_the_destination_does_not_take_holds_no_other_back()
    {
        await using var world = await LfsWorld.StartAsync();
        var (refused, taken) = (world.Add(10), world.Add(20, 2));
        world.Destination.Refused.Add(refused.Oid);

        var outcome = await world.MoveAsync(refused, taken);

        outcome.Failed[refused].ShouldContain("Size must be less");
        world.Arrived.ShouldBe([taken.Oid]);
    }

    [Theory]
    [InlineData(404, "Not found.", LfsFault.NotServed)]
    [InlineData(403, "You are not allowed to upload.", LfsFault.Forbidden)]
    [InlineData(507, "no space", LfsFault.Quota)]
    [InlineData(413, "quota exceeded", LfsFault.Quota)]
    [InlineData(
        403,
        "This repository is over its data quota. Account responsible for LFS bandwidth should purchase more data packs.",
        LfsFault.Quota
    )]
    [InlineData(422, "This repository exceeded its LFS budget.", LfsFault.Quota)]
    public async Task Refusal_of_everything_at_the_destination_stops_at_once(int status, string text, LfsFault fault)
    {
        await using var world = await LfsWorld.StartAsync();
        world.Destination.Refusal = (status, text);

        var e = await Should.ThrowAsync<LfsException>(() => world.MoveAsync(world.Add(10), world.Add(20, 2)));

        (e.Fault, e.Service, e.IsTransient).ShouldBe((fault, GitService.ReceivePack, false));
        e.Message.ShouldContain(text);
        world.DestinationServer.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Trouble_that_passes_is_left_to_the_next_attempt(int status)
    {
        await using var world = await LfsWorld.StartAsync();
        world.Source.Refusal = (status, "later");

        (await Should.ThrowAsync<GitRemoteException>(() => world.MoveAsync(world.Add(10)))).IsTransient.ShouldBeTrue();
        world.ShouldHaveStoredNothing();
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("//127.0.0.1/x")]
    [InlineData("http://user:password@127.0.0.1/x")]
    [InlineData("not an address")]
    [InlineData("")]
    public async Task Link_that_is_no_web_address_is_not_followed(string href)
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(10);
        world.Source.ChangeAction = action => action["href"] = href;

        (await world.MoveAsync(pointer)).Failed[pointer].ShouldContain("not followed");
        world.ShouldHaveStoredNothing();
    }

    [Theory]
    [InlineData("X-A", "1\r\nX-B: 2")]
    [InlineData("X-A\r\nX-B", "1")]
    [InlineData("X A", "1")]
    [InlineData("", "1")]
    [InlineData("X-A", "ä")]
    public async Task Header_that_no_request_can_have_is_refused(string name, string value)
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(10);
        world.Source.ChangeAction = action => action["header"] = new JsonObject { [name] = value };

        (await world.MoveAsync(pointer)).Failed[pointer].ShouldContain("headers");
    }

    [Fact]
    public async Task Headers_of_the_connection_are_not_the_servers_to_choose()
    {
        await using var world = await LfsWorld.StartAsync();
        var pointer = world.Add(10);
        world.Destination.ChangeAction = action =>
            action["header"] = new JsonObject
            {
                ["Host"] = "evil.example",
                ["Content-Length"] = "1",
                ["Content-Type"] = "text/x",
            };

        await world.MoveAsync(pointer);

        world.Arrived.ShouldBe([pointer.Oid]);
        var put = world.DestinationServer.Requests.Single(r => r.Method == "PUT");
        (put.Headers["Content-Type"], put.Headers["Host"].Contains("evil", StringComparison.Ordinal)).ShouldBe(("text/x", false));
    }
}
