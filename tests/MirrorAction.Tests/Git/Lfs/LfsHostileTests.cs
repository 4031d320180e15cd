using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MirrorAction.Git.Lfs;
using MirrorAction.Git.Model;
using MirrorAction.TestKit;

namespace MirrorAction.Tests.Git.Lfs;

/// <summary>
/// LFS servers that mean harm. Whatever they say, nothing but the object arrives, memory is bounded, the credential stays at its host, and the run
/// goes on with one line about it.
/// </summary>
public sealed class LfsHostileTests : IAsyncLifetime
{
    private const string MediaType = "application/vnd.git-lfs+json";

    private LfsWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await LfsWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    /// <summary>Answers of the batch API that are none: told as such, not a word about the object.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"objects\":{}}")]
    [InlineData("{\"objects\":\"x\"}")]
    [InlineData("{\"objects\":[[]]}")]
    [InlineData("{\"objects\":[{\"oid\":7}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"actions\":[]}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"actions\":{\"download\":\"x\"}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"actions\":{\"download\":{\"href\":{}}}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"actions\":{\"download\":{\"href\":\"URL\",\"header\":[\"a\"]}}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"actions\":{\"download\":{\"href\":\"URL\",\"header\":{\"X-A\":{}}}}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"error\":{\"code\":\"404\"}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":SIZE,\"error\":{\"code\":99999999999999999999}}]}")]
    [InlineData("{\"transfer\":\"tus\",\"objects\":[]}")]
    [InlineData("{\"hash_algo\":\"md5\",\"objects\":[]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\"")]
    public async Task Answer_that_makes_no_sense_ends_the_search_for_all_objects(string answer)
    {
        var pointer = _world.Add(10);
        Answer(_world.SourceServer, answer.Replace("OID", pointer.Oid).Replace("SIZE", "10").Replace("URL", _world.SourceServer.Url.AbsoluteUri));

        var e = await Should.ThrowAsync<LfsException>(() => _world.MoveAsync(pointer));

        (e.Fault, e.IsTransient).ShouldBe((LfsFault.NotUnderstood, false));
        ShouldBeOneLine(e.Message);
        _world.ShouldHaveStoredNothing();
    }

