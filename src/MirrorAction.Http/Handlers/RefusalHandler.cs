namespace MirrorAction.Http.Handlers;

/// <summary>
/// Lets only success through: a refusal, and a web page where JSON was due, is a <see cref="HostException"/> that says what to do. Tells the pacer
/// what the answer says about too many requests.
/// </summary>
internal sealed class RefusalHandler(RestFailures failures, RequestPacer pacer, TimeProvider time) : DelegatingHandler
{
    /// <inheritdoc/>
    /// <exception cref="HostException">The host refused.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var message = await base.SendAsync(request, cancellationToken);
        var response = RestResponse.Of(message);
        var now = time.GetUtcNow();
        if (message.IsSuccessStatusCode && !response.IsHtml)
        {
            pacer.Granted();
            if (RateLimit.Reset(response) is { } reset && reset > now)
            {
                pacer.Hold(reset);
            }

            return message;
        }

        using (message)
        {
            var isRateLimit = RateLimit.IsRefusal(response);
            throw failures.From(response, isRateLimit, RetryAt(response, isRateLimit, now));
        }
    }

    private DateTimeOffset? RetryAt(RestResponse response, bool isRateLimit, DateTimeOffset now)
    {
        var wanted = RateLimit.ResumeAt(response, now);
        if (isRateLimit)
        {
            return pacer.Refused(wanted);
        }

        if (response.Status != 503 || wanted is null)
        {
            return null;
        }

        pacer.Hold(wanted.Value);
        return wanted;
    }
}
