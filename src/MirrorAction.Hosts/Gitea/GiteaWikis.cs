using System.Text;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>
/// The wikis of an owner's repositories. A push makes none: the wiki has to have a page before, which is made by REST and then overwritten. Only one
/// branch is shown: Forgejo is told which, Gitea has its own default.
/// </summary>
/// <param name="client">Asks, by a token that may write; stays its maker's.</param>
/// <param name="owner">The organisation or user.</param>
internal sealed class GiteaWikis(GiteaClient client, string owner) : IOwnWikis
{
    /// <summary>Whether a wiki has pages, and so a repository.</summary>
    /// <exception cref="HostException">The host refused, or could not be reached.</exception>
    public static async Task<bool> HasPagesAsync(GiteaClient client, string owner, string repository, CancellationToken cancellationToken) =>
        await RestAnswer.OrNothingAsync(() =>
            client.Api.GetWikiPagesAsync(HostUrl.RequireSegment(owner), HostUrl.RequireSegment(repository), cancellationToken)
        )
            is { Count: > 0 };

    /// <inheritdoc/>
    public async Task<bool> IsReadyAsync(Repository repository, CancellationToken cancellationToken) =>
        repository.TakesWiki ?? await HasPagesAsync(client, owner, repository.Name, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> PrepareAsync(string slug, string? branch, CancellationToken cancellationToken)
    {
        var (place, name) = (HostUrl.RequireSegment(owner), HostUrl.RequireSegment(slug));

        // The branch before the first page, so that the page is made there.
        using var changed = await client.Api.ChangeRepositoryAsync(
            place,
            name,
            new GiteaChange { HasWiki = true, WikiBranch = branch },
            cancellationToken
        );
        if (await HasPagesAsync(client, owner, slug, cancellationToken))
        {
            return false;
        }

        using var made = await client.Api.CreateWikiPageAsync(place, name, FirstPage(branch), cancellationToken);
        return true;
    }

    private static GiteaWikiPageCreation FirstPage(string? branch)
    {
        var text = $"This wiki is a mirror. Its pages are on the branch {branch ?? "that was pushed"}.\n";
        return new("Home", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), "Make room for the mirror of a wiki");
    }
}
