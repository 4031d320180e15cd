using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Web;
using MirrorAction.Simulation.Git;
using MirrorAction.Simulation.Hosts;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Network;

/// <summary>
/// The network between one run and both hosts: requests arrive or they do not, answers come back or they do not, all as the seed says.
/// </summary>
/// <param name="run">Whose network it is.</param>
/// <param name="hosts">Both hosts.</param>
/// <param name="seed">What the weather comes from.</param>
internal sealed class SimNetwork(SimRun run, SimHosts hosts, long seed) : HttpMessageHandler
{
    /// <summary>For a request that never comes.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(CallKind, string), int> _ordinals = [];
    private TaskCompletionSource _nextEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(request, cancellationToken);
        }
        finally
        {
            Interlocked.Exchange(ref _nextEnd, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (run.Time.IsDead)
            await DieAsync();
        var number = run.NextRequest();
        if (run.Events.Remove(number, out var happen))
            happen(); // The run stands still meanwhile.
        if (run.WaitsAt == number)
        {
            run.Tell("the run waits");
            run.Waiting.TrySetResult();
            run.GoesOn.Task.Wait(CancellationToken.None);
        }

        if (run.SignalAt == number)
        {
            run.Tell("a signal stops the run");
            run.Count("signals");
            await run.Signal.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (run.Kill is { } kill && (kill.Request < number || (kill.Request == number && kill.Moment == 0)))
            await DieAsync();

        var isPush = IsPush(request);
        var body = isPush ? [] : await BodyAsync(request, null, cancellationToken);
        var call = Name(request, body);
        run.Count("requests");
        var dice = Dice.For(seed, $"{run.Number} {call}");
        run.Time.Pass(TimeSpan.FromMilliseconds(dice.Between(40, 900)));
        var fault = Fault.Draw(dice, run.Weather, call, maySilence: run.Settings.Concurrency == 1);
        if (fault.Kind != FaultKind.None)
            Note(call, fault);

        switch (fault.Kind)
        {
            case FaultKind.Refused:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
            case FaultKind.TooMany or FaultKind.Trouble or FaultKind.Echo or FaultKind.EchoOfGit or FaultKind.Unauthorized:
                if (isPush)
                    await BodyAsync(request, null, cancellationToken);
                return Respond(Refusals.For(fault, request, call), null, null);
            case FaultKind.Silence:
                run.Time.Silence(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection reset by peer");
            case FaultKind.RequestCut when !isPush:
                throw new HttpRequestException(HttpRequestError.Unknown, "Broken pipe", new IOException("Broken pipe"));
            default:
                break;
        }

        if (isPush)
            body = await BodyAsync(request, fault.Kind == FaultKind.RequestCut ? fault.At % 2000 : null, cancellationToken);
        if (fault.Kind == FaultKind.RequestCut)
            throw new HttpRequestException(HttpRequestError.Unknown, "Broken pipe", new IOException("Broken pipe"));
        if (run.Kill is { Moment: 1 } within && within.Request == number)
            await DieAsync();

        if (IsAskedTogether(call) && dice.Chance(10))
        {
            // The mirror answers first.
            run.Count("answers out of order");
            var next = _nextEnd.Task;
            if (await Task.WhenAny(next, Task.Delay(s_longestWait, cancellationToken)) != next && !cancellationToken.IsCancellationRequested)
                run.Count("waits in vain");
        }

        Answer? answer = null;
        bool isDead;
        lock (run.World.Lock)
        {
            isDead = run.Time.IsDead;
            if (!isDead)
                answer = hosts.Serve(run, call, request, body);
        }

        if (isDead)
            await DieAsync();
        run.Tell(
            $"{call} -> {answer?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no answer"}{(fault.Kind == FaultKind.None ? "" : $", {fault.Kind}")}"
        );
        if (run.Kill is { Moment: 2 } after && after.Request == number)
            await DieAsync();
        if (answer is null || fault.Kind == FaultKind.AnswerLost)
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");

        var cut = fault.Kind is FaultKind.AnswerCut or FaultKind.AnswerShort ? fault.At % Math.Max(1, answer.Body.Length) : (int?)null;
        if (run.Kill is { Moment: 3 } last && last.Request == number)
            return Respond(answer, answer.Body.Length / 2, _ => DieAsync());
        return Respond(
            answer,
            cut,
            fault.Kind == FaultKind.AnswerCut ? _ => throw new IOException("The response ended prematurely.") : _ => Task.CompletedTask
        );
    }

    /// <summary>The process is gone: whoever waits here waits for ever.</summary>
    private Task DieAsync()
    {
        lock (run.World.Lock)
        {
            if (!run.Time.IsDead)
            {
                run.Tell("the run is killed");
                run.Count("kills");
            }

            run.Time.IsDead = true;
        }

        run.Killed.TrySetResult();
        return new TaskCompletionSource().Task;
    }

    private void Note(Call call, Fault fault)
    {
        if (call.Repository.Length == 0)
        {
            run.ListFaults += fault.IsPassing ? 1 : 0;
            run.ListRefusals += fault.IsPassing ? 0 : 1;
        }
        else
        {
            run.Pair(call.Pair).Faults += fault.IsPassing ? 1 : 0;
            run.Pair(call.Pair).Refusals += fault.IsPassing ? 0 : 1;
        }

        run.Tell($"{call}: {fault.Kind}");
        run.Count($"faults: {fault.Kind}");
    }

    /// <summary>The mirror is asked for its refs too, without a wait for this answer.</summary>
    private bool IsAskedTogether(Call call) =>
        call is { Kind: CallKind.ListRefs, IsSource: true }
        && run is { IsDoubled: false, Settings.Concurrency: 1 }
        && run.Pair(call.Pair).Count(CallKind.Ask) == 0
        && run.World.Source(call.Pair) is { } source
        && run.World.MirrorFor(source) is not null;

    private static async Task<byte[]> BodyAsync(HttpRequestMessage request, int? limit, CancellationToken cancellationToken)
    {
        if (request.Content is null)
            return [];
        using var body = new MemoryStream();
        using var stream = new SendingStream(body, limit);
        await request.Content.CopyToAsync(stream, cancellationToken);
        if (!request.Content.Headers.ContentEncoding.Contains("gzip"))
            return body.ToArray();
        body.Position = 0;
        using var whole = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionMode.Decompress))
            gzip.CopyTo(whole);
        return whole.ToArray();
    }

    private static bool IsPush(HttpRequestMessage request) =>
        request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith("/git-receive-pack", StringComparison.Ordinal);

    private Call Name(HttpRequestMessage request, byte[] body)
    {
        var url = request.RequestUri!;
        var path = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')).Split('/');
        var isSource = url.Host is "api.github.com" or "github.com";
        var (kind, repository) = url.Host switch
        {
            "api.github.com" => path switch
            {
                ["users", ..] => (CallKind.Account, ""),
                ["orgs", _, "repos"] => (CallKind.List, ""),
                ["repos", _, var name] => (CallKind.Find, name),
                _ => (CallKind.Other, ""),
            },
            "api.bitbucket.org" => (request.Method.Method, path) switch
            {
                ("GET", [_, "repositories", _]) => (CallKind.List, ""),
                ("GET", [_, "repositories", _, var slug]) => (CallKind.Find, slug),
                ("POST", [_, "repositories", _, var slug]) => (CallKind.Create, slug),
                ("PUT", [_, "repositories", _, var slug]) => (CallKind.Change, slug),
                _ => (CallKind.Other, ""),
            },
            _ => (GitKind(request, path, body), path[1].EndsWith(".git", StringComparison.Ordinal) ? path[1][..^4] : path[1]),
        };
        string? source = null;
        if (!isSource && repository.Length > 0)
        {
            lock (run.World.Lock)
            {
                repository = run.World.MirrorAt(repository)?.Name ?? repository;
                source = run.SourceAt(repository);
            }
        }

        lock (_ordinals)
        {
            var ordinal = _ordinals[(kind, repository)] = _ordinals.GetValueOrDefault((kind, repository)) + 1;
            var call = new Call(kind, isSource, repository, ordinal) { Source = source };
            var calls = run.Pair(call.Pair).Calls;
            calls[kind] = calls.GetValueOrDefault(kind) + 1;
            return call;
        }
    }

    private static CallKind GitKind(HttpRequestMessage request, string[] path, byte[] body) =>
        path[^1] switch
        {
            "git-receive-pack" => CallKind.Push,
            "git-upload-pack" => UploadPack.KindOf(body) switch
            {
                "ls-refs" => CallKind.ListRefs,
                "probe" => CallKind.Probe,
                _ => CallKind.Fetch,
            },
            _ => HttpUtility.ParseQueryString(request.RequestUri!.Query)["service"] == "git-receive-pack" ? CallKind.Discover : CallKind.Ask,
        };

    private static HttpResponseMessage Respond(Answer answer, int? limit, Func<CancellationToken, Task>? end)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            Content = new StreamContent(new AnswerStream(answer.Body, limit, end ?? (_ => Task.CompletedTask))),
        };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(answer.Type);
        foreach (var (name, value) in answer.Headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
