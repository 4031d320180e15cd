using System.Globalization;
using System.Net;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Alarms;

/// <summary>
/// Sends one request to a service and tells why it was not taken, without the address, which is a secret. No redirect is followed, and nothing is
/// read of an answer but its status.
/// </summary>
/// <param name="client">What requests go over; it follows no redirect. Not owned.</param>
/// <param name="time">The clock.</param>
internal sealed class AlarmSender(Lazy<HttpClient> client, TimeProvider time)
{
    private const int Tries = 3;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Sends, and tries again where that may help and there is time.</summary>
    /// <param name="create">Makes the request, anew for each try.</param>
    /// <param name="limit">Cancelled when there is no time left.</param>
    /// <returns>Why it was not taken, as a clause; null when it was.</returns>
    public async Task<string?> SendAsync(Func<HttpRequestMessage> create, CancellationToken limit)
    {
        for (var left = Tries - 1; ; left--)
        {
            var (problem, pause) = await TryAsync(create, limit);
            if (pause is null || left == 0 || limit.IsCancellationRequested)
            {
                return problem;
            }

            await Task.Delay(pause.Value, time, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What went wrong, and after which pause another try may go well; null for never.</summary>
    private async Task<(string? Problem, TimeSpan? Pause)> TryAsync(Func<HttpRequestMessage> create, CancellationToken limit)
    {
        try
        {
            using var request = create();
            request.Headers.TryAddWithoutValidation("User-Agent", $"mirror-action/{Inputs.ProductVersion.Text}");
            using var answer = await client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            var status = (int)answer.StatusCode;
            return status switch
            {
                >= 200 and < 300 => (null, null),
                >= 300 and < 400 => ($"it answered {Number(status)}: it is elsewhere, and redirects are not followed; give its own URL", null),
                429 or >= 500 => ($"it answered {Number(status)}", PauseOf(answer)),
                _ => ($"it answered {Number(status)}", null),
            };
        }
        catch (OperationCanceledException)
        {
            return ("it did not answer in time", null);
        }
        catch (HttpRequestException e)
        {
            return (Describe(e.HttpRequestError), s_pause);
        }
        catch (Exception e)
        {
            // Whatever it is, a run must not fail by it. Its message could quote the address.
            return ($"it could not be sent ({e.GetType().Name})", null);
        }
    }

    private static TimeSpan PauseOf(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter?.Delta is { } wanted && wanted > TimeSpan.Zero ? wanted : s_pause;

    private static string Describe(HttpRequestError error) =>
        error switch
        {
            HttpRequestError.NameResolutionError => "its name is not known",
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => "it can't be reached",
            HttpRequestError.SecureConnectionError => "its certificate is not accepted",
            _ => "the connection broke",
        };

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a run ended, as people and dead man's switches are told.</summary>
internal enum AlarmKind
{
    /// <summary>Something failed, or is not equal.</summary>
    Failure,

    /// <summary>All is well, and the last run had failed.</summary>
    Recovery,

    /// <summary>All is well.</summary>
    Success,
}

/// <summary>What is told of a run. Its texts hold no secret, but may quote what strangers wrote. Immutable.</summary>
internal sealed record Alarm
{
    /// <summary>How the run ended.</summary>
    public required AlarmKind Kind { get; init; }

    /// <summary>The whole in a line, of this program's own words and of names that the configuration gives.</summary>
    public required string Title { get; init; }

    /// <summary>What there is to say besides, what failed first, a line each: printable text of one line.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>The page of the workflow's run; null outside a workflow.</summary>
    public Uri? Link { get; init; }

    /// <summary>What the run did; null where nothing was begun.</summary>
    public RunReport? Report { get; init; }

    /// <summary>The exit code.</summary>
    public int ExitCode { get; init; }

    /// <summary>How long the run took, in milliseconds.</summary>
    public long DurationMs => Report?.DurationMs ?? 0;
}
