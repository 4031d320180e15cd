namespace MirrorAction.Git.Transport;

/// <summary>Gives the credential for each request to a repository: a token may be replaced while a run goes on. Thread-safe.</summary>
public interface IGitCredentialSource
{
    /// <summary>The credential for the next request; null for nobody.</summary>
    ValueTask<GitCredential?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Is told that the server answered 401. Returns whether <see cref="GetAsync"/> now gives another credential.</summary>
    bool Refuse(GitCredential credential);
}
