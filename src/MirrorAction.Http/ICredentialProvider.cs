namespace MirrorAction.Http;

/// <summary>Gives the credential for each request, over REST and git alike: a token may be replaced while a run goes on. Thread-safe.</summary>
public interface ICredentialProvider
{
    /// <summary>What must never appear in a message: everything that was sent so far, in each form.</summary>
    IReadOnlyCollection<string> Secrets => [];

    /// <summary>The credential for the next request; null for nobody. May ask a host for a new token first.</summary>
    /// <exception cref="HostException">A token was due and could not be had.</exception>
    ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Called when a server answered 401.</summary>
    /// <param name="credential">What was refused, which may no longer be the current one.</param>
    /// <returns>Whether <see cref="GetAsync"/> now has another one, so that the request is worth repeating.</returns>
    bool Refuse(HttpCredential credential);
}
