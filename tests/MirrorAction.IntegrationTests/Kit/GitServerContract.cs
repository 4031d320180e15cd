using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Kit;

/// <summary>What the kit promises of each server of git, tried with the real git as client.</summary>
public abstract class GitServerContract : IAsyncLifetime
{
    private readonly TempFolder _temp = new();
    private IGitServer? _server;

    protected IGitServer Server => _server!;

    protected TempFolder Temp => _temp;

    protected abstract Task<IGitServer> StartAsync();

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _temp.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_clone_has_every_branch_and_tag()
    {
        var origin = Server.Create("acme/site");
        origin.Commit("README", "hello\n");
        origin.Branch("next");
        origin.TagAnnotated("v1");

        var clone = await GitRepository.CloneAsync(Server.UrlOf("acme/site").AbsoluteUri, _temp["clone"], "--mirror");

        clone.BranchesAndTags().ShouldBe(origin.BranchesAndTags(), ignoreOrder: true);
        clone.BranchesAndTags().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_small_push_arrives()
    {
        var (local, remote) = Pair("small");
        local.Commit("README", "hello\n");

        await local.GitAsync("push", "--quiet", Server.UrlOf("small").AbsoluteUri, "main");

        remote.Resolve("refs/heads/main").ShouldBe(local.Resolve("refs/heads/main"));
        remote.Fsck();
    }

    [Fact]
    public async Task A_push_of_more_than_a_megabyte_arrives_in_chunks()
    {
        var (local, remote) = Pair("large");
        using (var import = local.Import())
        {
            import.CommitRandom("main", "noise", 3_000_000, seed: 7);
            import.Complete();
        }

        await local.GitAsync("push", "--quiet", Server.UrlOf("large").AbsoluteUri, "main");

        remote.Resolve("refs/heads/main").ShouldBe(local.Resolve("refs/heads/main"));
        remote.Fsck();
        if (Server.Requests.Count > 0)
            Server.Requests.ShouldContain(request =>
                request.IsPush && request.IsChunked && request.RequestBytes > 3_000_000 && request.Status == 200
            );
    }

    [Fact]
    public async Task A_branch_can_be_deleted_and_rewritten()
    {
        var (local, remote) = Pair("rewrite");
        var first = local.Commit("a", "1\n");
        local.Branch("gone");
        var url = Server.UrlOf("rewrite").AbsoluteUri;
        await local.GitAsync("push", "--quiet", url, "main", "gone");
        var other = local.Commit("a", "2\n", "other", from: first);

        await local.GitAsync("push", "--quiet", url, "+other:main", ":gone");

        remote.BranchesAndTags().ShouldBe(new Dictionary<string, string> { ["refs/heads/main"] = other });
    }

    protected (GitRepository Local, GitRepository Remote) Pair(string name) => (GitRepository.Init(_temp[name]), Server.Create(name));

    protected static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);
}
