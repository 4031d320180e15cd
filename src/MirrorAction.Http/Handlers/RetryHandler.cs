using System.Globalization;
using Polly;
using Polly.Retry;

namespace MirrorAction.Http.Handlers;

/// <summary>Repeats a request whose repetition does no harm while its failure looks temporary. Outermost in the chain.</summary>
internal sealed class RetryHandler(RetryPolicy policy) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        policy.RunAsync(token => base.SendAsync(request, token), cancellationToken);
}

/// <summary>Which failures are worth another try, and after which pause. Thread-safe.</summary>
internal sealed class RetryPolicy
{
    private readonly ResiliencePipeline _pipeline;

    /// <summary>The policy of one host.</summary>
    /// <param name="options">The host.</param>
    /// <param name="pacer">Knows how long a wait may be, and waits where the host named a time: once for all callers.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="log">Told of each repetition that no rate limit explains.</param>
    public RetryPolicy(RestOptions options, RequestPacer pacer, TimeProvider time, Action<string> log)
    {
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = RestClient.MaxRetries,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromSeconds(1),
                    MaxDelay = TimeSpan.FromSeconds(30),
                    ShouldHandle = args =>
                        ValueTask.FromResult(args.Outcome.Exception is HostException e && IsWorthAnotherTry(e, args.AttemptNumber, options, pacer)),
                    DelayGenerator = args =>
                        ValueTask.FromResult<TimeSpan?>(args.Outcome.Exception is HostException { RetryAt: not null } ? TimeSpan.Zero : null),
                    OnRetry = args =>
                    {
                        if (args.Outcome.Exception is HostException { RetryAt: null } e)
                        {
                            log(string.Create(CultureInfo.InvariantCulture, $"{e.Message} Trying again in {args.RetryDelay.TotalSeconds:0.0} s."));
                        }

                        return default;
                    },
                }
            )
            .Build();
    }

    /// <summary>Repeats whatever <paramref name="call"/> does while its <see cref="HostException"/> is temporary.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        await _pipeline.ExecuteAsync(async (state, token) => await state(token), call, cancellationToken);

    private static bool IsWorthAnotherTry(HostException e, int attempt, RestOptions options, RequestPacer pacer)
    {
        if (e.WasRepeated)
        {
            return false;
        }

        return e.IsTransient ? e.RetryAt is not { } at || pacer.CanWaitFor(at) : e.Status == 401 && attempt == 0 && options.RepeatsUnauthorized;
    }
}
