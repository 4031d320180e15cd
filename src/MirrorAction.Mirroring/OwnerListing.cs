using MirrorAction.Hosts;
using MirrorAction.Mirroring.Reporting;

namespace MirrorAction.Mirroring;

/// <summary>Reads what an owner has.</summary>
internal static class OwnerListing
{
    /// <summary>All repositories of the owner that the credentials reach, at least one.</summary>
    /// <exception cref="MirrorException">The host refused, could not be reached, or shows none.</exception>
    internal static async Task<IReadOnlyList<HostedRepository>> ReadAsync(IRepositorySource source, string owner, CancellationToken cancellationToken)
    {
        List<HostedRepository> repositories = [];
        try
        {
            await foreach (var repository in source.ListAsync(owner, cancellationToken).ConfigureAwait(false))
            {
                repositories.Add(repository);
            }
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: true));
        }

        return repositories.Count > 0 ? repositories : throw new MirrorException(
            ErrorCode.SourceNotFound,
            $"The credentials reach no repository of '{owner}' at all; an empty listing is not taken for an empty organisation.",
            "Check the owner's name and that 'github-token' may read its repositories (a fine-grained token: Contents and Metadata, read, on all repositories; an App: installed on the owner for all repositories). The workflow's own GITHUB_TOKEN sees public repositories only.");
    }
}
