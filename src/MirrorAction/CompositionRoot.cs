using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Modes;

namespace MirrorAction;

/// <summary>What does the work. Everything around it (configuration, log, report, exit code) only needs these two.</summary>
internal interface IEngine
{
    /// <summary>Does what the settings say to all selected repositories, with the report of an earlier run where there is one.</summary>
    Task<RunReport> RunAsync(IRunSettings settings, RunReport? previous, IRunObserver observer, CancellationToken cancellationToken);

    /// <summary>Mirrors, or plans, one repository.</summary>
    Task<RepositoryReport> SyncAsync(SyncSettings settings, IRunObserver observer, CancellationToken cancellationToken);

    /// <summary>What requests go over that are to no host of a run. The caller owns it.</summary>
    HttpMessageHandler CreateHandler();
}

/// <summary>Puts hosts and connections together by hand: the one place that knows all of them.</summary>
/// <param name="time">The clock of everything that is put together.</param>
/// <param name="network">Makes what requests go over, once for each client; null for the network.</param>
internal sealed class CompositionRoot(TimeProvider time, Func<HttpMessageHandler>? network) : IEngine
{
    private readonly EnvironmentProxy _proxy = EnvironmentProxy.OfProcess();

    /// <summary>The engine that talks to the hosts.</summary>
    public static IEngine CreateEngine() => CreateEngine(TimeProvider.System, null);

    /// <summary>The same engine with another clock, over another network.</summary>
    public static IEngine CreateEngine(TimeProvider time, Func<HttpMessageHandler>? connections) => new CompositionRoot(time, connections);

    /// <inheritdoc/>
    public HttpMessageHandler CreateHandler() => network?.Invoke() ?? RestTransport.CreateHandler(_proxy);

    /// <inheritdoc/>
    public async Task<RunReport> RunAsync(IRunSettings settings, RunReport? previous, IRunObserver observer, CancellationToken cancellationToken)
    {
        // Awaited here, because the connections must outlive the run.
        using var connections = new Connections(time, network, _proxy, observer);
        return await settings.DoAsync(connections, previous, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RepositoryReport> SyncAsync(SyncSettings settings, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var connections = new Connections(time, network, _proxy, observer);
        return await settings.DoAsync(connections, cancellationToken);
    }
}

/// <summary>How a run uses its hosts.</summary>
/// <param name="Options">What the run does.</param>
internal sealed record HostUse(MirrorOptions Options)
{
    /// <summary>How long answers are worth waiting for; null for the time limit of the run.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>How much matters what the hosts' clients have to say.</summary>
    public MessageLevel NoteLevel { get; init; } = MessageLevel.Warning;
}

/// <summary>The way to the hosts and git servers of one run.</summary>
internal sealed class Connections : IDisposable
{
    private readonly HttpClient _rest;

    /// <summary>Opens nothing yet.</summary>
    public Connections(TimeProvider time, Func<HttpMessageHandler>? network, EnvironmentProxy proxy, IRunObserver observer)
    {
        Time = time;
        Observer = observer;
        _rest = RestTransport.CreateClient(network?.Invoke() ?? RestTransport.CreateHandler(proxy));
        Git = new(
            new GitHttpOptions
            {
                Agent = $"mirror-action/{ProductVersion.Text}",
                Time = time,
                Connections = network,
                Proxy = proxy,
                Trace = line => observer.Log(new RunMessage(MessageLevel.Debug, line)),
            }
        );
    }

    /// <summary>The way to git servers.</summary>
    public GitHttp Git { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Is told how the run goes.</summary>
    public IRunObserver Observer { get; }

    /// <summary>From the source to the mirrors, as most modes look at them.</summary>
    public RunContext Between(HostPair hosts, MirrorOptions options, RunReport? previous) => Between(hosts, new HostUse(options), previous);

    /// <summary>From the source to the mirrors.</summary>
    public RunContext Between(HostPair hosts, HostUse use, RunReport? previous) =>
        Context(Source(hosts.Source, use), Destination(hosts.Destination, use), use.Options, previous);

    /// <summary>A run between two hosts.</summary>
    public RunContext Context(IRepositorySource source, IRepositoryDestination destination, MirrorOptions options, RunReport? previous) =>
        new(source, destination, Git, options, Observer, Time, ProductVersion.Text) { Previous = previous };

    /// <summary>A side that is read.</summary>
    public IRepositorySource Source(HostSide side, HostUse use) => Open(side, use).Source;

    /// <summary>A side that is written.</summary>
    public IRepositoryDestination Destination(HostSide side, HostUse use) => Open(side, use).DestinationOf(side.Owner);

    /// <inheritdoc/>
    public void Dispose()
    {
        Git.Dispose();
        _rest.Dispose();
    }

    private IRepositoryHost Open(HostSide side, HostUse use)
    {
        var connection = new HostConnection(_rest, Time, NotesOf(use), Observer.AddSecret)
        {
            Deadline = DeadlineOf(use),
            ShareOf = use.Options.Shard is null ? null : use.Options.Shares.Of,
        };
        return side.Host.Open(side.Settings, connection);
    }

    private Action<string> NotesOf(HostUse use) => text => Observer.Log(new RunMessage(use.NoteLevel, text));

    private DateTimeOffset? DeadlineOf(HostUse use)
    {
        var patience = use.Patience ?? use.Options.Timeout;
        return patience == Timeout.InfiniteTimeSpan ? null : Time.GetUtcNow() + patience;
    }
}
