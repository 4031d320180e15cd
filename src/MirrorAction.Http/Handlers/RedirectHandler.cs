namespace MirrorAction.Http.Handlers;

/// <summary>Follows redirects within the host, a few times. To another host it goes never: the credentials would go along.</summary>
internal sealed class RedirectHandler : DelegatingHandler
{
    private const int MaxRedirects = 5;

    /// <inheritdoc/>
    /// <exception cref="HostException">The redirect leads nowhere, elsewhere, or round in circles
    /// (<see cref="HostFailureKind.Protocol"/>).</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var first = request.RequestUri;
        try
        {
            for (var hop = 0; ; hop++)
            {
                var message = await base.SendAsync(request, cancellationToken);
                var response = RestResponse.Of(message);
                if (response.Status is < 300 or >= 400)
                {
                    return message;
                }

                using (message)
                {
                    request.RequestUri =
                        hop < MaxRedirects ? Target(request, response) : throw response.NotUnderstood("it redirects again and again");
                }
            }
        }
        finally
        {
            request.RequestUri = first; // Another try begins where the first one did.
        }
    }

    private static Uri Target(HttpRequestMessage request, RestResponse response)
    {
        var keepsMethod = request.Method == HttpMethod.Get ? response.Status is 301 or 302 or 307 or 308 : response.Status is 307 or 308;
        if (!keepsMethod || response.Header("Location") is not { } location || !Uri.TryCreate(request.RequestUri, location, out var target))
        {
            throw response.NotUnderstood($"status {response.Status} leads nowhere");
        }

        return HostUrl.IsSameHost(request.RequestUri!, target)
            ? target
            : throw response.NotUnderstood("it redirects to another host, where the credentials do not belong");
    }
}
