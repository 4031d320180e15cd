using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Hostile;

/// <summary>A proxy of the environment: its login is a secret, and hosts of this machine are not asked through it.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string User = "svc@mirror-proxy-user";
    private const string Password = "pr0xy:Distinct1ve/Passw0rd+";

    private readonly TempFolder _folder = new("proxy-");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HTTPS_PROXY", "mirror")]
    [InlineData("https_proxy", "plan")]
    [InlineData("ALL_PROXY", "doctor")]
    [InlineData("all_proxy", "sync")]
    public async Task Refusal_of_the_proxy_shows_its_host_and_port_and_nothing_of_its_login(string variable, string command)
    {
        // Repeats what it is sent, as a page of the proxy may.
        await using var proxy = WireServer.Start(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                var login = request.Header("Proxy-Authorization");
                await connection.WriteAsync(
                    System.Text.Encoding.Latin1.GetBytes(
                        $"HTTP/1.1 407 {login ?? "Proxy Authentication Required"}\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
                    )
                );
            }
        });
        var environment = Inputs();
        environment[variable] = AddressOf(proxy);
        string[] arguments =
            command == "sync"
                ? ["sync", "https://git.acme.example/one", "https://git.acme.example/two", "--max-attempts", "1", "--log-level", "debug"]
                : [command];

        var outcome = await ActionProcess.RunAsync(arguments, environment, _folder.Path);

        outcome.ExitCode.ShouldNotBe(0, outcome.Text);
        proxy.Connections.ShouldBePositive();
        outcome.Output.ShouldContain(proxy.Url.Authority);
        outcome.Output.ShouldNotContain($"@{proxy.Url.Authority}");
        outcome.Output.ShouldContain("407");
        outcome.Output.ShouldContain("HTTPS_PROXY");
        outcome.Output.ShouldContain($"::add-mask::{Password}\n");
        ShouldShowNothing(outcome);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Hosts_of_this_machine_are_not_asked_through_it(string host)
    {
        await using var world = await ActionWorld.StartAsync();
        await using var proxy = WireServer.Start(_ => Task.CompletedTask);
        world.GitHub.AddRepository("acme", "website").Git.Commit("a", "1\n");
        foreach (var (input, value) in world.Inputs.Where(i => i.Value.StartsWith("http", StringComparison.Ordinal)).ToList())
            world.Inputs[input] = value.Replace("127.0.0.1", host, StringComparison.Ordinal);
        foreach (var variable in new[] { "http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY" })
            world.Environment[variable] = AddressOf(proxy);

        var outcome = await world.RunAsync("mirror");

        outcome.ExitCode.ShouldBe(0, outcome.Text);
        proxy.Connections.ShouldBe(0);
        ((string?)world.ReportOf("acme/website")["status"]).ShouldBe("mirrored");
    }

    private static string AddressOf(WireServer proxy) =>
        $"http://{Uri.EscapeDataString(User)}:{Uri.EscapeDataString(Password)}@{proxy.Url.Authority}/";

    private Dictionary<string, string> Inputs() =>
        new()
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_WORKSPACE"] = _folder.Path,
            ["GITHUB_STEP_SUMMARY"] = _folder["summary"],
            ["GITHUB_OUTPUT"] = _folder["output"],
            ["INPUT_GITHUB-OWNER"] = "acme",
            ["INPUT_GITHUB-TOKEN"] = "ghp_0123456789abcdefghij",
            ["INPUT_GITHUB-API-URL"] = "https://github.acme.example/api/v3",
            ["INPUT_GITHUB-SERVER-URL"] = "https://github.acme.example",
            ["INPUT_BITBUCKET-WORKSPACE"] = "acme-mirror",
            ["INPUT_BITBUCKET-TOKEN"] = "ATCTT3x0123456789abcdef",
            ["INPUT_BITBUCKET-API-URL"] = "https://bitbucket.acme.example/2.0",
            ["INPUT_BITBUCKET-GIT-URL"] = "https://bitbucket.acme.example",
            ["INPUT_LOG-LEVEL"] = "debug",
        };

    private void ShouldShowNothing(ActionOutcome outcome)
    {
        string[] secrets = [User, Password, $"{User}:{Password}"];
        SecretForms.Find(outcome.Text, secrets).ShouldBeNull("output");
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            SecretForms.Find(File.ReadAllText(file), secrets).ShouldBeNull(Path.GetFileName(file));
    }
}
