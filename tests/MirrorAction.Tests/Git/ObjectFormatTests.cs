using MirrorAction.Git.Model;
using MirrorAction.Git.Protocol;
using MirrorAction.Git.Relay;
using MirrorAction.Git.Transport;
using MirrorAction.TestKit;
using MirrorAction.Tests.Git.Kit;

namespace MirrorAction.Tests.Git;

public sealed class ObjectFormatTests : IDisposable
{
    private readonly GitHttp _http = new(new GitHttpOptions());

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Sha256_source_of_git_is_listed_and_fetched()
    {
        Assert.SkipUnless(RealGit.IsInstalled, "git is not installed");
        await using var server = await GitHttpBackend.StartAsync();
        var id = server.Create("website", "sha256").Commit("README.md", "one\n");
        var source = new UploadPackClient(_http, new GitEndpoint(server.UrlOf("website")), new TransferCounter());

        var refs = await source.ListRefsAsync(RefPatternSet.BranchesAndTags.Prefixes, Wire.Token);
        using var session = await source.FetchAsync(new FetchRequest { Wants = [.. refs.Refs.Values] }, Wire.Token);

        refs.ObjectFormat.ShouldBe(ObjectFormat.Sha256);
        refs.Refs[RefName.Branch("main")].ToString().ShouldBe(id);
        (await session.ReadAsync(Wire.Token)).Span[..4].ToArray().ShouldBe("PACK"u8.ToArray());
        server.Requests.Select(r => r.Method).ShouldBe(["POST", "GET", "POST", "POST"]);
    }

    [Fact]
    public async Task Source_and_destination_of_different_formats_are_refused_before_anything_is_sent()
    {
        await using var server = WireServer.Answering(_ => new WireAnswer(
            200,
            "application/x-git-upload-pack-result",
            Wire.Packets($"{Wire.Id(1)} refs/heads/main", "0000")
        ));
        var endpoint = new GitEndpoint(server.Url);
        var source = new UploadPackClient(_http, endpoint, new TransferCounter());
        var refs = await source.ListRefsAsync(["refs/heads/"], Wire.Token);
        var destination = new ReceivePackClient(_http, endpoint, new TransferCounter());

        var e = Should.Throw<GitProtocolException>(() =>
            new PackRelay(source, refs, destination, RefAdvertisement.Empty(ObjectFormat.Sha256), new RelayOptions())
        );

        e.Message.ShouldContain("sha1");
        e.Message.ShouldContain("sha256");
        refs.ObjectFormat.ShouldBe(ObjectFormat.Sha1);
    }
}
