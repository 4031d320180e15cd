using System.Runtime.CompilerServices;
using MirrorAction.Hosts.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>GitHub, or a GitHub Enterprise Server, as the source. Only reads. Thread-safe.</summary>
public sealed class GitHubClient : IRepositorySource, ISourceExaminer
{
    /// <summary>GitHub's longest description.</summary>
    internal const int MaxDescription = 350;

    private readonly GitHubOptions _options;
    private readonly IGitHubAccess _access;
    private readonly GitHubExamination _examination;

    /// <summary>Reads over a client that the caller owns; <see cref="RestTransport.CreateClient"/> makes a fitting one.</summary>
    /// <param name="client">Follows no redirect by itself and has no time limit.</param>
    /// <param name="options">Where, and by which token or App.</param>
    /// <param name="time">The clock by which waits are measured and tokens grow old.</param>
    /// <param name="say">Is told what a user should know: waits, and what the credentials can't see.</param>
    /// <param name="hide">Is told of each secret that is made on the way, before its first use; null for nobody.</param>
    public GitHubClient(HttpClient client, GitHubOptions options, TimeProvider time, Action<string> say, Action<string>? hide = null)
    {
        _options = options;
        var app = options.App is null ? null : new AppAccess(client, options, time, say, hide ?? (_ => { }));
        _access = app ?? (IGitHubAccess)new TokenAccess(client, options, time, say);
        _examination = new GitHubExamination(options, app, GetAsync, time);
    }

    /// <inheritdoc/>
    public string Host => "github";

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _access.Requests;

    /// <summary>Who asks, for one who also writes.</summary>
    internal IGitHubAccess Access => _access;

    /// <summary>It is an App that asks.</summary>
    internal bool HasApp => _options.App is not null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<HostedRepository> ListAsync(string owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = await _access.FindListingAsync(owner, cancellationToken).ConfigureAwait(false);
        await foreach (var repository in ListAsync(listing, cancellationToken).ConfigureAwait(false))
        {
            yield return repository;
        }
    }

    /// <summary>All repositories of a listing that was found out before.</summary>
    /// <exception cref="HostException">GitHub refused, or could not be reached.</exception>
    internal async IAsyncEnumerable<HostedRepository> ListAsync(GitHubListing listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = listing.Identity.UrlOf(listing.Path);
        var trail = new PageTrail(first);
        var seen = new HashSet<long>();
        var hasPrivate = false;
        for (var page = first; page is not null;)
        {
            var answer = await listing.Identity.GetAsync(page, cancellationToken).ConfigureAwait(false);
            if (listing.IsOrganization && GitHubFailures.IsPartial(answer))
            {
                throw GitHubFailures.PartialListing(answer);
            }

            foreach (var entry in Entries(listing, answer))
            {
                var repository = Convert(entry, listing.Owner, answer);
                // A page boundary moves when a repository is created or renamed meanwhile: the same one may come twice.
                if (listing.Holds(repository) && seen.Add(repository.Id))
                {
                    hasPrivate |= repository.IsPrivate;
                    yield return repository;
                }
            }

            page = trail.Follow(LinkHeader.Next(answer.Header("Link")));
        }

        _access.Listed(listing, hasPrivate);
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(HostedRepository repository, CancellationToken cancellationToken)
    {
        try
        {
            var identity = await _access.OfAsync(repository.Owner, cancellationToken).ConfigureAwait(false);
            var path = $"repos/{HostUrl.Segment(repository.Owner)}/{HostUrl.Segment(repository.Name)}";
            var found = await identity.GetAsync(path, GitHubJson.Default.GitHubRepository, cancellationToken).ConfigureAwait(false);

            // A renamed repository answers under its old name too, by a redirect.
            return string.Equals(found.Name, repository.Name, StringComparison.OrdinalIgnoreCase);
        }
        catch (HostException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<GitLogin?> GetGitLoginAsync(HostedRepository repository, CancellationToken cancellationToken)
    {
        var identity = await _access.OfAsync(repository.Owner, cancellationToken).ConfigureAwait(false);
        return await identity.GetGitLoginAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public bool RefuseGitLogin(HostedRepository repository, GitLogin login) => _access.RefuseGitLogin(repository.Owner, login);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => GitHubIdentity.Explain(_options, status, text);

    /// <inheritdoc/>
    public Task<HostExamination> ExamineAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) => _examination.RunAsync(owners, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> ExamineContentsAsync(IReadOnlyList<HostedRepository> repositories, CancellationToken cancellationToken) =>
        _examination.RunContentsAsync(repositories, cancellationToken);

    private async Task<HostAnswer> GetAsync(string owner, string path, CancellationToken cancellationToken)
    {
        var identity = await _access.OfAsync(owner, cancellationToken).ConfigureAwait(false);
        return await identity.GetAsync(identity.UrlOf(path), cancellationToken).ConfigureAwait(false);
    }

    private static List<GitHubRepository?> Entries(GitHubListing listing, HostAnswer answer) =>
        listing.IsOfInstallation
            ? answer.Read(GitHubJson.Default.GitHubInstallationPage).Repositories ?? throw answer.NotUnderstood("a page has no repositories")
            : answer.Read(GitHubJson.Default.ListGitHubRepository);

    /// <summary>What an answer says of a repository.</summary>
    internal HostedRepository Convert(GitHubRepository? entry, string listedOwner, HostAnswer answer)
    {
        if (entry is not { Id: { } id, Name: { Length: > 0 } name } || name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || !HostText.IsClean(name))
        {
            throw answer.NotUnderstood("a repository has no id or no proper name");
        }

        var owner = entry.Owner?.Login is { Length: > 0 } login && HostText.IsClean(login) ? login : listedOwner;
        var web = WebUrlOf(owner, name);
        return new HostedRepository
        {
            Id = id,
            Owner = owner,
            Name = name,
            Description = HostText.Clean(entry.Description, MaxDescription),

            // Where the host says nothing, "private" is the answer that discloses nothing.
            IsPrivate = entry.Visibility is "internal" or "private" || (entry.Private ?? entry.Visibility != "public"),
            IsFork = entry.Fork ?? false,
            IsArchived = entry.Archived ?? false,
            IsDisabled = entry.Disabled ?? false,
            HasWiki = entry.HasWiki ?? false,
            DefaultBranch = entry.DefaultBranch is { Length: > 0 } branch ? branch : null,
            SizeKiB = Math.Max(0, entry.Size ?? 0),
            GitUrl = GitUrlOf(web),
            WebUrl = web,
        };
    }

    /// <summary>What a browser is pointed to.</summary>
    internal Uri WebUrlOf(string owner, string name) => HostUrl.Join(_options.ServerUrl, $"{HostUrl.Segment(owner)}/{HostUrl.Segment(name)}");

    /// <summary>What git is asked at. Not <c>clone_url</c>: behind a proxy or in a sandbox it names another server.</summary>
    internal static Uri GitUrlOf(Uri web) => new(web.AbsoluteUri + ".git");
}
