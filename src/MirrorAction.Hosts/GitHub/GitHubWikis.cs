namespace MirrorAction.Hosts.GitHub;

/// <summary>The wikis of GitHub's repositories. No request and no push makes one: its first page has to be made by hand.</summary>
/// <param name="switchOn">Switches the wiki of a repository on.</param>
internal sealed class GitHubWikis(Func<string, CancellationToken, Task> switchOn) : IOwnWikis
{
    /// <inheritdoc/>
    public async Task<bool> PrepareAsync(string slug, string? branch, CancellationToken cancellationToken)
    {
        await switchOn(slug, cancellationToken);
        return false;
    }

    /// <inheritdoc/>
    public string HintOnMissing(Repository repository) =>
        $"GitHub makes a wiki only by hand: open {repository.ToWiki().WebUrl}, choose 'Create the first page' and save it as it is; then run again"
        + $" with 'repositories: {repository.Name}'. A restore wants 'adopt: true' too, to replace that page.";
}
