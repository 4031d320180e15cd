using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>One organisation or user of GitHub, or of a GitHub Enterprise Server, as the destination: of a restore. Thread-safe.</summary>
/// <param name="github">Asks GitHub, by credentials that may write (<see cref="GitHubOptions.Writes"/>); stays its maker's.</param>
/// <param name="owner">The login of the organisation or user.</param>
public sealed class GitHubDestination(GitHubSource github, string owner) : IRepositoryDestination
{
    /// <summary>"Validation failed", which is how GitHub says that the name is taken.</summary>
    private const int ExistsAlready = 422;

    private GitHubListing? _place;

    // The credentials may not, so that they are not asked to again.
    private volatile bool _leavesActions;

    /// <inheritdoc/>
    public HostDefinition Host => github.Host;

    /// <inheritdoc/>
    public long Requests => github.Requests;

    /// <inheritdoc/>
    /// <remarks>5,000 and more, of which a restore uses a few for each repository; the waits that GitHub asks for are kept.</remarks>
    public int? RequestsPerHour => null;

    /// <inheritdoc/>
    /// <remarks>GitHub refuses 2 GiB; what HTTP and git add stays below it.</remarks>
    public long? MaxPushBytes => 1900L << 20;

    /// <inheritdoc/>
    /// <remarks>The owner.</remarks>
    public string Workspace => owner;

