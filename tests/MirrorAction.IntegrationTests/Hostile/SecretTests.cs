using System.Text;
using System.Web;
using Microsoft.AspNetCore.Http;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.IntegrationTests.Relay;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>
/// No token leaves the process but to its host, whatever happens: every command, in success and in each kind of failure, against hosts that repeat in
/// their
/// answers what they were sent.
/// </summary>
public sealed class SecretTests : IAsyncLifetime
{
    private const string SourceToken = SecretWorld.SourceToken;
    private const string DestinationToken = SecretWorld.DestinationToken;
    private const string OddSourceToken = "s3cr3t+/of=the%source&";
    private const string OddDestinationToken = "s3cr3t+/of=the%destination~";

    private readonly TempFolder _folder = new("secrets-");
    private ActionWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await SecretWorld.StartAsync();
        _world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string, string, int, string> Failures
    {
        get
        {
            var cases = new TheoryData<string, string, int, string>();
            foreach (var command in new[] { "mirror", "plan" })
            {
                cases.Add(command, "none", 0, "");
                cases.Add(command, "source-rest 401", 3, "source-unauthorized");
                cases.Add(command, "source-git 401", 1, "source-unauthorized");
                cases.Add(command, "destination-rest 403", 3, "destination-forbidden");
                cases.Add(command, "source ref is a token", 0, "");
            }

            cases.Add("mirror", "source-rest 404", 3, "source-not-found");
            cases.Add("mirror", "source-rest 200 not JSON", 3, "protocol");
            cases.Add("mirror", "source-git 404", 1, "source-not-found");
            cases.Add("mirror", "source-git 500", 1, "network");
            cases.Add("mirror", "source-git 200 not git", 1, "protocol");
            cases.Add("plan", "source-git ERR", 1, "protocol");
            cases.Add("plan", "destination-rest next", 3, "protocol");
            cases.Add("mirror", "network refused", 1, "network");
            cases.Add("mirror", "destination-git 403", 1, "destination-forbidden");
            cases.Add("mirror", "destination-git 200 not git", 1, "protocol");
            cases.Add("mirror", "hook", 1, "ref-rejected");
            cases.Add("mirror", "quota", 1, "destination-quota");
            cases.Add("mirror", "prune guard", 1, "prune-guard");
            cases.Add("mirror", "not a mirror", 1, "not-a-mirror");
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Action_lets_no_token_out(string command, string failure, int exitCode, string code)
    {
        Arrange(failure);

        var (outcome, commandLine) = await RunAsync(() => _world.Start(command));

        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        if (code.Length > 0)
            _world.Report.ToJsonString().ShouldContain($"\"{code}\"");
        Search(outcome, commandLine, SourceToken, DestinationToken);
        outcome.Output.ShouldContain($"::add-mask::{SourceToken}");
    }

    [Fact]
    public async Task Action_that_is_cancelled_lets_no_token_out()
    {
        var isAsked = new TaskCompletionSource();
        _world.GitHub.Intercept = Interceptions.On(
            r => r.Path.Value!.Contains(".git", StringComparison.Ordinal),
            async (context, _) =>
            {
                isAsked.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        );
        using var process = _world.Start("mirror");
        await isAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        var commandLine = CommandLine(process.Id);
        process.Signal("TERM");
        var outcome = await process.WaitAsync();

        outcome.ExitCode.ShouldBe(130, outcome.Text);
        _world.Report.ToJsonString().ShouldContain("\"cancelled\"");
        Search(outcome, commandLine, SourceToken, DestinationToken);
    }

    [Fact]
    public async Task Wire_trace_and_an_api_token_with_its_e_mail_let_no_token_out()
    {
        const string ApiToken = "ATATT3xDistinct1veApiT0ken_-=5D6E7F8";
        _world.Bitbucket.Add(BitbucketCredential.ApiToken("mirror@acme.example", ApiToken));
        _world.Inputs["bitbucket-token"] = ApiToken;
        _world.Inputs["bitbucket-email"] = "mirror@acme.example";
        _world.Environment["RUNNER_DEBUG"] = "1";

        var (outcome, commandLine) = await RunAsync(() => _world.Start());

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        outcome.Output.ShouldContain("::debug::POST http://127.0.0.1");
        Search(outcome, commandLine, SourceToken, ApiToken);
    }

    [Theory]
    [InlineData("none", 0)]
    [InlineData("source 401", 3)]
    [InlineData("destination 403", 3)]
    [InlineData("source ERR", 1)]
    [InlineData("hook", 1)]
    [InlineData("not HTTP", 3)]
    public async Task Sync_lets_no_token_out(string failure, int exitCode)
    {
        await using var source = await GitHttpBackend.StartAsync();
        await using var destination = await GitHttpBackend.StartAsync();
        source.Create("one").Commit("a", "1\n");
        source.ReadLogin = new BasicLogin("reader", OddSourceToken);
        var mirror = destination.Create("two");
        destination.WriteLogin = new BasicLogin("writer", OddDestinationToken);
        await using var noHttp = WireServer.Start(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"{request!.Header("Authorization")} is not HTTP\r\n\r\n"));
        });
        switch (failure)
        {
            case "source 401":
                source.Intercept = Echo(401, "text/plain");
                break;
            case "destination 403":
                destination.Intercept = Echo(403, "text/html");
                break;
            case "source ERR":
                source.Intercept = EchoAsError();
                break;
            case "hook":
                mirror.Hook(
                    "pre-receive",
                    $"cat >/dev/null; echo 'no {OddDestinationToken} {new BasicLogin("writer", OddDestinationToken).Header}' >&2; exit 1"
                );
                break;
        }

        var environment = new Dictionary<string, string>
        {
            ["MIRROR_SOURCE_USERNAME"] = "reader",
            ["MIRROR_SOURCE_TOKEN"] = OddSourceToken,
            ["MIRROR_DESTINATION_USERNAME"] = "writer",
            ["MIRROR_DESTINATION_TOKEN"] = OddDestinationToken,
        };
        var from = failure == "not HTTP" ? new Uri(noHttp.Url, "one.git") : source.UrlOf("one");
        string[] arguments = ["sync", from.AbsoluteUri, destination.UrlOf("two").AbsoluteUri, "--log-level", "debug", "--max-attempts", "1"];
        var (outcome, commandLine) = await RunAsync(() => ActionProcess.Start(arguments, environment, _folder.Path));

        outcome.ExitCode.ShouldBe(exitCode, outcome.Text);
        Search(outcome, commandLine, OddSourceToken, OddDestinationToken);
    }

