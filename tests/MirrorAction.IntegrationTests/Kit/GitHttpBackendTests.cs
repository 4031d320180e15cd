using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

public sealed class GitHttpBackendTests : GitServerContract
{
    private static readonly HttpClient s_http = new();

    private GitHttpBackend Backend => (GitHttpBackend)Server;

    protected override async Task<IGitServer> StartAsync() => await GitHttpBackend.StartAsync();

    [Fact]
    public async Task Requests_are_recorded_with_their_kind_and_size()
    {
        Backend.Create("site").Commit("a", "1\n");

        await RealGit.RunAsync(Temp.Path, "ls-remote", Backend.UrlOf("site").AbsoluteUri);

        var requests = Backend.Requests;
        requests
            .Select(request => $"{request.Method} {request.PathAndQuery} {request.Status}")
            .ShouldBe(["GET /site.git/info/refs?service=git-upload-pack 200", "POST /site.git/git-upload-pack 200"]);
        requests.ShouldAllBe(request => request.IsGit && request.ResponseBytes > 50);
        requests[0].Headers["Git-Protocol"].ShouldBe("version=2");
        requests[1].RequestBytes.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task A_login_for_reading_does_not_open_writing()
    {
        Backend.Create("site").Commit("a", "1\n");
        Backend.ReadLogin = new BasicLogin("reader", "r");
        Backend.WriteLogin = new BasicLogin("writer", "w");

        (await StatusAsync("git-upload-pack", null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync("git-upload-pack", new BasicLogin("reader", "wrong"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync("git-upload-pack", Backend.ReadLogin)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync("git-receive-pack", Backend.ReadLogin)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync("git-receive-pack", Backend.WriteLogin)).ShouldBe(HttpStatusCode.OK);
        Backend.Requests[^1].Login.ShouldBe(Backend.WriteLogin);
    }

    [Fact]
    public async Task Names_in_no_known_encoding_survive_a_mirror()
    {
        var origin = Backend.Create("odd");
        var id = origin.Commit("a", "1\n");
        origin.UpdateRef(Bytes("refs/heads/caf\u00e9"), id);

        var clone = await GitRepository.CloneAsync(Backend.UrlOf("odd").AbsoluteUri, Temp["odd"], "--mirror");

        clone.ForEachRef().Keys.ShouldContain("refs/heads/caf\u00e9");
    }

    [Fact]
    public async Task A_compressed_request_is_understood()
    {
        var origin = Backend.Create("many");
        using (var import = origin.Import())
        {
            var mark = import.Commit("main", "a", "1\n");
            for (var i = 0; i < 200; i++)
                mark = import.Commit($"b{i}", "a", $"{i}\n", from: $":{mark}");
            import.Complete();
        }

        await GitRepository.CloneAsync(Backend.UrlOf("many").AbsoluteUri, Temp["many"], "--mirror");

        Backend.Requests.ShouldContain(request => request.Headers.ContainsKey("Content-Encoding") && request.Status == 200);
    }

    [Fact]
    public async Task Thousands_of_branches_and_megabytes_of_noise_pass()
    {
        var origin = Backend.Create("bulk");
        origin.FillWithNoise(20 << 20);
        origin.TagAnnotated("v1", "main");
        origin.AddBranches(10_000);
        var copy = Backend.Create("copy");

        var clone = await GitRepository.CloneAsync(Backend.UrlOf("bulk").AbsoluteUri, Temp["bulk"], "--mirror");
        await clone.GitAsync("push", "--quiet", Backend.UrlOf("copy").AbsoluteUri, "main");

        clone.ForEachRef().Count.ShouldBe(10_002);
        clone.ForEachRef().ShouldBe(origin.ForEachRef(), ignoreOrder: true);
        origin.Fsck();
        copy.Fsck();
        Backend.Requests.Single(request => request.IsPush && request.IsChunked).RequestBytes.ShouldBeGreaterThan(20 << 20);
    }

    [Fact]
    public async Task An_interception_can_take_the_place_of_the_answer()
    {
        Backend.Create("site").Commit("a", "1\n");
        Backend.Intercept = async (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith("git-upload-pack", StringComparison.Ordinal))
                context.Response.StatusCode = 503;
            else
                await next();
        };

        var outcome = await RealGit.TryAsync(Temp.Path, ["ls-remote", Backend.UrlOf("site").AbsoluteUri]);

        outcome.ExitCode.ShouldNotBe(0);
        outcome.Error.ShouldContain("503");
    }

    [Fact]
    public async Task A_push_cut_in_the_middle_moves_nothing()
    {
        var backend = await GitHttpBackend.StartAsync(Temp.CreateFolder("repositories"));
        var remote = backend.Create("cut");
        var local = GitRepository.Init(Temp["local"]);
        var id = local.Commit("a", "1\n");
        var pack = (await RealGit.TryAsync(local.Path, ["pack-objects", "--stdout", "--all", "--quiet"])).EnsureSuccess().Output;
        var command = $"{new string('0', 40)} {id} refs/heads/main\0 report-status";
        var body = Encoding.ASCII.GetBytes($"{command.Length + 4:x4}{command}0000").Concat(pack).ToArray();
        using var content = new CutContent(body, body.Length - 5);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-receive-pack-request");

        await Should.ThrowAsync<HttpRequestException>(() => s_http.PostAsync(new Uri(backend.Url, "cut.git/git-receive-pack"), content));

        // Only once the server has stopped is nothing of the push left that could still move the ref.
        await backend.DisposeAsync();
        remote.ForEachRef().ShouldBeEmpty();
    }

    private async Task<HttpStatusCode> StatusAsync(string service, BasicLogin? login)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Backend.Url, $"site.git/info/refs?service={service}"));
        if (login is not null)
            request.Headers.TryAddWithoutValidation("Authorization", login.Header);
        using var response = await s_http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Sends the beginning in chunks, then breaks off.</summary>
    private sealed class CutContent(byte[] body, int length) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, length));
            await stream.FlushAsync();
            throw new IOException("Cut here.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
