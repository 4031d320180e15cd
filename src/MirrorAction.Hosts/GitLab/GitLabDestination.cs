using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>A group, or a user's own place, of GitLab as the destination. Thread-safe.</summary>
/// <remarks>
/// A push to a path where nothing is would create a private project there. This never happens: what is pushed to was listed or created before, and
/// git's addresses are made of those.
/// </remarks>
/// <param name="client">Asks GitLab, by a token that may write.</param>
/// <param name="owner">The full path of the group, or the user's name.</param>
internal sealed class GitLabDestination(GitLabClient client, string owner) : IRepositoryDestination
{
    /// <summary>A creation that is held back for longer ran into the limit of a day; such of a minute are waited for.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(10);

    private readonly GitLabPlace _place = new(client, owner);

    /// <summary>The refusal by which GitLab's limit on creations was found used up; null while it is not.</summary>
    private volatile HostException? _usedUp;

    /// <inheritdoc/>
    public HostDefinition Host => GitLabHost.Definition;

    /// <inheritdoc/>
    public long Requests => client.Requests;

    /// <inheritdoc/>
    /// <remarks>Thousands a minute at GitLab.com; the waits that GitLab asks for are kept.</remarks>
    public int? RequestsPerHour => null;

    /// <inheritdoc/>
    /// <remarks>GitLab.com stands behind a proxy that takes 5 GiB in one request (https://docs.gitlab.com/user/gitlab_com/).</remarks>
    public long? MaxPushBytes => client.Settings.WebUrl.Host.Equals("gitlab.com", StringComparison.OrdinalIgnoreCase) ? 5L << 30 : null;

    /// <inheritdoc/>
    /// <remarks>The group's full path or the user's name.</remarks>
    public string Workspace => owner;