    [Fact]
    public void Search_finds_every_form_where_it_is()
    {
        foreach (var form in SecretForms.Of(OddSourceToken))
            SecretForms.Find($"x {form} y", OddSourceToken).ShouldNotBeNull();
        SecretForms.Find($"::add-mask::{OddSourceToken}\nx", OddSourceToken).ShouldBeNull();
    }

    private void Arrange(string failure)
    {
        static bool IsGit(HttpRequest request) => request.Path.Value!.Contains(".git/", StringComparison.Ordinal);
        var side = failure.StartsWith("destination", StringComparison.Ordinal) ? "destination" : "source";
        Interception? on = failure.Split(' ', 2)[^1] switch
        {
            "401" => Echo(401, "application/json"),
            "403" => Echo(403, "application/json"),
            "404" => Echo(404, "application/json"),
            "500" => Echo(500, "text/plain"),
            "200 not JSON" or "200 not git" => Echo(200, "text/plain"),
            "ERR" => EchoAsError(),
            "next" => async (context, _) =>
                await context.Response.WriteAsync($$"""{"values":[],"next":"https://evil.example/?{{Uri.EscapeDataString(Sent(context))}}"}"""),
            _ => null,
        };
        if (on is not null)
        {
            var isGit = failure.Contains("-git", StringComparison.Ordinal);
            var interception = Interceptions.On(request => IsGit(request) == isGit, on);
            if (side == "source")
                _world.GitHub.Intercept = interception;
            else
                _world.Bitbucket.Intercept = interception;
            return;
        }

        var source = _world.GitHub.Find("acme", "website")!;
        switch (failure)
        {
            case "none":
                break;
            case "source ref is a token":
                source.Git.Branch(SourceToken, "main");
                source.Git.Branch(DestinationToken, "main");
                break;
            case "network refused":
                _world.Inputs["github-server-url"] = "http://127.0.0.1:9";
                break;
            case "hook":
                var mirror = _world.Bitbucket.AddRepository("acme-mirror", "website");
                mirror.Description = string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"Mirror of github.com/acme/website (id {_world.GitHub.Find("acme", "website")!.Id})"
                );
                mirror.Git.Hook(
                    "update",
                    $"echo 'no {DestinationToken} {new BasicLogin("x-token-auth", DestinationToken).Header} {SourceToken}' >&2; exit 1"
                );
                break;
            case "quota":
                _world.Bitbucket.PushRefusal = $"{BitbucketTexts.WorkspaceOverQuota} ({DestinationToken})";
                break;
            case "prune guard":
                mirror = _world.Bitbucket.AddRepository("acme-mirror", "website");
                mirror.Description = string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"Mirror of github.com/acme/website (id {_world.GitHub.Find("acme", "website")!.Id})"
                );
                mirror.Git.Commit("a", "2\n");
                mirror.Git.AddBranches(20, prefix: DestinationToken);
                break;
            case "not a mirror":
                mirror = _world.Bitbucket.AddRepository("acme-mirror", "website");
                mirror.Description = DestinationToken;
                mirror.Git.Commit("b", "2\n", branch: DestinationToken);
                break;
            default:
                throw new ArgumentException(failure, nameof(failure));
        }
    }

    /// <summary>Repeats what it was sent in every form and place.</summary>
    private static Interception Echo(int status, string contentType) =>
        async (context, _) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            var sent = Sent(context);
            context.Response.Headers["X-GitHub-Request-Id"] = context.Response.Headers["X-Request-Id"] = sent;
            await context.Response.WriteAsync(
                contentType == "application/json" ? $$$"""{"message":"{{{sent}}}","error":{"message":"{{{sent}}}"}}""" : sent
            );
        };

    private static Interception EchoAsError() =>
        async (context, _) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            context.Response.ContentType =
                context.Request.Method == "GET" ? "application/x-git-upload-pack-advertisement" : "application/x-git-upload-pack-result";
            await context.Response.WriteAsync(Interceptions.Pkt($"ERR {Sent(context)}"));
        };

    private static string Sent(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var value = header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        var secret = BasicLogin.Parse(header)?.Password ?? value;
        return $"{header} {secret} {Uri.EscapeDataString(secret)} {HttpUtility.UrlEncode(secret)} {secret}";
    }

    private static async Task<(ActionOutcome Outcome, string CommandLine)> RunAsync(Func<ActionProcess> start)
    {
        using var process = start();
        var commandLine = CommandLine(process.Id);
        return (await process.WaitAsync(), commandLine);
    }

    /// <summary>What every user of the machine can read of the process and its children.</summary>
    private static string CommandLine(int process)
    {
        try
        {
            var threads = Directory.GetDirectories($"/proc/{process}/task");
            string.Concat(threads.Select(thread => File.ReadAllText(Path.Combine(thread, "children"))))
                .Trim()
                .ShouldBeEmpty("the program starts no other");
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return ""; // It has ended, or a thread has.
        }
    }

    private void Search(ActionOutcome outcome, string commandLine, params string[] tokens)
    {
        SecretForms.Find(outcome.Output, tokens).ShouldBeNull("stdout");
        SecretForms.Find(outcome.Errors, tokens).ShouldBeNull("stderr");
        SecretForms.Find(commandLine, tokens).ShouldBeNull("the command line");
        SecretWorld.ShouldHoldNone(
            [.. SecretWorld.FilesOf(_world), .. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)],
            tokens
        );
    }
}
