using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>
/// Text of servers and repositories starts no workflow command, no markup and no mention, and stays one line of bounded length wherever it is shown.
/// </summary>
public sealed partial class HostileTextTests : IAsyncLifetime
{
    private const string Harm =
        "::error::PWNED\n  ::add-mask::PWNED\r\n##[add-mask]PWNED \u001b[31m::stop-commands::PWNED\u001b]0;t\u0007 \u2028::error::PWNED \u202egnp \u2067x <script>PWNED()</script> "
        + "<img src=x> ![x](https://evil.example/p) [a](javascript:b) @everyone | a | b | `c` </details> %0A::error::PWNED \ud83d\ude00";

    private static readonly string[] s_ownCommands = ["group", "endgroup", "error", "warning", "notice", "debug", "add-mask"];

    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ActionWorld.StartAsync();
        _world.Inputs["max-attempts"] = "1";
        _world.Inputs["log-level"] = "debug";
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Names_of_repositories_do_nothing()
    {
        string[] names =
        [
            "::error::PWNED",
            "##[add-mask]PWNED",
            "<script>PWNED",
            "@everyone",
            "![x](y)",
            "a|b|c",
            "`c`",
            "--upload-pack=x",
            "%0A::error::PWNED",
            "$(x)",
        ];
        _world.GitHub.Intercept = AnswerListing(
            JsonSerializer.Serialize(
                names.Select(
                    (name, i) =>
                        new
                        {
                            id = i + 1,
                            name,
                            @private = true,
                            description = Harm,
                            default_branch = Harm,
                        }
                )
            )
        );

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text); // Listed, and gone when git asks.
        _world.Report["repositories"]!.AsArray().Count.ShouldBe(names.Length);
        ShouldBeTame(outcome);
    }

    [Theory]
    [InlineData("a\\u001b[31mb")]
    [InlineData("a\\u202eb")]
    [InlineData("a\\nb")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\ud800")]
    [InlineData("a mebibyte")]
    public async Task Name_that_cannot_be_one_fails_alone(string name)
    {
        var website = _world.GitHub.AddRepository("acme", "website");
        website.Git.Commit("a", "1\n");
        var shown = name == "a mebibyte" ? new string('x', 1 << 20) : name;
        _world.GitHub.Intercept = AnswerListing($$"""[{"id":999,"name":"{{shown}}"},{"id":{{website.Id}},"name":"website","private":false}]""");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text[..Math.Min(outcome.Text.Length, 5000)]);
        var failed = _world.Report["repositories"]!.AsArray().Single(r => (string?)r!["status"] == "failed")!;
        ((string?)failed["error"]!["code"]).ShouldBe("protocol");
        ((string)failed["error"]!["message"]!).ShouldContain("'name'");
        ((string?)_world.ReportOf("acme/website")["status"]).ShouldBe("mirrored");
        ShouldBeTame(outcome);
    }

    [Fact]
    public async Task Names_of_refs_do_nothing()
    {
        var git = _world.GitHub.AddRepository("acme", "website").Git;
        var id = git.Commit("a", Harm);
        foreach (
            var name in new[]
            {
                "@everyone",
                "<script>PWNED()</script>",
                "a|b|c",
                "`c`",
                "\u202egnp",
                "##",
                "%0Aerror",
                "$(x)",
                "\u00ff\u00fe",
                new string('x', 200),
            }
        )
            git.UpdateRef(Encoding.UTF8.GetBytes($"refs/heads/{name}"), id);
        git.UpdateRef([.. "refs/heads/"u8, 0xff, 0xfe, 0xc3, 0x28], id);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ShouldBeTame(outcome);
    }

    [Theory]
    [InlineData("::error::PWN")]
    [InlineData("##[error]PWN")]
    [InlineData("a:b ##[x]\tP")]
    public async Task Names_that_git_forbids_do_nothing(string name)
    {
        var git = _world.GitHub.AddRepository("acme", "website").Git;
        git.Commit("a", "1\n");
        git.Branch("innocent-name".PadRight(name.Length, 'x')[..name.Length]);
        _world.GitHub.Intercept = Interceptions.On(
            Interceptions.IsUploadPackPost,
            Interceptions.Rewrite(answer => answer.Replace("innocent-name".PadRight(name.Length, 'x')[..name.Length], name, StringComparison.Ordinal))
        );

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldBeTame(outcome);
    }

    [Fact]
    public async Task Name_with_a_NUL_cannot_ask_the_destination_for_anything()
    {
        var git = _world.GitHub.AddRepository("acme", "website").Git;
        git.Commit("a", "1\n");
        git.Branch("innocentxatomic");
        _world.GitHub.Intercept = Interceptions.On(
            Interceptions.IsUploadPackPost,
            Interceptions.Rewrite(answer => answer.Replace("innocentxatomic", "innocent\0atomic", StringComparison.Ordinal))
        );

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Output.ShouldContain("control characters");
        _world.Bitbucket.GitRequests.ShouldNotContain(r => r.IsPush);
    }

    [Fact]
    public async Task What_a_hook_says_does_nothing()
    {
        _world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        var mirror = _world.Bitbucket.AddRepository("acme-mirror", "website");
        mirror.Description = $"Mirror of {Harm}";
        File.WriteAllText(Path.Combine(mirror.Git.Path, "harm"), Harm);
        File.WriteAllBytes(Path.Combine(mirror.Git.Path, "bytes"), [0xff, 0xfe, 0xc3, 0x28, 0x80, (byte)'\n']);
        mirror.Git.Hook("pre-receive", "cat >/dev/null; (head -c 1048576 /dev/zero | tr '\\0' x; echo; cat bytes harm; echo; cat harm) >&2; exit 1");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Output.ShouldContain("PWNED");
        ShouldBeTame(outcome);
    }

    [Theory]
    [InlineData("git", 403, "text/html")]
    [InlineData("git", 500, "text/plain")]
    [InlineData("git", 200, "text/plain")]
    [InlineData("github", 403, "application/json")]
    [InlineData("github", 404, "text/plain")]
    [InlineData("bitbucket", 400, "application/json")]
    public async Task Error_bodies_do_nothing(string where, int status, string contentType)
    {
        _world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        var text = string.Concat(Enumerable.Repeat(Harm, 4000)); // More than a mebibyte.
        var body =
            contentType == "application/json"
                ? JsonSerializer.Serialize(
                    new
                    {
                        message = Harm,
                        error = new
                        {
                            message = Harm,
                            detail = Harm,
                            fields = new Dictionary<string, string[]> { [Harm] = [Harm] },
                        },
                    }
                )
                : text;
        Interception answer = async (context, _) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body);
        };
        static bool IsGit(HttpRequest request) => request.Path.Value!.Contains(".git/", StringComparison.Ordinal);
        if (where == "bitbucket")
            _world.Bitbucket.Intercept = Interceptions.On(r => r.Method == "POST" && !IsGit(r), answer);
        else
            _world.GitHub.Intercept = Interceptions.On(r => IsGit(r) == (where == "git"), answer);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBeOneOf(1, 3);
        outcome.Output.ShouldContain("PWNED");
        ShouldBeTame(outcome);
    }

    [Theory]
    [InlineData("Link", "another host")]
    [InlineData("Link loop", "read already")]
    [InlineData("Location", "another host")]
    [InlineData("Location nonsense", "leads nowhere")]
    public async Task Listing_is_not_led_astray(string how, string said)
    {
        await using var evil = WireServer.Answering(_ => new WireAnswer(200, "application/json", "[]"));
        _world.GitHub.Intercept = Interceptions.On(
            r => r.Path.Value!.EndsWith("/repos", StringComparison.Ordinal),
            async (context, _) =>
            {
                if (how.StartsWith("Location", StringComparison.Ordinal))
                {
                    context.Response.StatusCode = 302;
                    context.Response.Headers.Location = how == "Location" ? evil.Url.AbsoluteUri : "http://[";
                    return;
                }

                var next = how == "Link" ? evil.Url.AbsoluteUri : $"http://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}";
                context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("[]");
            }
        );

        await ShouldEndAtListingAsync(said);

        evil.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Git_is_not_redirected_to_another_host()
    {
        await using var evil = WireServer.Answering(_ => new WireAnswer(200, "application/x-git-receive-pack-advertisement", "0000"));
        _world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        _world.Bitbucket.Intercept = Interceptions.On(
            Interceptions.IsAdvertisement,
            Interceptions.Redirect(302, r => $"{evil.Url}x.git/info/refs{r.QueryString}")
        );

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Output.ShouldContain("redirects to another host");
        evil.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData("100 MB", "larger than 8 MiB")]
    [InlineData("1000 levels", "the JSON is wrong")]
    [InlineData("no JSON", "the JSON is wrong")]
    public async Task Json_beyond_measure_ends_the_listing(string what, string said)
    {
        _world.Environment["DOTNET_GCHeapHardLimit"] = "C000000"; // 192 MiB
        _world.GitHub.Intercept = Interceptions.On(
            r => r.Path.Value!.EndsWith("/repos", StringComparison.Ordinal),
            async (context, _) =>
            {
                context.Response.ContentType = "application/json";
                var part = what switch
                {
                    "100 MB" => "[" + new string(' ', 1 << 20),
                    "1000 levels" => string.Concat(Enumerable.Repeat("[{\"a\":", 500)),
                    _ => "\0\u001b{",
                };
                await context.Response.WriteAsync(part);
                for (var i = 0; what == "100 MB" && i < 100; i++)
                    await context.Response.WriteAsync(part[1..]);
            }
        );

        await ShouldEndAtListingAsync(said);
    }

    private static Interception AnswerListing(string json) =>
        Interceptions.On(
            r => r.Path.Value!.EndsWith("/repos", StringComparison.Ordinal),
            async (context, _) =>
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(json);
            }
        );

    private async Task ShouldEndAtListingAsync(string said)
    {
        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(3, outcome.Text[..Math.Min(outcome.Text.Length, 5000)]);
        outcome.Output.ShouldContain(said);
        ((string?)_world.Report["error"]!["code"]).ShouldBe("protocol");
        _world.Bitbucket.Repositories.ShouldBeEmpty();
        ShouldBeTame(outcome);
    }

    private void ShouldBeTame(ActionOutcome outcome)
    {
        outcome.Errors.ShouldBeEmpty();
        outcome.Output.Length.ShouldBeLessThan(200_000);
        foreach (var line in outcome.Output.Split('\n', '\r'))
        {
            line.Length.ShouldBeLessThan(20_000);
            line.ShouldNotContain("##[");
            ShouldShowNothingHidden(line);
            if (Command().Match(line) is { Success: true } command)
            {
                s_ownCommands.ShouldContain(command.Groups["name"].Value, line);
                command.Groups["data"].Value.ShouldNotStartWith("PWNED");
            }
        }

        var summary = _world.Summary;
        Encoding.UTF8.GetByteCount(summary).ShouldBeLessThan(1 << 20);
        foreach (var markup in new[] { "<script", "<img", "](javascript", "@everyone", "![", "`" })
            summary.ShouldNotContain(markup);
        summary.Split("</details>").Length.ShouldBe(summary.Split("<details>").Length);
        var columns = 0;
        foreach (var line in summary.Split('\n'))
        {
            line.Length.ShouldBeLessThan(20_000);
            ShouldShowNothingHidden(line);
            var count = line.StartsWith('|') ? line.Count(c => c == '|') : 0;
            (columns == 0 || count == 0 || count == columns).ShouldBeTrue(line);
            columns = count;
        }

        Output().Replace(_world.Outputs, "").Trim().ShouldBeEmpty();
        Output().Count(_world.Outputs).ShouldBe(10);
        var report = _world.Report.ToJsonString();
        report.Length.ShouldBeLessThan(200_000);
    }

    private static void ShouldShowNothingHidden(string line)
    {
        foreach (var rune in line.EnumerateRunes())
        {
            if (
                Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
            )
                Assert.Fail($"U+{rune.Value:x4} in '{line}'");
        }
    }

    [GeneratedRegex(@"^\s*::(?<name>[^ :]+)(?<properties>[^:]*)::(?<data>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    [GeneratedRegex(
        @"^(?<name>[a-z-]+)<<(?<end>ghadelimiter_[0-9a-f]+)\n(?<value>[^\n]*)\n\k<end>\n",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex Output();
}
