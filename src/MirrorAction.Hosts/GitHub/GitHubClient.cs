using System.Runtime.CompilerServices;
using MirrorAction.Hosts.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>GitHub, or a GitHub Enterprise Server, as the source. Only reads. Thread-safe.</summary>
public sealed class GitHubClient : IRepositorySource
{
    private const string PrivateAdvice =
        "To mirror private repositories pass a token with Contents: read and Metadata: read on all repositories of the owner as github-token.";

    private readonly GitHubOptions _options;
    private readonly Action<string> _say;
    private readonly HostHttp _http;

    /// <summary>Reads over a client that the caller owns; <see cref="RestTransport.CreateClient"/> makes a fitting one.</summary>
    /// <param name="client">Follows no redirect by itself and has no time limit.</param>
    /// <param name="options">Where and by which token.</param>
    /// <param name="time">The clock by which waits are measured.</param>
    /// <param name="say">Is told what a user should know: waits, and what the token can't see.</param>
    public GitHubClient(HttpClient client, GitHubOptions options, TimeProvider time, Action<string> say)
    {
        _options = options;
        _say = say;
        _http = new HostHttp(client, Profile(options), time, say);
    }

    /// <inheritdoc/>
    public string Host => "github";

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _http.Requests;

    /// <inheritdoc/>
    public async IAsyncEnumerable<HostedRepository> ListAsync(string owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = await FindListingAsync(owner, cancellationToken).ConfigureAwait(false);
        var trail = new PageTrail(HostUrl.Join(_options.ApiUrl, listing.Path));
        var seen = new HashSet<long>();
        var hasPrivate = false;
        for (var page = HostUrl.Join(_options.ApiUrl, listing.Path); page is not null;)
        {
            var answer = await _http.SendAsync(HttpMethod.Get, page, null, cancellationToken).ConfigureAwait(false);
            if (listing.IsOrganization && GitHubFailures.IsPartial(answer))
            {
                throw GitHubFailures.PartialListing(answer);
            }

            foreach (var entry in answer.Read(GitHubJson.Default.ListGitHubRepository))
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

        SayWhatIsMissing(listing, hasPrivate);
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(HostedRepository repository, CancellationToken cancellationToken)
    {
        try
        {
            var url = HostUrl.Join(_options.ApiUrl, $"repos/{HostUrl.Segment(repository.Owner)}/{HostUrl.Segment(repository.Name)}");
            var answer = await _http.SendAsync(HttpMethod.Get, url, null, cancellationToken).ConfigureAwait(false);

            // A renamed repository answers under its old name too, by a redirect.
            return string.Equals(answer.Read(GitHubJson.Default.GitHubRepository).Name, repository.Name, StringComparison.OrdinalIgnoreCase);
        }
        catch (HostException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask<GitLogin?> GetGitLoginAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_options.Token is { } token ? new GitLogin("x-access-token", token) : null);

    /// <inheritdoc/>
    public HostFailure? Explain(int? status, string text) => GitHubFailures.Explain(status, text);

    private sealed record Listing(string Owner, string Path, bool IsOrganization)
    {
        public bool Holds(HostedRepository repository) => IsOrganization || repository.Owner.Equals(Owner, StringComparison.OrdinalIgnoreCase);
    }

    // GET /users/{name} knows organisations too: one request decides.
    private async Task<Listing> FindListingAsync(string owner, CancellationToken cancellationToken)
    {
        var account = await GetAsync($"users/{HostUrl.Segment(owner)}", NoSuchOwner(owner), cancellationToken).ConfigureAwait(false);
        var login = account.Login is { Length: > 0 } spelled && HostText.IsClean(spelled) ? spelled : owner;
        var segment = HostUrl.Segment(login);
        const string order = "sort=full_name&direction=asc&per_page=100"; // Other orders shift while pages are read.
        if (account.Type == "Organization")
        {
            return new Listing(login, $"orgs/{segment}/repos?type=all&{order}", IsOrganization: true);
        }

        return await IsTokenOfAsync(login, cancellationToken).ConfigureAwait(false)
            ? new Listing(login, $"user/repos?affiliation=owner&{order}", IsOrganization: false)
            : new Listing(login, $"users/{segment}/repos?type=owner&{order}", IsOrganization: false);
    }

    private async Task<bool> IsTokenOfAsync(string login, CancellationToken cancellationToken)
    {
        if (_options.Token is null)
        {
            return false; // Said after the listing.
        }

        try
        {
            var self = await GetAsync("user", whenMissing: null, cancellationToken).ConfigureAwait(false);
            if (login.Equals(self.Login, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            _say($"The GitHub token belongs to {HostText.Clean(self.Login, 100)}, not to {login}: only public repositories of {login} are "
                + $"listed. Private ones need a token of {login} itself.");
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound)
        {
            // Installation tokens, GITHUB_TOKEN among them, have no user.
            _say($"The GitHub token belongs to no user (an Actions or App token): only public repositories of {login} are listed. Private ones "
                + $"need a personal token of {login} as github-token.");
        }

        return false;
    }

    private async Task<GitHubAccount> GetAsync(string path, HostFailure? whenMissing, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _http.SendAsync(HttpMethod.Get, HostUrl.Join(_options.ApiUrl, path), null, cancellationToken).ConfigureAwait(false);
            return answer.Read(GitHubJson.Default.GitHubAccount);
        }
        catch (HostException e) when (whenMissing is not null && e.Status == 404)
        {
            throw new HostException(e.Message, whenMissing) { Status = e.Status, RequestId = e.RequestId };
        }
    }

    private static HostFailure NoSuchOwner(string owner) =>
        new(HostFailureKind.NotFound, $"GitHub knows no organisation or user {owner}: check github-owner, and github-api-url for a GitHub "
            + "Enterprise Server.");

    private HostedRepository Convert(GitHubRepository? entry, string listedOwner, HostAnswer answer)
    {
        if (entry is not { Id: { } id, Name: { Length: > 0 } name } || name is "." or ".." || name.Contains('/', StringComparison.Ordinal) || !HostText.IsClean(name))
        {
            throw answer.NotUnderstood("a repository has no id or no proper name");
        }

        var owner = entry.Owner?.Login is { Length: > 0 } login && HostText.IsClean(login) ? login : listedOwner;
        var web = HostUrl.Join(_options.ServerUrl, $"{HostUrl.Segment(owner)}/{HostUrl.Segment(name)}");
        return new HostedRepository
        {
            Id = id,
            Owner = owner,
            Name = name,
            // Where the host says nothing, "private" is the answer that discloses nothing.
            IsPrivate = entry.Visibility is "internal" or "private" || (entry.Private ?? entry.Visibility != "public"),
            IsFork = entry.Fork ?? false,
            IsArchived = entry.Archived ?? false,
            IsDisabled = entry.Disabled ?? false,
            DefaultBranch = entry.DefaultBranch is { Length: > 0 } branch ? branch : null,
            SizeKiB = Math.Max(0, entry.Size ?? 0),
            GitUrl = new Uri(web.AbsoluteUri + ".git"), // Not clone_url: behind a proxy or in a sandbox it names another server.
            WebUrl = web,
        };
    }

    private void SayWhatIsMissing(Listing listing, bool hasPrivate)
    {
        if (_options.Token is null)
        {
            _say($"Without github-token only public repositories of {listing.Owner} are listed. {PrivateAdvice}");
        }
        else if (listing.IsOrganization && !hasPrivate && _options.Token.StartsWith("ghs_", StringComparison.Ordinal))
        {
            _say($"No private repository of {listing.Owner} was listed: the workflow's own GITHUB_TOKEN sees only public ones. {PrivateAdvice}");
        }
    }

    private static HostProfile Profile(GitHubOptions options) => new()
    {
        Name = "GitHub",
        Authorization = options.Token is { } token ? ("Bearer", token) : null,
        Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
        Secrets = options.Token is { } secret ? [secret, Uri.EscapeDataString(secret)] : [],
        RequestIdHeader = "X-GitHub-Request-Id",
        ReadMessage = GitHubFailures.ReadMessage,
        Explain = GitHubFailures.Explain,
        IdleTimeout = options.IdleTimeout,
        Deadline = options.Deadline,
    };
}
