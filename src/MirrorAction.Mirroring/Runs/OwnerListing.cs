using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Reads what an owner has.</summary>
internal static class OwnerListing
{
    /// <summary>
    /// All repositories of all owners, each once: two of the owners may be former and present name of one account. Owners that are not there, or have
    /// nothing to give, are told all at once; any other failure ends the listing.
    /// </summary>
    /// <exception cref="MirrorException">The host refused, could not be reached, or shows none of an owner.</exception>
    internal static async Task<HostListing<Repository>> ReadAllAsync(
        IRepositorySource source,
        IReadOnlyList<string> owners,
        CancellationToken cancellationToken
    )
    {
        var listed = new List<HostListing<Repository>>();
        var missing = new List<RepositoryError>();
        foreach (var owner in owners)
        {
            try
            {
                listed.Add(await ReadAsync(source, owner, cancellationToken));
            }
            catch (MirrorException e) when (e.Error.Code == ErrorCode.SourceNotFound)
            {
                missing.Add(e.Error);
            }
        }

        return missing.Count == 0
            ? Join(listed)
            : throw new MirrorException(
                ErrorCode.SourceNotFound,
                string.Join(' ', missing.Select(error => error.Message)),
                string.Join(' ', missing.Select(error => error.Hint).Distinct(StringComparer.Ordinal))
            );
    }

    /// <summary>The listings of several owners as one.</summary>
    internal static HostListing<Repository> Join(IReadOnlyList<HostListing<Repository>> listings) =>
        new(
            [.. listings.SelectMany(listing => listing.Repositories).DistinctBy(repository => repository.Id)],
            [.. listings.SelectMany(listing => listing.Unusable).Distinct()]
        );

    /// <summary>All repositories of the owner that the credentials reach, at least one.</summary>
    /// <exception cref="MirrorException">The host refused, could not be reached, or shows none.</exception>
    internal static async Task<HostListing<Repository>> ReadAsync(IRepositorySource source, string owner, CancellationToken cancellationToken)
    {
        HostListing<Repository> listing;
        try
        {
            listing = await source.ListAsync(owner, cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource: true));
        }

        return listing.Repositories.Count + listing.Unusable.Count > 0
            ? listing
            : throw new MirrorException(
                ErrorCode.SourceNotFound,
                $"The credentials reach no repository of '{owner}' at all; an empty listing is not taken for an empty {source.Host.OwnerWord}.",
                source.Host.NothingListedHint
            );
    }
}
