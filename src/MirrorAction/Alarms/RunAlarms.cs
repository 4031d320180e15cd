using MirrorAction.Hosting;
using MirrorAction.Http;
using MirrorAction.Inputs;
using MirrorAction.Logging;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Reporting;
using MirrorAction.Secrets;

namespace MirrorAction.Alarms;

/// <summary>
/// Tells a dead man's switch and people of one run. Nothing of it can fail or change the run: what could not be sent is a warning, and all of it
/// together takes <see cref="Limit"/> at most.
/// </summary>
internal sealed class RunAlarms : IAsyncDisposable
{
    /// <summary>How long the end of a run may be held up.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The same for a run that is being cancelled: see <see cref="CancellationGrace"/> for how long there is.</summary>
    public static readonly TimeSpan LimitOfCancelled = TimeSpan.FromSeconds(2.5);

    private readonly AlarmSettings _settings;
    private readonly ProcessEnvironment _surroundings;
    private readonly RunLog _log;
    private readonly SecretMasker _masker;
    private readonly Lazy<HttpClient> _client;
    private readonly CancellationTokenSource _startLimit;
    private readonly Guid _run = Guid.NewGuid();
    private Task<string?> _start = Task.FromResult<string?>(null);

    /// <summary>Sends nothing yet.</summary>
    /// <param name="settings">Who is told.</param>
    /// <param name="surroundings">Where the program runs.</param>
    /// <param name="log">The log.</param>
    /// <param name="masker">Knows all secrets.</param>
    /// <param name="engine">Knows the way out.</param>
    public RunAlarms(AlarmSettings settings, ProcessEnvironment surroundings, RunLog log, SecretMasker masker, IEngine engine)
    {
        (_settings, _surroundings, _log, _masker) = (settings, surroundings, log, masker);
        _startLimit = new(Limit, surroundings.Time);
        _client = new(() => RestTransport.CreateClient(engine.CreateHandler()));
    }

    private AlarmSender Sender => new(_client, _surroundings.Time);

    private Uri? Link => AlarmText.LinkOf(_surroundings.Environment);

    /// <summary>Tells of the start, and waits for nothing.</summary>
    public void Begin()
    {
        if (_settings.Heartbeat is { } url && new Heartbeat(url.Reveal(), _run) is var heartbeat && heartbeat.Start() is { } first)
        {
            first.Dispose();
            _start = Task.Run(() => Sender.SendAsync(() => heartbeat.Start()!, _startLimit.Token));
        }
    }

    /// <summary>Tells of the end.</summary>
    /// <param name="unsafeReport">The report, which may hold secrets in texts of servers.</param>
    /// <param name="last">The run before.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="cancelled">Is cancelled when there is little time left.</param>
    public Task EndAsync(RunReport unsafeReport, LastRun last, int code, CancellationToken cancelled)
    {
        var report = unsafeReport.Redacted(_masker.Redact);
        var failed = code != ExitCodes.Success || report.Result != RunResult.Success;
        var kind =
            failed ? AlarmKind.Failure
            : last.Failed(report) ? AlarmKind.Recovery
            : AlarmKind.Success;
        var isTold = _settings.NotifyOn switch
        {
            NotifyOn.Always => true,
            NotifyOn.Failure => failed,
            _ => kind == AlarmKind.Recovery || (failed && !last.FailedLike(report)),
        };
        if (_settings.Notify is not null && !isTold && !failed && !last.IsKnown(report))
        {
            const string Unknown =
                "notify-url is told nothing: all is well, and how the last run ended is not known, because its report is not in report-dir.";
            _log.Write(MessageLevel.Info, Unknown);
        }

        return SendAsync(AlarmText.Of(report, code, kind, Link), isTold, cancelled);
    }

    /// <summary>Tells that nothing was done.</summary>
    /// <param name="title">What happened.</param>
    /// <param name="reasons">Why, a line each; may hold secrets.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="cancelled">Is cancelled when there is little time left.</param>
    public Task EndAsync(string title, IEnumerable<string> reasons, int code, CancellationToken cancelled) =>
        SendAsync(AlarmText.OfNothing(title, reasons.Select(_masker.Redact), code, Link), isTold: true, cancelled);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _startLimit.CancelAsync();
        await _start;
        _startLimit.Dispose();
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task SendAsync(Alarm alarm, bool isTold, CancellationToken cancelled)
    {
        if (_settings.Heartbeat is null && (_settings.Notify is null || !isTold))
        {
            return;
        }

        var length = cancelled.IsCancellationRequested ? LimitOfCancelled : Limit;
        using var limit = new CancellationTokenSource(length, _surroundings.Time);
        await Task.WhenAll(PingAsync(alarm, length, limit.Token), isTold ? NotifyAsync(alarm, limit.Token) : Task.CompletedTask);
    }

    private async Task PingAsync(Alarm alarm, TimeSpan length, CancellationToken limit)
    {
        if (_settings.Heartbeat is not { } url)
        {
            return;
        }

        // A start that arrives behind the end would look like a run that hangs; one that hangs itself must leave time for the end.
        _startLimit.CancelAfter(length / 5);
        Warn(AlarmInputs.HeartbeatUrl, "the start", await _start);

        var heartbeat = new Heartbeat(url.Reveal(), _run);
        Warn(AlarmInputs.HeartbeatUrl, "the end", await Sender.SendAsync(() => heartbeat.End(alarm), limit));
    }

    private async Task NotifyAsync(Alarm alarm, CancellationToken limit)
    {
        if (_settings.Notify is { } url)
        {
            var service = MessageService.Of(url.Reveal());
            Warn(AlarmInputs.NotifyUrl, $"the message ({service.Name})", await Sender.SendAsync(() => service.Create(url.Reveal(), alarm), limit));
        }
    }

    private void Warn(ActionInput input, string what, string? problem)
    {
        if (problem is not null)
        {
            _log.Write(MessageLevel.Warning, "{Input}: {What} was not delivered: {Reason}. The run is as it is.", input.Name, what, problem);
        }
    }
}
