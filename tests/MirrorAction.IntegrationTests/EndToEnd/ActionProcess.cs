using System.Diagnostics;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.EndToEnd;

/// <summary>What the program did as a process of its own.</summary>
public sealed record ActionOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Everything that was printed.</summary>
    public string Text => Output + Errors;
}

/// <summary>The real program, started as a runner or a shell would.</summary>
public sealed class ActionProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ActionProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts it with nothing of this process's environment but what .NET needs, whichever <see cref="ProgramUnderTest"/> it is.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="workingDirectory">Where it is started.</param>
    /// <param name="redirection">Where a shell is to send its output, such as <c>&gt; /dev/full</c> or <c>| head -1</c>; the exit code is the
    /// program's in any case.</param>
    /// <param name="under">What is to start it, such as strace with its options; null for nothing.</param>
    public static ActionProcess Start(
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        string workingDirectory,
        string redirection = "",
        IReadOnlyList<string>? under = null
    )
    {
        // A shell starts what runs in its background with SIGINT ignored, and every child inherits that; the program shall get it all the same.
        string[] program = ["env", "--default-signal=INT", .. under ?? [], .. ProgramUnderTest.Command, .. arguments];
        string[] command = redirection.Length == 0 ? program : ["bash", "-c", $"\"$@\" {redirection}; exit ${{PIPESTATUS[0]}}", "bash", .. program];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var kept = start.Environment.Where(e => e.Key is "PATH" or "HOME" || e.Key.StartsWith("DOTNET_", StringComparison.Ordinal)).ToDictionary();
        start.Environment.Clear();
        foreach (var (name, value) in kept.Select(e => (e.Key, e.Value)).Concat(environment.Select(e => (e.Key, (string?)e.Value))))
        {
            start.Environment[name] = value;
        }

        return new ActionProcess(Process.Start(start)!);
    }

    /// <summary>Starts it and waits for its end.</summary>
    public static async Task<ActionOutcome> RunAsync(string[] arguments, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        using var process = Start(arguments, environment, workingDirectory);
        return await process.WaitAsync();
    }

    public async Task<ActionOutcome> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ActionOutcome(_process.ExitCode, await _output, await _errors);
    }

    /// <summary>Sends a signal by its name, such as <c>TERM</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
