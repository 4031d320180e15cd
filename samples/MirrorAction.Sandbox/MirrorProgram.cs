using System.Diagnostics;
using System.Globalization;
using MirrorAction.TestKit;

namespace MirrorAction.Sandbox;

/// <summary>Starts the real <c>mirror-action</c> as GitHub's runner does: settings in <c>INPUT_*</c>, files for outputs and summary.</summary>
internal sealed class MirrorProgram(SandboxGitHub gitHub, SandboxBitbucket bitbucket, TempFolder folder)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _workspace = folder.CreateFolder("workspace");

    /// <summary>The inputs that are credentials, and the variables that they are read from at a desk: no option takes them.</summary>
    public static IReadOnlyDictionary<string, string> Credentials { get; } =
        new Dictionary<string, string> { ["github-token"] = "GITHUB_TOKEN", ["bitbucket-token"] = "MIRROR_BITBUCKET_API_TOKEN" };

    /// <summary>The settings, by input name.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; } =
        new Dictionary<string, string>(SandboxInputs.Between(gitHub, bitbucket))
        {
            ["github-owner"] = SampleOrganization.Owner,
            ["report-dir"] = "mirror-report",
        };

    /// <summary>Runs it once; its own output appears as it comes.</summary>
    public async Task<MirrorRun> RunAsync(CancellationToken cancellationToken)
    {
        var (outputs, summary) = (folder[$"output-{Guid.NewGuid():N}"], folder[$"summary-{Guid.NewGuid():N}"]);
        await File.WriteAllTextAsync(outputs, "", cancellationToken);
        await File.WriteAllTextAsync(summary, "", cancellationToken);
        gitHub.ClearRequests();
        bitbucket.ClearRequests();

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(Start(outputs, summary))!;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C has reached the program as well, which now ends in good order; but not for ever.
            using var patience = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(patience.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            throw;
        }

        return new MirrorRun(
            process.ExitCode,
            watch.Elapsed,
            Traffic.Of(gitHub.Requests),
            Traffic.Of(bitbucket.Requests),
            await File.ReadAllTextAsync(summary, cancellationToken)
        );
    }

    /// <summary>Copies the report of the last run to where it stays when the sandbox has ended.</summary>
    /// <returns>The page in a browser's words, relative to the current folder where that is shorter; null where nothing could be written.</returns>
    public string? KeepReport()
    {
        var (from, to) = (Path.Combine(_workspace, "mirror-report"), Checkout.PathOf("artifacts", "sandbox"));
        try
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.EnumerateFiles(from))
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The report could not be kept in {to}: {e.Message}");
            return null;
        }

        var page = Path.Combine(to, "report.html");
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), page);
        return relative.Length < page.Length ? relative : page;
    }

    private ProcessStartInfo Start(string outputs, string summary)
    {
        var start = new ProcessStartInfo(ProgramUnderTest.Command[0], ProgramUnderTest.Command.Skip(1)) { WorkingDirectory = _workspace };
        var environment = start.Environment;
        // The sandbox may itself be run by a workflow; what that was given is not meant for the program.
        foreach (
            var name in environment
                .Keys.Where(name => name.StartsWith("INPUT_", StringComparison.Ordinal) || name.StartsWith("GITHUB_", StringComparison.Ordinal))
                .ToList()
        )
            environment.Remove(name);
        foreach (var (name, value) in Inputs)
            environment[SandboxInputs.VariableOf(name)] = value;
        environment["COLUMNS"] = Narrator.Width.ToString(CultureInfo.InvariantCulture);
        environment["GITHUB_WORKSPACE"] = _workspace;
        environment["GITHUB_OUTPUT"] = outputs;
        environment["GITHUB_STEP_SUMMARY"] = summary;
        return start;
    }
}

/// <summary>What came of one run.</summary>
internal sealed record MirrorRun(int ExitCode, TimeSpan Duration, Traffic GitHub, Traffic Bitbucket, string Summary);

/// <summary>What one host was asked, as the host counted it.</summary>
internal sealed record Traffic(int Rest, int Git, int Pushes, long Received, long Sent)
{
    public static Traffic Of(IReadOnlyList<RecordedRequest> requests) =>
        new(
            requests.Count(request => !request.IsGit),
            requests.Count(request => request.IsGit),
            requests.Count(request => request.IsPush),
            requests.Sum(request => request.RequestBytes),
            requests.Sum(request => request.ResponseBytes)
        );
}
