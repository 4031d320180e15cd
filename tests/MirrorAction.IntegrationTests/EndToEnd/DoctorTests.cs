using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>The command <c>doctor</c> as a process, against both hosts: what it finds, what it says, and that it writes nothing.</summary>
public sealed partial class DoctorTests : IAsyncLifetime
{
    private const string Workflow = """
        on:
          schedule:
            - cron: '23 4 * * *'
        concurrency: { group: mirror, cancel-in-progress: false }
        jobs:
          mirror:
            runs-on: ubuntu-latest
            timeout-minutes: 340
            steps:
              - uses: acme/mirror-action@v1
                with: { bitbucket-workspace: acme-mirror }

        """;

    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ActionWorld.StartAsync();
        _world.Inputs["mode"] = "doctor";
        Add("website", sizeKiB: 1200);
        Add("api").Git.Commit(".gitattributes", "*.sh text eol=lf\n# *.png filter=lfs\n");
        Add("vault").Private = true;
        WriteWorkflow(Workflow);
        WriteEvent(isPrivate: true);
    }

    public ValueTask DisposeAsync()
    {
        _key.Dispose();
        return _world.DisposeAsync();
    }

    [Fact]
    public async Task Healthy_organisation_before_its_first_run_passes()
    {
        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        Snapshot.Match(Steady(outcome.Text), "doctor-first");
        Snapshot.Match(Steady(_world.Summary), "doctor-first-summary");
        _world.Outputs.ShouldMatch("result<<.*\nsuccess\n");
        ((string?)_world.Report["mode"]).ShouldBe("doctor");
        ((int)_world.Report["totals"]!["repositories"]!).ShouldBe(3);
        ((long)_world.Report["totals"]!["requests"]!).ShouldBe(_world.GitHub.Requests.Count + _world.Bitbucket.Requests.Count);
        ShouldHaveWrittenNothing();
    }

    [Fact]
    public async Task Healthy_organisation_with_mirrors_passes()
    {
        _world.Inputs["mode"] = "mirror";
        (await _world.RunAsync()).ExitCode.ShouldBe(0);
        _world.Inputs["mode"] = "doctor";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        Levels().ShouldNotContain("warning", outcome.Text);
        Found("Bitbucket write").ShouldBe(["ok: git opens a push to acme-mirror/api."]);
        Found("Bitbucket admin").ShouldBe(["ok: The credentials may administer acme-mirror/api."]);
        Found("Repositories existing").ShouldBe(["ok: 3 of the selected are at Bitbucket already; none needs adopt."]);
        ShouldHaveWrittenNothing();
    }

    [Fact]
    public async Task Sick_organisation_gets_all_its_findings_at_once()
    {
        _world.GitHub.AddAccount("acme-labs");
        _world.Inputs["github-owner"] = "acme, acme-labs";
        _world.GitHub.AddRepository("acme-labs", "Website").Git.Commit("a", "1\n");
        Add(".github");
        Add("...");
        Add(new string('n', 80));
        Add("gone").Disabled = true;
        Add("assets", sizeKiB: 60 * 1024).Git.Commit(".gitattributes", "*.psd filter=lfs diff=lfs merge=lfs -text\n");
        Add("monolith", sizeKiB: 3_700_000);
        Add("history", sizeKiB: 4_000_000);
        for (var i = 0; i < 12; i++)
            Add($"fork-{i}").Fork = true;
        Add("legacy");
        _world.Bitbucket.AddRepository("acme-mirror", "legacy").Git.Commit("own", "work\n");
        var restricted = _world.Bitbucket.AddRepository("acme-mirror", "api");
        restricted.Description = $"Mirror of github.com/acme/api (id {_world.GitHub.Find("acme", "api")!.Id})";
        restricted.RestrictedBranches.Add("main");
        _world.GitHub.Faults.Next(
            1,
            200,
            """{"tree":[{"path":"video.mp4","type":"blob","size":250000000}],"truncated":true}""",
            "application/json",
            r => r.Path.Value!.Contains("assets/git/trees", StringComparison.Ordinal)
        );
        _world.GitHub.AddToken(
            new SandboxGitHubToken("ghp_expires", "mirror-bot", SeesPrivate: true) { Scopes = "public_repo", Expiration = Day(5) }
        );
        _world.Inputs["github-token"] = "ghp_expires";
        _world.Bitbucket.Add(
            BitbucketCredential.AccessToken("ATCTT3x-odd").WithScopes("repository", "repository:write", "repository:admin", "project")
        );
        _world.Inputs["bitbucket-token"] = "ATCTT3x-odd";
        _world.Inputs["bitbucket-project"] = "NONE";
        _world.Inputs["fail-on"] = "never";
        _world.Inputs["keep-overwritten"] = "false";
        WriteWorkflow(
            "on:\n  schedule: [{ cron: '0 2 * * *' }]\njobs:\n  mirror:\n    timeout-minutes: 60\n    steps: [{ uses: x, with: { bitbucket-workspace: y } }]\n"
        );
        WriteEvent(isPrivate: false);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        Snapshot.Match(Steady(outcome.Text), "doctor-sick");
        Snapshot.Match(Steady(_world.Summary), "doctor-sick-summary");
        _world.Outputs.ShouldMatch("result<<.*\nfailure\n");
        ShouldHaveWrittenNothing();
    }

    [Theory]
    [InlineData("github-token", "ghp_dead", "GitHub token", "problem", "Bad credentials", 1)]
    [InlineData("github-token", "ghs_sandbox1public2repos3", "GitHub owner", "warning", "not one of them private", 0)]
    [InlineData("github-token", "", "GitHub token", "warning", "No token is given", 0)]
    [InlineData("github-owner", "nobody", "GitHub owner", "problem", "answered with 404", 1)]
    [InlineData("github-api-url", "http://127.0.0.1:9/", "GitHub access", "problem", "refused", 1)]
    [InlineData("github-server-url", "http://127.0.0.1:9/", "GitHub contents", "problem", "git does not read acme/vault, which is private", 1)]
    [InlineData("bitbucket-token", "ATCTT3x-dead", "Bitbucket token", "problem", "Token is invalid", 1)]
    [InlineData("bitbucket-workspace", "acme-mirrors", "Bitbucket workspace", "problem", "No workspace with identifier", 1)]
    [InlineData("bitbucket-api-url", "http://127.0.0.1:9/", "Bitbucket access", "problem", "refused", 1)]
    [InlineData("bitbucket-project", "ACME", "Bitbucket project", "not-checked", "Not checked, because the token may not read projects", 0)]
    [InlineData("repositories", "nothing*", "Repositories selected", "problem", "The filters take none of 3 repositories", 1)]
    [InlineData("adopt", "true", "Settings adopt", "warning", "adopt is on", 0)]
    [InlineData("timeout-minutes", "350", "Workflow timeout", "warning", "ends its job after 340 minutes", 0)]
    public async Task Input_that_will_not_do_is_found(string input, string value, string check, string level, string message, int exitCode)
    {
        _world.Inputs[input] = value;

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        ShouldFind(check, level, message);
        ShouldHaveWrittenNothing();
    }

    [Theory]
    [InlineData("read:repository:bitbucket", "lacks write:repository:bitbucket, admin:repository:bitbucket", "Bitbucket scopes")]
    [InlineData("write:repository:bitbucket", "lack one or more required privilege scopes", "Bitbucket scopes")]
    [InlineData("", "lack one or more required privilege scopes", "Bitbucket scopes")]
    public async Task Token_without_scopes_is_found(string scopes, string message, string check)
    {
        Mirror("api");
        _world.Bitbucket.Add(BitbucketCredential.ApiToken("ada@acme.example", "ATATT3x-short").WithScopes(scopes.Split(' ')));
        _world.Inputs["bitbucket-token"] = "ATATT3x-short";
        _world.Inputs["bitbucket-email"] = "ada@acme.example";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldFind(check, "problem", message);
        if (scopes.StartsWith("read", StringComparison.Ordinal))
        {
            ShouldFind("Bitbucket write", "problem", "git opens no push");
            ShouldFind("Bitbucket admin", "problem", "may not administer");
        }

        ShouldHaveWrittenNothing();
    }

    [Fact]
    public async Task Api_token_with_all_scopes_passes_and_names_its_owner()
    {
        Mirror("api").RestrictedBranches.Add("main");
        _world.Bitbucket.Add(BitbucketCredential.ApiToken("ada@acme.example", "ATATT3x-full"));
        _world.Inputs["bitbucket-token"] = "ATATT3x-full";
        _world.Inputs["bitbucket-email"] = "ada@acme.example";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ShouldFind("Bitbucket token", "ok", "an API token of mirror-bot");
        ShouldFind("Bitbucket branch restrictions", "warning", "acme-mirror/api (push on main)"); // Its user may be let through.
    }

    [Fact]
    public async Task Rules_are_held_against_repositories_and_projects()
    {
        File.WriteAllText(
            Path.Combine(_world.Workspace, ".github", "mirror.yml"),
            "rules:\n  - match: websit\n    slug: site\n  - match: api\n    project: APIS\n  - match: vault\n    project: APIS\n"
        );
        _world.Bitbucket.Add(
            BitbucketCredential.AccessToken("ATCTT3x-odd").WithScopes("repository", "repository:write", "repository:admin", "project")
        );
        _world.Inputs["bitbucket-token"] = "ATCTT3x-odd";

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        ShouldFind("Repositories filters", "warning", "'websit' (did you mean 'website'?)");
        ShouldFind("Bitbucket project", "problem", "The workspace acme-mirror has no project APIS");
        outcome.Text.ShouldContain("correct project in the rules of the configuration file");
    }

    [Fact]
    public async Task Repository_that_may_not_be_read_stops_no_check()
    {
        const string refusal = """{"message":"Resource not accessible by personal access token"}""";
        _world.GitHub.Faults.Next(1, 403, refusal, "application/json", r => r.Path.Value!.Contains("/vault/contents/", StringComparison.Ordinal));

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ShouldFind("Repositories LFS", "ok", "Looked at 2 of 3 repositories, the largest first: none keeps files in Git LFS.");
        ShouldFind("Repositories contents", "warning", "GitHub did not let these be looked into: acme/vault.");
    }

    [Fact]
    public async Task Restrictions_of_mirrors_that_were_not_looked_at_are_not_denied()
    {
        for (var i = 0; i < 51; i++)
        {
            Add($"lib-{i}");
            Mirror($"lib-{i}");
        }

        _world.Bitbucket.Find("acme-mirror", "lib-0")!.RestrictedBranches.Add("main");
        (await _world.RunAsync()).ExitCode.ShouldBe(1);

        ShouldFind("Bitbucket branch restrictions", "problem", "acme-mirror/lib-0 (push on main). Not all of 51 mirrors were looked at.");
    }

    [Fact]
    public async Task Repositories_that_were_not_compared_are_not_said_to_be_well()
    {
        for (var i = 0; i < 22; i++)
        {
            Add($"lib-{i}");
            _world.Bitbucket.AddRepository("acme-mirror", $"lib-{i}");
        }

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        Found("Repositories existing")
            .ShouldBe(["warning: 22 existing repositories do not say that they are these mirrors; 20 of them were compared."]);
    }

    [Fact]
    public async Task Repository_of_an_owner_with_two_names_counts_once()
    {
        _world.Inputs["github-owner"] = "acme, Acme";

        var outcome = await _world.RunAsync();

        ((int)_world.Report["totals"]!["repositories"]!).ShouldBe(3, outcome.Text);
        outcome.ExitCode.ShouldBe(0, outcome.Text);
    }

    [Fact]
    public async Task Workspace_without_room_is_found()
    {
        Add("films", sizeKiB: 1_000_000);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        ShouldFind("Bitbucket storage", "warning", "4 repositories to be created will need about 1.0 GB: more than the 1 GB of a Free workspace");
    }

    [Fact]
    public async Task Requests_have_a_limit_however_many_repositories_there_are()
    {
        for (var i = 0; i < 240; i++)
            _world.GitHub.AddRepository("acme", $"lib-{i:000}").SizeKiB = 60 * 1024;

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        _world.GitHub.RestRequests.Count(r => r.Path.EndsWith("/.gitattributes", StringComparison.Ordinal)).ShouldBe(200);
        _world.GitHub.RestRequests.Count(r => r.Path.Contains("/git/trees/", StringComparison.Ordinal)).ShouldBe(25);
        ShouldFind("Repositories LFS", "ok", "Looked at 200 of 243 repositories, the largest first");
        ShouldFind("Repositories files", "ok", "of 25 of 240 repositories of 50 MiB and more");
    }

    [Fact]
    public async Task Rate_limit_that_is_nearly_used_up_is_not_used_up_by_doctor()
    {
        _world.GitHub.RateLimit = 40;
        for (var i = 0; i < 60; i++)
            _world.GitHub.AddRepository("acme", $"lib-{i:000}");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        _world.GitHub.RestRequests.Count().ShouldBeLessThan(30);
        ShouldFind("Repositories LFS", "ok", "Looked at 19 of 63 repositories, the largest first");
    }

    [Fact]
    public async Task Hostile_texts_do_nothing()
    {
        const string harm = "::error::PWNED\n##[add-mask]PWNED \u001b[31m<script>PWNED</script> | a | @everyone";
        Add("evil", sizeKiB: 60 * 1024);
        var page = new JsonObject
        {
            ["tree"] = new JsonArray(
                new JsonObject
                {
                    ["path"] = harm,
                    ["type"] = "blob",
                    ["size"] = 200_000_000,
                }
            ),
        }.ToJsonString();
        _world.GitHub.Faults.Next(1, 200, page, "application/json", r => r.Path.Value!.Contains("/git/trees/", StringComparison.Ordinal));
        var user = new JsonObject { ["login"] = harm }.ToJsonString();
        _world.GitHub.Faults.Next(1, 200, user, "application/json", r => r.Path.Value!.EndsWith("/user", StringComparison.Ordinal));
        Mirror("api").RestrictedBranches.Add(harm);

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Text.ShouldContain("PWNED");
        outcome
            .Output.Split('\n')
            .Select(line => line.TrimStart())
            .ShouldNotContain(line => line.StartsWith("::error::PWNED", StringComparison.Ordinal));
        outcome.Text.ShouldNotContain("##[");
        outcome.Text.ShouldNotContain("\u001b");
        _world.Summary.ShouldNotContain("<script>");
        _world.Summary.ShouldNotContain("@everyone");
    }

    [Fact]
    public async Task Secrets_are_in_nothing_that_is_written()
    {
        const string token = "ATCTT3xDistinct1veT0ken-_=1A2B3C";
        _world.Bitbucket.Add(BitbucketCredential.AccessToken(token));
        _world.Inputs["bitbucket-token"] = token;
        _world.Inputs["log-level"] = "debug";
        var echo = new JsonObject
        {
            ["type"] = "error",
            ["error"] = new JsonObject { ["message"] = $"You sent {token} and {_world.GitHub.FullToken}" },
        }.ToJsonString();
        _world.Bitbucket.Faults.Next(
            1,
            403,
            echo,
            "application/json",
            r =>
                r.Path.Value!.Contains("/workspaces/", StringComparison.Ordinal) || r.Path.Value!.Contains("/repositories/", StringComparison.Ordinal)
        );
        Add($"lib-{token.ToLowerInvariant()[..10]}");

        var outcome = await _world.RunAsync();

        outcome.ExitCode.ShouldBe(1, outcome.Text);
        outcome.Text.ShouldContain("You sent ***");
        SecretForms
            .Find(outcome.Text + _world.Summary + _world.Outputs + _world.Report.ToJsonString(), token, _world.GitHub.FullToken)
            .ShouldBeNull();
    }

    [Fact]
    public async Task Cancelled_checks_say_so()
    {
        var reached = new TaskCompletionSource();
        _world.GitHub.Intercept = async (context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith("/rate_limit", StringComparison.Ordinal))
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await next();
        };
        using var process = _world.Start();
        await reached.Task.WaitAsync(TestContext.Current.CancellationToken);
        process.Signal("TERM");

        var outcome = await process.WaitAsync();

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        outcome.Text.ShouldContain("The checks were stopped");
        ((string?)_world.Report["result"]).ShouldBe("failure");
        _world.Summary.ShouldContain("not everything was checked");
        ShouldHaveWrittenNothing();
    }

    private SandboxGitHubRepository Add(string name, long sizeKiB = 0)
    {
        var repository = _world.GitHub.AddRepository("acme", name);
        repository.SizeKiB = sizeKiB;
        repository.Git.Commit("README.md", $"# {name}\n");
        return repository;
    }

    private SandboxBitbucketRepository Mirror(string name)
    {
        var mirror = _world.Bitbucket.AddRepository("acme-mirror", name);
        mirror.Description = $"Mirror of github.com/acme/{name} (id {_world.GitHub.Find("acme", name)!.Id})";
        return mirror;
    }

    private void WriteWorkflow(string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_world.Workspace, ".github", "workflows")).FullName;
        File.WriteAllText(Path.Combine(folder, "mirror.yml"), text);
        File.WriteAllText(Path.Combine(folder, "other.yml"), "on: push\njobs: { build: { steps: [{ run: make }] } }\n");
    }

    private void WriteEvent(bool isPrivate)
    {
        var file = Path.Combine(_world.Workspace, "event.json");
        File.WriteAllText(file, new JsonObject { ["repository"] = new JsonObject { ["private"] = isPrivate } }.ToJsonString());
        _world.Environment["GITHUB_EVENT_PATH"] = file;
        _world.Environment["GITHUB_WORKFLOW_REF"] = "acme/mirror/.github/workflows/mirror.yml@refs/heads/main";
    }

    private static string Day(int fromNow) =>
        DateTimeOffset.UtcNow.AddDays(fromNow).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private IEnumerable<JsonNode> Findings => _world.Report["findings"]!.AsArray().Select(finding => finding!);

    private IEnumerable<string> Levels() => Findings.Select(finding => (string)finding["level"]!);

    private List<string> Found(string check) => [.. Findings.Where(f => (string?)f["check"] == check).Select(f => $"{f["level"]}: {f["message"]}")];

    private void ShouldFind(string check, string level, string message)
    {
        var found = Findings
            .Where(f =>
                (string?)f["check"] == check && (string?)f["level"] == level && ((string)f["message"]!).Contains(message, StringComparison.Ordinal)
            )
            .ToList();
        found.ShouldHaveSingleItem($"{check}, {level}: {message}\nin\n{string.Join('\n', Findings.Select(f => f.ToJsonString()))}");
        if (level == "problem")
            ((string?)found[0]["cure"]).ShouldNotBeNullOrEmpty();
    }

    private void ShouldHaveWrittenNothing()
    {
        _world.GitHub.WriteAttempts.ShouldBeEmpty();
        _world.GitHub.Requests.ShouldAllBe(r => r.Method == "GET" || r.IsFetch || r.Path.EndsWith("/access_tokens", StringComparison.Ordinal));
        _world.Bitbucket.Requests.ShouldAllBe(r => r.Method == "GET" || r.IsFetch);
    }

    /// <summary>Without what differs from run to run: ports, days, durations.</summary>
    private static string Steady(string text) =>
        Changing()
            .Replace(
                AddMasks().Replace(text, ""),
                match =>
                    match.Value[0] switch
                    {
                        '1' => "HOST",
                        '2' => "DAY",
                        _ => ", TIME",
                    }
            );

    [GeneratedRegex(@"127\.0\.0\.1:[0-9]+|20[0-9]{2}-[0-9]{2}-[0-9]{2}|, [0-9.]+ s\b")]
    private static partial Regex Changing();

    [GeneratedRegex(@"^::add-mask::.*\n", RegexOptions.Multiline)]
    private static partial Regex AddMasks();
}
