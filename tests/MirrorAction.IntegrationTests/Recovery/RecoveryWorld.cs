using System.Diagnostics;
using MirrorAction.IntegrationTests.EndToEnd;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Recovery;

/// <summary>
/// The desk of somebody on a bad morning: a home folder, bash, git and <c>mirror-action</c> on the PATH, and the sandbox hosts where
/// <c>github.com</c> and <c>bitbucket.org</c> are.
/// </summary>
public sealed class RecoveryWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new("recovery-");
    private readonly ActionWorld _hosts;
    private readonly string _home;

    private RecoveryWorld(ActionWorld hosts)
    {
        _hosts = hosts;
        _home = _folder.CreateFolder("home");
        var bin = _folder.CreateFolder("bin");
        var inputs = hosts
            .Inputs.Where(input => input.Key.EndsWith("-url", StringComparison.Ordinal) || input.Key == "create-interval")
            .Select(input => $"'{SandboxInputs.VariableOf(input.Key)}={input.Value}'");
        Write(Path.Combine(bin, "mirror-action"), $"exec env {string.Join(' ', inputs)} '{string.Join("' '", ProgramUnderTest.Command)}' \"$@\"\n");

        // What these make or ask is no matter of this page; that they are called with words that they know is.
        File.WriteAllText(_folder["called"], "");
        foreach (var name in (string[])["dotnet", "docker", "gh"])
            Replace(name);

        // Git looks for a login under the address that it really asks, so the helpers of the page are repeated here for the sandbox's.
        File.WriteAllText(
            _folder["gitconfig"],
            $$"""
            [user]
              name = Somebody at acme
              email = somebody@acme.example
            [url "{{Bitbucket.GitUrl}}"]
              insteadOf = https://bitbucket.org/
            [url "{{GitHub.ServerUrl}}"]
              insteadOf = https://github.com/
            [credential "{{Bitbucket.GitUrl}}"]
              username = x-token-auth
              helper = "!f() { echo \"password=$MIRROR_BITBUCKET_API_TOKEN\"; }; f"
            [credential "{{GitHub.ServerUrl}}"]
              username = x-access-token
              helper = "!f() { echo \"password=$GITHUB_TOKEN\"; }; f"

            """
        );
    }

    public SandboxGitHub GitHub => _hosts.GitHub;

    public SandboxBitbucket Bitbucket => _hosts.Bitbucket;

    /// <summary>The token for GitHub; by default one that reads.</summary>
    public string? Token { get; set; }

    /// <summary>The calls of programs that stand for others, a line each.</summary>
    public string Called => File.ReadAllText(_folder["called"]);

    /// <summary>The path of something in the home folder.</summary>
    public string this[string name] => Path.Combine(_home, name);

    public static async Task<RecoveryWorld> StartAsync() => new(await ActionWorld.StartAsync());

    /// <summary>A run of the mirror as the workflow does it; its report is kept as <c>last-report.json</c>.</summary>
    public async Task MirrorAsync()
    {
        var outcome = await _hosts.RunAsync();
        outcome.ExitCode.ShouldBe(0, outcome.Text);
        File.Copy(Path.Combine(_hosts.Workspace, "mirror-report", "report.json"), this["last-report.json"], overwrite: true);
    }

    /// <summary>
    /// Puts something that only notes its call in the place of a program: on the PATH, or below the home folder where the name is a path. One that
    /// is to write the program somewhere else does that.
    /// </summary>
    public void Replace(string program)
    {
        var isPath = program.Contains('/', StringComparison.Ordinal);
        var file = isPath ? this[program] : Path.Combine(_folder["bin"], program);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        Write(
            file,
            $"""
            echo {program} "$@" >>'{_folder["called"]}'
            while [ $# -gt 1 ]; do
              if [ "$1" = --output ] && [ {program} = dotnet ]; then mkdir -p "$2" && cp '{_folder["bin"]}/mirror-action' "$2/"; fi
              shift
            done

            """
        );
    }

    /// <summary>Gives bash a block to read.</summary>
    public Task<ActionOutcome> RunAsync(RecoveryBlock block) => RunAsync(block.Commands);

    /// <summary>Gives bash commands to read.</summary>
    public async Task<ActionOutcome> RunAsync(string commands)
    {
        var script = _folder["script"];
        await File.WriteAllTextAsync(script, commands);
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-eo", "pipefail", script])
        {
            WorkingDirectory = _home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = $"{_folder["bin"]}:{start.Environment["PATH"]}";
        foreach (var name in start.Environment.Keys.Where(name => !name.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = _home;
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_CONFIG_SYSTEM"] = _folder["gitconfig"];
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GITHUB_TOKEN"] = Token ?? GitHub.FullToken;
        start.Environment["MIRROR_BITBUCKET_API_TOKEN"] = Bitbucket.Token;
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync($"{GitHub.FullToken}\n{Bitbucket.Token}\n");
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Most commands ask nothing, and a quick one is gone by now.
        }

        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ActionOutcome(process.ExitCode, await output, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _hosts.DisposeAsync();
        _folder.Dispose();
    }

    private static void Write(string file, string script)
    {
        File.WriteAllText(file, "#!/bin/sh\n" + script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }
}
