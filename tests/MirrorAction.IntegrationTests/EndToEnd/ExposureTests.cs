using System.Collections.Concurrent;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>
/// Rule 20: nothing of a private source goes to where everyone can read it, whatever became public or private in the meantime. Held at every push of
/// every test.
/// </summary>
public sealed class ExposureTests : IAsyncLifetime
{
    private const string Refusal = """{"type":"error","error":{"message":"You do not have admin access."}}""";

    private readonly ConcurrentQueue<string> _exposed = [];
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ActionWorld.StartAsync();
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            if (
                context.Request is { Method: "POST" }
                && context.Request.Path.Value is { } path
                && path.EndsWith("/git-receive-pack", StringComparison.Ordinal)
            )
            {
                var slug = path.Split('/')[2][..^".git".Length];
                if (
                    _world.GitHub.Repositories.Any(r => r.Private && r.Name.Equals(slug, StringComparison.OrdinalIgnoreCase))
                    && !Mirror(slug).IsPrivate
                )
                    _exposed.Enqueue(slug);
            }

            await next();
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _exposed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("source")]
    [InlineData("private")]
    public async Task Mirror_is_made_private_before_anything_of_a_source_that_became_private_is_pushed(string visibility)
    {
        var source = await MirroredPubliclyAsync("website");
        _world.Inputs["destination-visibility"] = visibility;

        var outcome = await RunAsync(0);

        Mirror("website").IsPrivate.ShouldBeTrue();
        ShouldMirror(source);
        outcome.Output.ShouldContain("::warning title=acme/website::acme-mirror/website was public, but acme/website is private");
        _world.Report["warnings"].ShouldBeNull();
    }

    [Theory]
    [InlineData(true)] // 403, as without the right to administer.
    [InlineData(false)] // 200, and nothing was done.
    public async Task Mirror_that_cannot_be_made_private_gets_nothing_and_the_others_go_on(bool isRefused)
    {
        await MirroredPubliclyAsync("website");
        var other = Add("other");
        other.Private = true;
        var before = Mirror("website").Git.ForEachRef();
        if (isRefused)
            _world.Bitbucket.Faults.Next(1, 403, Refusal, "application/json", r => r.Method == "PUT");
        else
            _world.Bitbucket.Faults.Next(
                1,
                200,
                """{"slug":"website","full_name":"acme-mirror/website","is_private":false}""",
                "application/json",
                r => r.Method == "PUT"
            );

        await RunAsync(1);

        ShouldFail("website", "destination-forbidden", "acme-mirror/website is public, but acme/website is private", "Make it private by hand");
        if (isRefused)
            ((string?)_world.ReportOf("acme/website")["error"]!["message"]).ShouldNotBeNull().ShouldContain("You do not have admin access");
        Mirror("website").Git.ForEachRef().ShouldBe(before);
        ShouldMirror(other);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Repository_that_was_to_be_created_private_and_turns_out_public_gets_nothing_before_it_is_private(bool isMended)
    {
        var source = Add("vault");
        source.Private = true;
        _world.Bitbucket.IgnoresPrivacy = true;
        var guard = _world.Bitbucket.Intercept!;
        _world.Bitbucket.Intercept = async (context, next) =>
        {
            if (context.Request.Method == "PUT" && isMended)
                _world.Bitbucket.IgnoresPrivacy = false;
            await guard(context, next);
        };

        await RunAsync(isMended ? 0 : 1);

        if (isMended)
        {
            Mirror("vault").IsPrivate.ShouldBeTrue();
            ShouldMirror(source);
            return;
        }

        ShouldFail("vault", "destination-forbidden", "acme-mirror/vault is public", "Make it private by hand");
        ((bool)_world.ReportOf("acme/vault")["created"]!).ShouldBeTrue();
        Mirror("vault").Git.ForEachRef().ShouldBeEmpty();
    }

    [Fact]
    public async Task Public_repository_of_somebody_else_is_refused_before_anything_about_it_is_changed()
    {
        var source = Add("website");
        source.Private = true;
        var foreign = _world.Bitbucket.AddRepository("acme-mirror", "website");
        (foreign.IsPrivate, foreign.Description) = (false, "Theirs");
        foreign.Git.Commit("own", "work\n");

        await RunAsync(1);
        ShouldFail("website", "not-a-mirror", "acme-mirror/website exists", "adopt: true");
        (foreign.IsPrivate, foreign.Description).ShouldBe((false, "Theirs"));
        _world.Bitbucket.Requests.ShouldNotContain(r => r.Method != "GET");

        _world.Inputs["adopt"] = "true";
        await RunAsync(0);
        foreign.IsPrivate.ShouldBeTrue();
        ShouldMirror(source);
    }

    [Theory]
    [InlineData(true)] // Empty.
    [InlineData(false)] // Its branches prove that it is the mirror.
    public async Task Public_repository_without_a_mark_is_made_private_once_it_is_known_as_the_mirror(bool isEmpty)
    {
        var source = Add("website");
        source.Private = true;
        var unmarked = _world.Bitbucket.AddRepository("acme-mirror", "website");
        unmarked.IsPrivate = false;
        if (!isEmpty)
            unmarked.Git.Git("fetch", "--quiet", source.Git.Path, "refs/heads/main:refs/heads/main");
        source.Git.Commit("README.md", "secret\n");

        await RunAsync(0);

        unmarked.IsPrivate.ShouldBeTrue();
        unmarked.Description.ShouldBe($"Mirror of github.com/acme/website (id {source.Id})");
        ShouldMirror(source);
    }

    [Fact]
    public async Task Rule_that_wants_a_public_mirror_of_a_private_source_fails_that_one_and_shows_nothing()
    {
        Add("vault").Private = true;
        var open = Add("open");
        Directory.CreateDirectory(Path.Combine(_world.Workspace, ".github"));
        await File.WriteAllTextAsync(
            Path.Combine(_world.Workspace, ".github", "mirror.yml"),
            "rules:\n  - match: '*'\n    visibility: public\n",
            TestContext.Current.CancellationToken
        );

        await RunAsync(1);

        ShouldFail("vault", "destination-forbidden", "A rule wants a public mirror of acme/vault", "visibility: source");
        _world.Bitbucket.Find("acme-mirror", "vault").ShouldBeNull();
        Mirror("open").IsPrivate.ShouldBeFalse();
        ShouldMirror(open);

        _world.Inputs["mode"] = "doctor";
        (await RunAsync(1)).Output.ShouldContain("A rule wants public mirrors of private repositories, which are refused: acme/vault");
    }

    [Theory]
    [InlineData("mirror", 0)]
    [InlineData("plan", 0)]
    [InlineData("verify", 0)]
    [InlineData("doctor", 0)]
    public async Task Public_mirror_whose_source_became_private_and_dropped_out_of_the_selection_is_named(string mode, int exitCode)
    {
        await MirroredPubliclyAsync("website");
        Add("open");
        _world.Inputs["destination-visibility"] = "private";
        _world.Inputs["visibility"] = "public";
        await RunAsync(0); // The mirror of the other one.
        _world.Inputs["mode"] = mode;

        var outcome = await RunAsync(exitCode);

        foreach (var text in new[] { outcome.Output, _world.Summary, _world.Report.ToJsonString() })
            text.ShouldContain("acme-mirror/website is public, but its source acme/website is private");
        Mirror("website").IsPrivate.ShouldBeFalse();
    }

    [Theory]
    [InlineData("plan", 0)]
    [InlineData("verify", 1)]
    [InlineData("doctor", 0)]
    public async Task Public_mirror_of_a_private_source_is_named_by_what_writes_nothing(string mode, int exitCode)
    {
        await MirroredPubliclyAsync("website");
        _world.Inputs["destination-visibility"] = "private";
        _world.Inputs["mode"] = mode;

        var outcome = await RunAsync(exitCode);

        foreach (var text in new[] { outcome.Output, _world.Summary, _world.Report.ToJsonString() })
            text.ShouldContain("acme-mirror/website is public, but");
        Mirror("website").IsPrivate.ShouldBeFalse();
        _world.Bitbucket.Requests.ShouldNotContain(r =>
            (r.Method == "PUT" || r.Method == "POST") && !r.PathAndQuery.EndsWith("git-upload-pack", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Mirror_of_a_private_source_that_is_switched_off_is_made_private_all_the_same()
    {
        (await MirroredPubliclyAsync("website")).Disabled = true;

        await RunAsync(0);

        ((string?)_world.ReportOf("acme/website")["reason"]).ShouldBe("disabled");
        Mirror("website").IsPrivate.ShouldBeTrue();
    }

    [Fact]
    public async Task Mirror_that_keeps_values_of_a_time_when_its_source_was_private_is_not_published_with_it()
    {
        var source = Add("website");
        source.Private = true;
        source.Git.Commit("secret", "password\n");
        await RunAsync(0);
        source.Git.ResetHard("main", "main^");
        await RunAsync(0);
        source.Private = false;
        _world.Inputs["destination-visibility"] = "source";

        await RunAsync(0);
        Mirror("website").IsPrivate.ShouldBeTrue();
        ((string?)_world.ReportOf("acme/website")["warnings"]![0]).ShouldNotBeNull().ShouldContain("refs/tags/mirror-kept/");

        foreach (var name in Mirror("website").Git.ForEachRef("refs/tags/mirror-kept/").Keys)
            Mirror("website").Git.Git("update-ref", "-d", name);
        await RunAsync(0);
        Mirror("website").IsPrivate.ShouldBeFalse();
    }

    [Fact]
    public async Task Mirror_that_cannot_be_made_public_is_mirrored_all_the_same_and_told()
    {
        var source = Add("website");
        await RunAsync(0);
        source.Git.Commit("README.md", "2\n");
        _world.Inputs["destination-visibility"] = "source";
        _world.Bitbucket.Faults.Next(1, 403, Refusal, "application/json", r => r.Method == "PUT");

        await RunAsync(0);

        ((string?)_world.ReportOf("acme/website")["warnings"]![0]).ShouldNotBeNull().ShouldContain("could not be made public");
        Mirror("website").IsPrivate.ShouldBeTrue();
        ShouldMirror(source);
    }

    [Fact]
    public async Task Mirror_of_a_public_source_that_is_public_stays_so()
    {
        Add("website");
        await RunAsync(0);
        Mirror("website").IsPrivate = false;

        await RunAsync(0);

        Mirror("website").IsPrivate.ShouldBeFalse();
        _world.Report["warnings"].ShouldBeNull();
    }

    /// <summary>A public mirror of a source that is private by now and has moved on.</summary>
    private async Task<SandboxGitHubRepository> MirroredPubliclyAsync(string name)
    {
        var source = Add(name);
        _world.Inputs["destination-visibility"] = "source";
        await RunAsync(0);
        Mirror(name).IsPrivate.ShouldBeFalse();
        source.Private = true;
        source.Git.Commit("README.md", "secret\n");
        return source;
    }

    private SandboxGitHubRepository Add(string name)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.Git.Commit("README.md", $"{name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string slug) => _world.Bitbucket.Find("acme-mirror", slug).ShouldNotBeNull();

    private void ShouldMirror(SandboxGitHubRepository source) =>
        RelayWorld.Mirrored(Mirror(source.Name).Git).ShouldBe(RelayWorld.Mirrored(source.Git), ignoreOrder: true);

    private void ShouldFail(string name, string code, string message, string hint)
    {
        var error = _world.ReportOf($"acme/{name}")["error"].ShouldNotBeNull();
        ((string?)error["code"]).ShouldBe(code);
        ((string?)error["message"]).ShouldNotBeNull().ShouldContain(message);
        ((string?)error["hint"]).ShouldNotBeNull().ShouldContain(hint);
    }

    private async Task<ActionOutcome> RunAsync(int exitCode)
    {
        var outcome = await _world.RunAsync();
        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        return outcome;
    }
}
