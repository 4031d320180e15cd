using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>Finds out who asks for the repositories of an owner: one token for all, or an App's installation for each. Thread-safe.</summary>
internal interface IGitHubAccess
{
    /// <summary>REST requests sent so far, by everyone.</summary>
    long Requests { get; }

    /// <summary>Where the owner's repositories are listed. Says what will be missing from the listing, as far as it is known before.</summary>
    /// <exception cref="HostException">There is no such owner, or nobody may ask.</exception>
    Task<GitHubListing> FindListingAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Who asks for an owner's repositories.</summary>
    /// <exception cref="HostException">Nobody may.</exception>
    ValueTask<GitHubApi> OfAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Called at the end of a listing, and says what must have been missing.</summary>
    void Listed(GitHubListing listing, bool hasPrivate);
}
