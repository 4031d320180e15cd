using MirrorAction.Hosting;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Modes;
using MirrorAction.Tests.Configuration;
using MirrorAction.Tests.Reporting;

namespace MirrorAction.Tests.Runner;

/// <summary>The whole program with an engine that a test writes, in a folder of its own.</summary>
internal sealed class ProgramHarness : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    /// <summary>A program of which nothing may run.</summary>
    public static ProgramHarness Idle() => new() { Mirror = (_, _, _) => throw new InvalidOperationException("must not run") };

    public Dictionary<string, string> Environment { get; } = Given.Minimum;

    public Func<RunSettings, IRunObserver, CancellationToken, Task<RunReport>> Mirror { get; set; } = (_, _, _) => Task.FromResult(Sample.Run());

    public Func<SyncSettings, IRunObserver, CancellationToken, Task<RepositoryReport>> Sync { get; set; } =
        (_, _, _) => Task.FromResult(Sample.Repository("x"));

    /// <summary>The report of an earlier run that the engine was given.</summary>
    public RunReport? Previous { get; private set; }

    /// <summary>What requests to services go over that are no hosts.</summary>
    public Func<HttpMessageHandler> Network { get; set; } = () => throw new InvalidOperationException("no request was expected");

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public bool IsTerminal { get; init; }

    public int Width { get; init; } = 80;

    public string Output => _output.ToString();

    /// <summary>Standard output, where a test puts something else in its place.</summary>
    public TextWriter? Screen { get; set; }

    /// <summary>What went to standard error.</summary>
    public string Errors => _errors.ToString();

    public string Folder => _folder.Path;

    public string ReportFile => Path.Combine(Folder, "mirror-report", "report.json");

    public string SummaryFile => Path.Combine(Folder, "summary.md");

    public string OutputFile => Path.Combine(Folder, "output.txt");

    /// <summary>As in a step: workflow commands, summary and outputs.</summary>
    public ProgramHarness OnActions()
    {
        Environment["GITHUB_ACTIONS"] = "true";
        Environment["CI"] = "true";
        Environment["GITHUB_WORKSPACE"] = Folder;
        Environment["GITHUB_STEP_SUMMARY"] = SummaryFile;
        Environment["GITHUB_OUTPUT"] = OutputFile;
        return this;
    }

    public Task<int> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public Task<int> RunAsync(CancellationToken cancellationToken, params string[] args)
    {
        var surroundings = new ProcessEnvironment
        {
            Environment = new EnvironmentVariables(Environment),
            Output = new ProgramOutput(() => Screen ?? _output, () => _errors),
            WorkingDirectory = Folder,
            Time = Time,
            IsOutputRedirected = !IsTerminal,
            Width = () => Width,
        };
        return Program.RunAsync(args, surroundings, new Engine(this), cancellationToken);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private sealed class Engine(ProgramHarness program) : IEngine
    {
        public Task<RunReport> RunAsync(IRunSettings settings, RunReport? previous, IRunObserver observer, CancellationToken cancellationToken)
        {
            program.Previous = previous;
            return program.Mirror(settings.Run, observer, cancellationToken);
        }

        public Task<RepositoryReport> SyncAsync(SyncSettings settings, IRunObserver observer, CancellationToken cancellationToken) =>
            program.Sync(settings, observer, cancellationToken);

        public HttpMessageHandler CreateHandler() => program.Network();
    }
}
