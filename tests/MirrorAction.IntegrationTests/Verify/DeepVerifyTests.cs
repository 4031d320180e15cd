using System.Text;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Verify;

/// <summary><c>verify</c> with <c>deep</c>: damage that equal refs hide.</summary>
public sealed class DeepVerifyTests : IAsyncLifetime
{
    private ReadOnlyWorld _world = null!;

    private GitRepository MirrorGit => _world.Mirror("website").Git;

    public async ValueTask InitializeAsync()
    {
        _world = await ReadOnlyWorld.StartAsync();
        _world.Add("website");
        await _world.MirrorAllAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Sound_mirrors_are_read_to_the_end_and_of_the_source_only_a_header()
    {
        _world.World.GitHub.Find("acme", "website")!.Git.FillWithNoise(24 << 20, branch: "noise");
        _world.World.Inputs["bitbucket-token"] = _world.World.Bitbucket.Token;
        _world.World.Inputs["mode"] = "mirror";
        await _world.MirrorAllAsync();

        var outcome = await _world.RunAsync("verify", ("deep", "true"));

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ((string)_world.World.Report["variant"]!).ShouldBe("deep");
        _world.World.Bitbucket.GitRequests.Count().ShouldBe(3);
        _world.World.Bitbucket.GitRequests.Sum(r => r.ResponseBytes).ShouldBeGreaterThan(24 << 20);
        _world.World.GitHub.GitRequests.Count().ShouldBe(2);
        _world.World.GitHub.GitRequests.Sum(r => r.ResponseBytes).ShouldBeLessThan(16 << 20);
        ((long)_world.ReportOf("website")["bytesReceived"]!).ShouldBeInRange(24 << 20, 30 << 20);
    }

    [Fact]
    public async Task An_object_that_the_mirror_lost_is_found()
    {
        var blob = MirrorGit.Git("rev-parse", "release:README.md");
        File.Delete(Path.Combine(MirrorGit.Path, "objects", blob[..2], blob[2..]));

        (await _world.RunAsync("verify")).ExitCode.ShouldBe(0); // The refs alone tell nothing of it.
        var outcome = await _world.RunAsync("verify", ("deep", "true"), ("max-attempts", "1"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("failed");
        ((string)_world.ReportOf("website")["error"]!["message"]!).ShouldContain(_world.World.Bitbucket.GitUrl.Authority);
        ShouldNameTheCure();
    }

    [Fact]
    public async Task A_pack_that_is_damaged_at_the_mirror_is_found()
    {
        MirrorGit.Git("gc", "--quiet");
        var pack = Directory.GetFiles(Path.Combine(MirrorGit.Path, "objects", "pack"), "*.pack").Single();
        File.SetAttributes(pack, FileAttributes.Normal);
        var bytes = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(pack, bytes, TestContext.Current.CancellationToken);

        var outcome = await _world.RunAsync("verify", ("deep", "true"), ("max-attempts", "1"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("failed");
        ((string)_world.ReportOf("website")["error"]!["message"]!).ShouldContain(_world.World.Bitbucket.GitUrl.Authority);
        ShouldNameTheCure();
    }

    [Fact]
    public async Task A_mirror_that_sends_fewer_objects_is_different()
    {
        var main = MirrorGit.Resolve("refs/heads/main")!;
        var pack = RealGit.Try(MirrorGit.Path, ["pack-objects", "--stdout", "-q"], Encoding.ASCII.GetBytes(main + "\n")).EnsureSuccess().Output;
        Answer(pack);

        var outcome = await _world.RunAsync("verify", ("deep", "true"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.StatusOf("website").ShouldBe("different");
        ((string)_world.ReportOf("website")["error"]!["message"]!).ShouldBe(
            "For the same 3 values of refs acme/website sends 7 objects, and its mirror acme-mirror/website 1, each of them whole."
        );
        ShouldNameTheCure();
    }

    [Fact]
    public async Task A_mirror_that_sends_more_objects_is_no_fault()
    {
        var all = MirrorGit.Git("rev-list", "--all", "--objects", "--no-object-names") + "\n" + MirrorGit.Git("hash-object", "-w", "HEAD") + "\n";
        var pack = RealGit.Try(MirrorGit.Path, ["pack-objects", "--stdout", "-q"], Encoding.ASCII.GetBytes(all)).EnsureSuccess().Output;
        Answer(pack);

        var outcome = await _world.RunAsync("verify", ("deep", "true"));

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        _world.StatusOf("website").ShouldBe("unchanged");
        outcome.Text.ShouldContain("8 objects in ");
    }

    [Fact]
    public async Task Refs_that_differ_are_left_out_of_what_is_read()
    {
        _world.World.GitHub.Find("acme", "website")!.Git.Commit("new", "1\n");

        var outcome = await _world.RunAsync("verify", ("deep", "true"));

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        _world.ChangesOf("website").ShouldBe(["update refs/heads/main"]);
        _world.ReportOf("website")["error"].ShouldBeNull();
        _world.World.Bitbucket.GitRequests.Count().ShouldBe(3);
    }

    /// <summary>A cure that takes nothing away.</summary>
    private void ShouldNameTheCure()
    {
        var hint = ((string)_world.ReportOf("website")["error"]!["hint"]!).ShouldNotBeNull();
        hint.ShouldContain("'repair: true'");
        hint.ShouldContain("acme/website");
        hint.ShouldNotContain("delete");
    }

    /// <summary>What the mirror sends for whatever is asked of it.</summary>
    private void Answer(byte[] pack)
    {
        _world.World.Bitbucket.Intercept = async (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith("git-upload-pack", StringComparison.Ordinal) && context.Request.ContentLength > 200)
            {
                context.Response.ContentType = "application/x-git-upload-pack-result";
                byte[] body =
                [
                    .. Encoding.ASCII.GetBytes("000dpackfile\n"),
                    .. Encoding.ASCII.GetBytes($"{pack.Length + 5:x4}\u0001"),
                    .. pack,
                    .. Encoding.ASCII.GetBytes("0000"),
                ];
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
                return;
            }

            await next();
        };
    }
}
