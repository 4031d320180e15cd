using System.Net;

namespace MirrorAction.Http.Handlers;

/// <summary>
/// Asks for the credential before each request and attaches it. A token that died early is renewed once: with a 401 nothing was done.
/// </summary>
internal sealed class AuthorizationHandler(ICredentialProvider credentials, RestFailures failures) : DelegatingHandler
{
    /// <inheritdoc/>
    /// <exception cref="HostException">No credential could be had, or it can't be sent.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = await AttachAsync(request, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || credential is null || !credentials.Refuse(credential))
        {
            return response;
        }

        response.Dispose();
        await AttachAsync(request, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<HttpCredential?> AttachAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = await credentials.GetAsync(cancellationToken);
        if (credential is not null && credential.Parameter.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw failures.UnfitToken(); // HttpClient's FormatException would quote the token.
        }

        request.Headers.Authorization = credential?.Header;
        return credential;
    }
}
