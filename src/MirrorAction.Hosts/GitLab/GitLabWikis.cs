using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>
/// The wikis of a group's projects. One that is switched on takes a push also while it has no page: the first push makes it. Its branch is the one
/// that was pushed first.
/// </summary>
/// <param name="client">Asks GitLab, by a token that may write.</param>
/// <param name="owner">The full path of the group, or the user's name.</param>
internal sealed class GitLabWikis(GitLabClient client, string owner) : IOwnWikis
{
    /// <summary>Where a browser finds the wiki of a project, below the project.</summary>
    public const string Page = "-/wikis";

    /// <inheritdoc/>
    public bool HasFixedBranch => false;

    /// <inheritdoc/>
    public async Task<bool> PrepareAsync(string slug, string? branch, CancellationToken cancellationToken)
    {
        var path = $"{owner}/{HostUrl.RequireSegment(slug)}";
        using var changed = await client.Api.ChangeProjectAsync(path, new GitLabChange { WikiAccessLevel = "enabled" }, cancellationToken);
        return false; // The first push makes it, and pages may be there from earlier.
    }
}
