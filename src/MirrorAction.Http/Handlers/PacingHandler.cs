namespace MirrorAction.Http.Handlers;

/// <summary>Waits until the host wants another request. See <see cref="RequestPacer"/>.</summary>
internal sealed class PacingHandler(RequestPacer pacer) : DelegatingHandler
{
    /// <inheritdoc/>
    /// <exception cref="HostException">The wait would outlast the run (<see cref="HostFailureKind.RateLimited"/>).</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await pacer.WaitTurnAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