    /// <inheritdoc/>
    /// <remarks>The projects of the group itself; those of groups below it are no mirrors of this one.</remarks>
    public async Task<HostListing<Repository>> ListAsync(CancellationToken cancellationToken)
    {
        var place = await _place.FindAsync(cancellationToken);
        var first = place.IsUser ? client.ProjectsOfUser(place.Path) : client.ProjectsOfGroup(place.Path, withSubgroups: false);
        return await client.ListAsync(first, owner, Read, repository => repository.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Repository> CreateAsync(NewRepository repository, CancellationToken cancellationToken)
    {
        var slug = HostUrl.RequireSegment(repository.Slug);
        var place = await _place.FindAsync(cancellationToken);
        if (repository.IsMirror)
        {
            await _place.PrepareAsync(cancellationToken);
        }

        var creation = new GitLabCreation(slug, slug, place.Id, VisibilityOf(repository.IsPrivate), DescriptionOf(repository.Description))
        {
            BuildsAccessLevel = repository.IsMirror ? "disabled" : null,
        };
        var rest = client.NewCreation(s_longestPause);
        var api = client.Implement(rest.Once);
        return await new RepositoryCreation(rest.RetryAsync)
        {
            IsPrivate = repository.IsPrivate,
            Ask = token => CreateOnceAsync(api, creation, token),
            Find = token => FindOnceAsync(slug, token),
            StatusesOfExisting = [409],
        }.RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task SetMainBranchAsync(string slug, string branch, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new GitLabChange { DefaultBranch = branch }, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// The first push makes GitLab protect the default branch: the next rewrite of it would be refused, with all other refs of the same push.
    /// </remarks>
    public Task FirstPushedAsync(string slug, CancellationToken cancellationToken) =>
        _place.UnprotectAsync(PathOf(slug), waits: true, cancellationToken);

    /// <inheritdoc/>
    public Task BeforeRewriteAsync(string slug, CancellationToken cancellationToken) =>
        _place.UnprotectAsync(PathOf(slug), waits: false, cancellationToken);

    /// <inheritdoc/>
    public async Task<Visibility> SetVisibilityAsync(string slug, bool isPrivate, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, new GitLabChange { Visibility = VisibilityOf(isPrivate) }, cancellationToken);
        return GitLabClient.VisibilityOf(RestResponse.Of(changed).Make(body => JsonForm.Read(body, GitLabJson.Default.GitLabProject)));
    }

    /// <inheritdoc/>
    public Task SetDescriptionAsync(string slug, string description, CancellationToken cancellationToken) =>
        ChangeAsync(slug, new GitLabChange { Description = DescriptionOf(description) }, cancellationToken);

    /// <inheritdoc/>
    public Task<Repository> RenameAsync(Repository repository, string slug, string description, CancellationToken cancellationToken) =>
        RepositoryRename.RunAsync(
            repository,
            async token =>
            {
                var name = HostUrl.RequireSegment(slug);
                var change = new GitLabChange
                {
                    Name = name,
                    Path = name,
                    Description = DescriptionOf(description),
                };
                using var changed = await client.Api.ChangeProjectAsync(
                    repository.Id is { Length: > 0 } id ? id : PathOf(repository.Name),
                    change,
                    token
                );
                return Convert(RestResponse.Of(changed).Make(body => JsonForm.Read(body, GitLabJson.Default.GitLabProject)), slug);
            },
            token => FindOnceAsync(slug, token),
            cancellationToken
        );

    /// <inheritdoc/>
    public string SlugFor(string name) => GitLabName.For(name);

    /// <inheritdoc/>
    public Repository Describe(string slug)
    {
        var web = client.WebUrlOf(PathOf(slug));
        return new Repository
        {
            Owner = owner,
            Name = slug,
            Visibility = Visibility.Private,
            WikiPage = GitLabWikis.Page,
            GitUrl = GitLabClient.GitUrlOf(web),
            HostName = Host.NameAt(web),
            WebUrl = web,
        };
    }

    /// <inheritdoc/>
    public IOwnWikis OwnWikis => field ??= new GitLabWikis(client, owner);

    /// <inheritdoc/>
    public ICredentialProvider GitCredentials => client.GitCredentials;

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => client.Failures.Explain(status, text);

    /// <inheritdoc/>
    /// <remarks>What GitLab calls projects are repositories; there is nothing that they are in besides the group.</remarks>
    public Task<HostDiagnostics> ExamineAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken) =>
        new GitLabDiagnostics(client).RunAsync(owner, _place, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Diagnostic>> ExamineMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        new GitLabProtectionCheck(client, mirrors).RunAsync(cancellationToken);

    private async Task<Repository> CreateOnceAsync(IGitLabApi api, GitLabCreation creation, CancellationToken cancellationToken)
    {
        if (_usedUp is { RetryAt: { } at } && at > client.Connection.Time.GetUtcNow())
        {
            throw UsedUp($"{PathOf(creation.Path)} was not asked for.", at);
        }

        try
        {
            return Convert(await api.CreateProjectAsync(creation, cancellationToken), creation.Path);
        }
        catch (HostException e) when (e.Status == 400 && GitLabFailures.SaysTaken(e.Message))
        {
            if (await FindOnceAsync(creation.Path, cancellationToken) is { } there)
            {
                return there with { WasThere = true };
            }

            throw; // A project that waits for its deletion keeps its path, and nobody sees it.
        }
        catch (HostException e) when (e.Status == 429 && IsOfADay(e))
        {
            throw _usedUp = UsedUp(e.Message, e.RetryAt);
        }
    }

    /// <summary>
    /// Hours of waiting help nobody; the next run goes on. The limit on creations answers in words of its own, the others in plain text.
    /// </summary>
    private bool IsOfADay(HostException e) =>
        e.RetryAt - client.Connection.Time.GetUtcNow() > s_longestPause || GitLabFailures.SaysTooManyCreations(e.Message);

    private static HostException UsedUp(string message, DateTimeOffset? at) =>
        new(
            $"{message} GitLab's limit on new projects in a day is used up.",
            new HostFailure(HostFailureKind.RateLimited, GitLabFailures.CreationLimit)
        )
        {
            Status = 429,
            RetryAt = at,
        };

    private async Task<Repository?> FindOnceAsync(string slug, CancellationToken cancellationToken) =>
        await GitLabClient.FindAsync(client.Once, PathOf(slug), cancellationToken) is { } found ? Convert(found, slug) : null;

    private async Task ChangeAsync(string slug, GitLabChange change, CancellationToken cancellationToken)
    {
        using var changed = await SendAsync(slug, change, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(string slug, GitLabChange change, CancellationToken cancellationToken) =>
        client.Api.ChangeProjectAsync(PathOf(slug), change, cancellationToken);

    private string PathOf(string slug) => $"{owner}/{HostUrl.RequireSegment(slug)}";

    private Repository Convert(GitLabProject? entry, string slug)
    {
        try
        {
            return Read(entry ?? throw new FormatException("there is nothing in it"));
        }
        catch (FormatException e)
        {
            throw RestResponse.NotUnderstood($"GitLab: the request for {PathOf(slug)}", e.Message);
        }
    }

    /// <summary>A project of the group itself: one of a group below it is no mirror of this owner.</summary>
    private Repository Read(GitLabProject entry)
    {
        var repository = client.Read(entry, owner);
        return repository with { Name = EntryForm.Name("path_with_namespace", repository.Name) };
    }

    private static string VisibilityOf(bool isPrivate) => isPrivate ? "private" : "public";

    private static string DescriptionOf(string text) => TextSanitizer.Clean(text, GitLabClient.MaxDescription);
}

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