    /// <summary>Answers that are fine JSON and say nothing of use about the object: it alone did not move.</summary>
    [Theory]
    [InlineData("{\"objects\":[]}")]
    [InlineData("{\"objects\":null}")]
    [InlineData("{\"objects\":[null,null]}")]
    [InlineData(
        "{\"objects\":[{\"oid\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"size\":10,\"actions\":{\"download\":{\"href\":\"URL\"}}}]}"
    )]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":10}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":10,\"actions\":{}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":10,\"actions\":{\"upload\":{\"href\":\"URL\"}}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":10,\"actions\":{\"download\":{}}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":10,\"error\":{\"code\":410,\"message\":\"\\u001b[2J::error::gone\\r\\n\"}}]}")]
    [InlineData("{\"objects\":[{\"oid\":\"OID\",\"size\":10,\"error\":{\"code\":-1,\"message\":\"\\u001b[2J::error::no\\r\\n\"}}]}")]
    public async Task Answer_without_the_object_holds_no_other_back(string answer)
    {
        var pointer = _world.Add(10);
        Answer(_world.SourceServer, answer.Replace("OID", pointer.Oid).Replace("URL", _world.SourceServer.Url.AbsoluteUri));

        var outcome = await _world.MoveAsync(pointer);

        var reason = outcome.Failed.Concat(outcome.Missing).ShouldHaveSingleItem().Value;
        ShouldBeOneLine(reason);
        _world.ShouldHaveStoredNothing();
    }

    /// <summary>What was not asked for is not taken, and of two answers the first counts.</summary>
    [Fact]
    public async Task Answers_about_other_objects_and_answers_twice_move_nothing_else()
    {
        var pointer = _world.Add(10);
        var other = _world.Add(20, 2);
        Rewrite(
            _world.SourceServer,
            answer =>
            {
                var objects = answer["objects"]!.AsArray();
                var stranger = objects[0]!.DeepClone();
                stranger["oid"] = other.Oid;
                objects.Insert(0, stranger);
                var second = objects[1]!.DeepClone();
                second["actions"]!["download"]!["href"] = "file:///etc/passwd";
                objects.Add(second);
            }
        );

        var outcome = await _world.MoveAsync(pointer);

        outcome.Failed.ShouldBeEmpty();
        _world.Arrived.ShouldBe([pointer.Oid]);
    }

    /// <summary>Sizes are those of the pointers, whatever the server says.</summary>
    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("9223372036854775807")]
    [InlineData("1e999")]
    [InlineData("\"10\"")]
    [InlineData("null")]
    public async Task Size_in_an_answer_is_not_believed(string size)
    {
        var pointer = _world.Add(10);
        Rewrite(_world.SourceServer, answer => answer["objects"]![0]!["size"] = size == "1e999" ? "1e999" : JsonNode.Parse(size));

        (await _world.MoveAsync(pointer)).Failed.ShouldBeEmpty();
        _world.Arrived.ShouldBe([pointer.Oid]);
    }

    /// <summary>A pointer may say any size: it is asked about, and nothing of that size is ever held.</summary>
    [Fact]
    public async Task Huge_size_in_a_pointer_holds_back_its_refs_alone()
    {
        var huge = new LfsPointer(_world.Add(10).Oid, long.MaxValue);

        var outcome = await _world.MoveAsync(huge, _world.Add(20, 2));

        outcome.Failed.Keys.ShouldBe([huge]);
        ShouldBeOneLine(outcome.Failed[huge]);
        _world.Arrived.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Batch_answer_without_end_is_cut()
    {
        var pointer = _world.Add(10);
        _world.SourceServer.Intercept = async (context, next) =>
        {
            if (!IsBatch(context.Request))
            {
                await next();
                return;
            }

            context.Response.ContentType = MediaType;
            await context.Response.Body.WriteAsync("{\"objects\":[{\"oid\":\""u8.ToArray());
            var part = Encoding.ASCII.GetBytes(new string('a', 1 << 16));
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(part, context.RequestAborted);
        };

        var e = await Should.ThrowAsync<LfsException>(() => _world.MoveAsync(pointer));

        e.Fault.ShouldBe(LfsFault.NotUnderstood);
        e.Message.ShouldContain("more than 4 MiB");
        ShouldBeOneLine(e.Message);
    }

    /// <summary>Without a length the object ends where the pointer says, and what follows is not read.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Object_without_end_is_cut_where_it_should_end(int length)
    {
        var pointer = _world.Add(length);
        var contents = new RandomBytes(1).Take(length);
        OnDownload(async context =>
        {
            await context.Response.Body.WriteAsync(contents);
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(contents, context.RequestAborted);
        });

        var outcome = await _world.MoveAsync(pointer);

        outcome.Failed[pointer].ShouldContain("sent more than its");
        _world.ShouldHaveStoredNothing();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task Object_that_ends_early_in_good_order_is_not_completed(int length)
    {
        var pointer = _world.Add(10);
        OnDownload(async context => await context.Response.Body.WriteAsync(new RandomBytes(1).Take(10).AsMemory(0, length)));

        (await _world.MoveAsync(pointer)).Failed.Keys.ShouldBe([pointer]);
        _world.ShouldHaveStoredNothing();
    }

    /// <summary>A page where an object, the verdict on an upload, or an answer was due is trouble that may pass.</summary>
    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("PUT")]
    public async Task Web_page_is_no_answer(string method)
    {
        var pointer = _world.Add(100_000);
        var server = method == "PUT" ? _world.DestinationServer : _world.SourceServer;
        server.Intercept = async (context, next) =>
        {
            if (context.Request.Method != method)
            {
                await next();
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            const string Page = "<html><title>Please log in</title>\n<script>::error::boom</script></html>";
            context.Response.ContentType = "text/html";
            context.Response.ContentLength = Page.Length;
            await context.Response.WriteAsync(Page);
        };

        var e = await Should.ThrowAsync<GitRemoteException>(() => _world.MoveAsync(pointer));

        (e.IsPage, e.IsTransient).ShouldBe((true, true));
        ShouldBeOneLine(e.Message);
        _world.ShouldHaveStoredNothing();
    }

    [Fact]
    public async Task Object_that_is_a_web_page_arrives_as_any_other()
    {
        var page = "<html>It is an object.</html>"u8.ToArray();
        var pointer = new LfsPointer(_world.Source.Add("website", page), page.Length);
        OnDownload(async context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.ContentLength = page.Length;
            await context.Response.Body.WriteAsync(page);
        });

        (await _world.MoveAsync(pointer)).Failed.ShouldBeEmpty();
        _world.Arrived.ShouldBe([pointer.Oid]);
    }

    /// <summary>Wherever a link, or a redirect behind it, leads: the credential is for the repository's host.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Link_to_another_host_gets_no_credential(bool isRedirect, bool isUpload)
    {
        await using var elsewhere = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("what?"));
        var pointer = _world.Add(1000);
        var (server, lfs) = isUpload ? (_world.DestinationServer, _world.Destination) : (_world.SourceServer, _world.Source);
        lfs.Links = LfsLinks.Bare;
        var target = new Uri(elsewhere.Url, "object").AbsoluteUri;
        if (isRedirect)
        {
            server.Intercept = async (context, next) =>
            {
                if (!context.Request.Path.StartsWithSegments("/-lfs"))
                {
                    await next();
                    return;
                }

                await context.Request.Body.CopyToAsync(Stream.Null);
                context.Response.StatusCode = 307;
                context.Response.Headers.Location = target;
            };
        }
        else
        {
            lfs.ChangeAction = action => action["href"] = target;
        }

        var outcome = await _world.MoveAsync(pointer);

        elsewhere.Requests.ShouldAllBe(r => !r.Headers.ContainsKey("Authorization"));
        elsewhere.Requests.Count.ShouldBe(isRedirect && isUpload ? 0 : elsewhere.Requests.Count);
        if (!isUpload || isRedirect)
        {
            outcome.Failed.Keys.ShouldBe([pointer]);
        }

        _world.Arrived.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_that_redirects_to_another_host_is_not_followed()
    {
        await using var elsewhere = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("{}"));
        _world.SourceServer.Intercept = async (context, _) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = elsewhere.Url.AbsoluteUri;
        };

        var e = await Should.ThrowAsync<GitException>(() => _world.MoveAsync(_world.Add(10)));

        e.IsTransient.ShouldBeFalse();
        elsewhere.Requests.ShouldBeEmpty();
    }

    /// <summary>A link asks for the credential of git where the server says so, and then only at the repository's own host and port.</summary>
    [Fact]
    public async Task Link_to_another_port_of_the_host_gets_no_credential()
    {
        await using var neighbour = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("x"));
        _world.Source.ChangeAction = action => action["href"] = $"http://{_world.SourceServer.Url.Host}:{neighbour.Url.Port}/x";

        (await _world.MoveAsync(_world.Add(10))).Failed.ShouldHaveSingleItem();

        neighbour.Requests.ShouldHaveSingleItem().Headers.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Fact]
    public async Task Thousands_of_headers_and_endless_addresses_are_refused()
    {
        var (many, longName, longLink) = (_world.Add(10), _world.Add(20, 2), _world.Add(30, 3));
        _world.Source.ChangeAction = action =>
        {
            var href = (string)action["href"]!;
            if (href.Contains(many.Oid, StringComparison.Ordinal))
                action["header"] = new JsonObject(
                    Enumerable
                        .Range(0, 5000)
                        .Select(i => KeyValuePair.Create<string, JsonNode?>($"X-{i.ToString(CultureInfo.InvariantCulture)}", "1"))
                );
            else if (href.Contains(longName.Oid, StringComparison.Ordinal))
                action["header"] = new JsonObject { [new string('x', 70_000)] = "1" };
            else
                action["href"] = href + "&" + new string('x', 70_000);
        };

        var outcome = await _world.MoveAsync(many, longName, longLink);

        outcome.Failed.Count.ShouldBe(3);
        outcome.Failed.Values.ShouldAllBe(reason => reason.Length < 1000);
        _world.SourceServer.Requests.ShouldNotContain(r => r.Method == "GET");
    }

    /// <summary>Thousands of actions beside those that are known are read past.</summary>
    [Fact]
    public async Task Thousands_of_actions_change_nothing()
    {
        var pointer = _world.Add(10);
        Rewrite(
            _world.SourceServer,
            answer =>
            {
                for (var i = 0; i < 10_000; i++)
                    answer["objects"]![0]!["actions"]![$"action-{i.ToString(CultureInfo.InvariantCulture)}"] = new JsonObject { ["href"] = "x" };
            }
        );

        (await _world.MoveAsync(pointer)).Failed.ShouldBeEmpty();
        _world.Arrived.ShouldBe([pointer.Oid]);
    }

    /// <summary>Links that have always ended are asked for anew a few times, and not for ever.</summary>
    [Theory]
    [InlineData("expires_in", -5)]
    [InlineData("expires_in", 1e300)]
    [InlineData("expires_in", 1)]
    public async Task Expiry_that_makes_no_sense_stops_nothing(string name, double value)
    {
        var pointer = _world.Add(10);
        _world.Source.ChangeAction = action => action[name] = value;

        (await _world.MoveAsync(pointer)).Failed.ShouldBeEmpty();
        _world.Arrived.ShouldBe([pointer.Oid]);
        _world.SourceServer.Requests.Count(r => r.Method == "POST").ShouldBeLessThan(4);
    }

    private static bool IsBatch(HttpRequest request) => request.Path.Value!.EndsWith("/objects/batch", StringComparison.Ordinal);

    private static void ShouldBeOneLine(string text)
    {
        text.ShouldNotContain(LfsWorld.Secret);
        text.Length.ShouldBeLessThan(1000);
        text.ShouldNotContain('\n');
        text.Any(char.IsControl).ShouldBeFalse(text);
    }

    private static void Answer(GitHttpBackend server, string answer) =>
        server.Intercept = async (context, next) =>
        {
            if (!IsBatch(context.Request))
            {
                await next();
                return;
            }

            context.Response.ContentType = MediaType;
            await context.Response.WriteAsync(answer);
        };

    private static void Rewrite(GitHttpBackend server, Action<JsonObject> change) =>
        server.Intercept = async (context, next) =>
        {
            var output = context.Response.Body;
            var answer = new MemoryStream();
            context.Response.Body = answer;
            await next();
            context.Response.Body = output;
            context.Response.ContentLength = null;
            if (IsBatch(context.Request))
            {
                var json = (JsonObject)JsonNode.Parse(answer.ToArray())!;
                change(json);
                answer = new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString()));
            }

            await output.WriteAsync(answer.ToArray());
        };

    private void OnDownload(Func<HttpContext, Task> serve) =>
        _world.SourceServer.Intercept = (context, next) => context.Request.Method == "GET" ? serve(context) : next();
}