    /// <inheritdoc/>
    public async Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken)
    {
        (_place, var listing) = await github.FindAndListAsync(owner, cancellationToken);
        return listing;
    }

    /// <inheritdoc/>
    public Task CheckCreationAsync(CancellationToken cancellationToken) => FindCreationPlaceAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>One more request switches off Actions in a mirror: the workflows that are mirrored would run there.</remarks>
    public async Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken)
    {
        var place = await FindCreationPlaceAsync(cancellationToken);
        var api = place.Api;
        var body = new GitHubCreation(repository.Slug, repository.IsPrivate, DescriptionOf(repository.Description), AutoInit: false);
        var made = await new RepositoryCreation(api.RetryAsync)
        {
            IsPrivate = repository.IsPrivate,
            Ask = async token => Read(await api.PostOnceAsync<GitHubRepository>(place.CreationPath!, body, token)),
            Find = token => FindAsync(api, repository.Slug, token),
            StatusesOfExisting = [ExistsAlready],
        }.RunAsync(cancellationToken);
        if (repository.IsMirror && !made.WasThere)
        {
            await SwitchOffActionsAsync(api, made, cancellationToken);
        }

        return made;
    }

    /// <inheritdoc/>
    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) =>
        ChangeAsync<Unread>(slug, new GitHubChange { DefaultBranch = branch }, cancellationToken);

    /// <inheritdoc/>
    public async Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        var (changed, _) = await ChangeAsync<GitHubRepository>(slug, new GitHubChange { Private = isPrivate }, cancellationToken);
        return Repository.VisibilityOf(changed.Private);
    }

    /// <inheritdoc/>
    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) =>
        ChangeAsync<Unread>(slug, new GitHubChange { Description = DescriptionOf(description) }, cancellationToken);

    /// <inheritdoc/>
    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken) =>
        RepositoryRename.RunAsync(
            repository,
            async token =>
            {
                var change = new GitHubChange { Name = HostUrl.RequireSegment(slug), Description = DescriptionOf(description) };
                return Read(await ChangeAsync<GitHubRepository>(repository.Name, change, token));
            },
            async token => await FindAsync(await github.Access.OfAsync(owner, token), slug, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public string SlugFor(string name) => GitHubName.For(name);

    /// <inheritdoc/>
    public Repository Describe(string slug)
    {
        var web = github.WebUrlOf(owner, slug);
        return new Repository
        {
            Owner = owner,
            Name = slug,
            Visibility = Visibility.Private,
            GitUrl = GitHubSource.GitUrlOf(web),
            HostName = Host.NameAt(web),
            WebUrl = web,
        };
    }

    /// <inheritdoc/>
    public IOwnWikis OwnWikis => field ??= new GitHubWikis((slug, token) => ChangeAsync<Unread>(slug, new GitHubChange { HasWiki = true }, token));

    /// <inheritdoc/>
    public ICredentialProvider GitCredentials { get; } = github.GitCredentialsFor(owner);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => github.Explain(status, text);

    /// <inheritdoc/>
    /// <remarks>GitHub has no projects that repositories are in.</remarks>
    public async Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken)
    {
        var said = await github.ExamineAsync([owner], cancellationToken);
        if (!said.IsUsable)
        {
            return said;
        }

        const string Check = "GitHub owner";
        try
        {
            await FindCreationPlaceAsync(cancellationToken);
            return said with { Findings = [.. said.Findings, new Diagnostic(DiagnosticLevel.Ok, Check, $"Repositories are created for {owner}.")] };
        }
        catch (HostException e)
        {
            return new([.. said.Findings, new Diagnostic(DiagnosticLevel.Problem, Check, e.Message, e.Failure.Hint)], IsUsable: false);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Rulesets are told by the first push that they refuse; looking for them needs more rights than a mirror has.</remarks>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Diagnostic>>([]);

    /// <summary>Where the owner's repositories are listed, once found out for all.</summary>
    private async Task<GitHubListing> FindPlaceAsync(CancellationToken cancellationToken) =>
        _place ??= await github.Access.FindListingAsync(owner, cancellationToken);

    private async Task<GitHubListing> FindCreationPlaceAsync(CancellationToken cancellationToken)
    {
        var place = await FindPlaceAsync(cancellationToken);
        return place.CreationPath is not null ? place : throw GitHubWriteFailures.NoPlace(owner, github.HasApp);
    }

    /// <summary>A mirror with Actions is still a mirror: a refusal is told, once where it holds for all of them, and ends nothing.</summary>
    private async Task SwitchOffActionsAsync(GitHubApi api, Repository made, CancellationToken cancellationToken)
    {
        if (_leavesActions)
        {
            return;
        }

        try
        {
            await api.PutAsync<Unread>($"{PathOf(made.Name)}/actions/permissions", new GitHubActionsPermissions(Enabled: false), cancellationToken);
        }
        catch (HostException e) when (e.Status == 404 && !e.IsTransient)
        {
            // A server without Actions has nothing that could run.
        }
        catch (HostException e)
        {
            _leavesActions = e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.Unauthorized;
            var others = _leavesActions ? ", nor in other new mirrors" : "";
            github.Say(
                $"GitHub Actions could not be switched off in {made.FullName}{others}, so that workflows of the source may run there: {e.Message} "
                    + "Switch them off under Settings > Actions > General of the repository, or of the organization for all of them."
            );
        }
    }

    private async Task<Repository?> FindAsync(GitHubApi api, string slug, CancellationToken cancellationToken)
    {
        var found = await RestAnswer.OrNothingAsync<Repository>(async () =>
            Read(await api.GetOnceAsync<GitHubRepository>(PathOf(slug), cancellationToken))
        );

        // A repository that was renamed answers under its old name, which is free for a new one.
        return found?.Name.Equals(slug, StringComparison.OrdinalIgnoreCase) == true ? found : null;
    }

    private async Task<GitHubAnswer<T>> ChangeAsync<T>(string slug, GitHubChange change, CancellationToken cancellationToken)
        where T : class
    {
        var api = await github.Access.OfAsync(owner, cancellationToken);
        return await api.PatchAsync<T>(PathOf(slug), change, cancellationToken);
    }

    private string PathOf(string slug) => $"repos/{HostUrl.Segment(owner)}/{HostUrl.Segment(slug)}";

    private Repository Read(GitHubAnswer<GitHubRepository> answer)
    {
        try
        {
            return github.Convert(answer.Body, owner);
        }
        catch (FormatException e)
        {
            throw answer.Response.NotUnderstood(e.Message);
        }
    }

    /// <summary>GitHub refuses line breaks and control characters in it, and what is too long.</summary>
    private static string DescriptionOf(string text) => TextSanitizer.Clean(text, GitHubSource.MaxDescription);
}

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
