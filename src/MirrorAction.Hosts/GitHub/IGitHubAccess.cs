using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>Finds out who asks for the repositories of an owner: one token for all, or an App's installation for each. Thread-safe.</summary>
internal interface IGitHubAccess
{
    /// <summary>REST requests sent so far, by everyone.</summary>
    long Requests { get; }

    /// <summary>
    /// Where the owner's repositories are listed most likely, which a listing tells sooner than a question before it; null where it has to be asked.
    /// Whoever gets 404 there asks by <see cref="FindListingAsync"/>.
    /// </summary>
    GitHubListing? LikelyListing(string owner);

    /// <summary>Where the owner's repositories are listed. Says what will be missing from the listing, as far as it is known before.</summary>
    /// <exception cref="HostException">There is no such owner, or nobody may ask.</exception>
    Task<GitHubListing> FindListingAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Who asks for an owner's repositories.</summary>
    /// <exception cref="HostException">Nobody may.</exception>
    ValueTask<GitHubApi> OfAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Called at the end of a listing, and says what must have been missing.</summary>
    void Listed(GitHubListing listing, bool hasPrivate);
}

/// <summary>Where the repositories of an owner are listed, and by whom.</summary>
/// <param name="Api">Who asks.</param>
/// <param name="Owner">The owner as GitHub spells it.</param>
/// <param name="Path">The first page, below the REST interface.</param>
/// <param name="IsOrganization">An organisation, not a user.</param>
internal sealed record GitHubListing(GitHubApi Api, string Owner, string Path, bool IsOrganization)
{
    /// <summary>Other orders shift while pages are read.</summary>
    private const string Order = "sort=full_name&direction=asc&per_page=100";

    /// <summary>Where the asker creates repositories of this owner, below the REST interface; null where it can create none.</summary>
    public string? CreationPath { get; private init; }

    /// <summary>All repositories of an organisation that the asker reaches.</summary>
    public static GitHubListing OfOrganization(GitHubApi api, string login)
    {
        var path = $"orgs/{HostUrl.Segment(login)}/repos";
        return new(api, login, $"{path}?type=all&{Order}", IsOrganization: true) { CreationPath = path };
    }

    /// <summary>The asker's own repositories, private ones too.</summary>
    public static GitHubListing OfSelf(GitHubApi api, string login) =>
        new(api, login, $"user/repos?affiliation=owner&{Order}", IsOrganization: false) { CreationPath = "user/repos" };

    /// <summary>The public repositories of a user.</summary>
    public static GitHubListing OfUser(GitHubApi api, string login) =>
        new(api, login, $"users/{HostUrl.Segment(login)}/repos?type=owner&{Order}", IsOrganization: false);

    /// <summary>What a user gave to an App. GitHub has no order for it.</summary>
    public static GitHubListing OfInstallation(GitHubApi api, string login) =>
        new(api, login, "installation/repositories?per_page=100", IsOrganization: false);

    /// <summary>Whether a repository on a page belongs to the owner.</summary>
    public bool Holds(string owner) => IsOrganization || owner.Equals(Owner, StringComparison.OrdinalIgnoreCase);
}

/// <summary>One token, or none, for the repositories of all owners.</summary>
internal sealed class TokenAccess : IGitHubAccess
{
    private const string PrivateAdvice =
        "To mirror private repositories pass a token with Contents: read and Metadata: "
        + "read on all repositories of the owner as github-token, or a GitHub App "
        + "(github-app-id, github-app-private-key).";

    private readonly GitHubOptions _options;
    private readonly Action<string> _say;
    private readonly GitHubApi _api;

    /// <summary>Asks over a client that the caller owns.</summary>
    public TokenAccess(HttpClient client, GitHubOptions options, TimeProvider time, Action<string> say)
    {
        _options = options;
        _say = say;
        _api = new GitHubApi(client, options, StaticCredential.Bearer(options.Token), time, say);
    }

    /// <inheritdoc/>
    public long Requests => _api.Requests;

    /// <inheritdoc/>
    public ValueTask<GitHubApi> OfAsync(string owner, CancellationToken cancellationToken) => ValueTask.FromResult(_api);

    /// <inheritdoc/>
    /// <remarks>Most owners are organisations. GitHub spells their names in every entry.</remarks>
    public GitHubListing? LikelyListing(string owner) => GitHubListing.OfOrganization(_api, owner);

    /// <inheritdoc/>
    public async Task<GitHubListing> FindListingAsync(string owner, CancellationToken cancellationToken)
    {
        // GET /users/{name} knows organisations too: one request decides.
        var account = await FindAccountAsync(owner, cancellationToken);
        var login = account.Login is { Length: > 0 } spelled && TextSanitizer.IsClean(spelled) ? spelled : owner;
        if (account.Type == "Organization")
        {
            return GitHubListing.OfOrganization(_api, login);
        }

        return await IsTokenOfAsync(login, cancellationToken) ? GitHubListing.OfSelf(_api, login) : GitHubListing.OfUser(_api, login);
    }

    /// <inheritdoc/>
    public void Listed(GitHubListing listing, bool hasPrivate)
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

    private async Task<GitHubAccount> FindAccountAsync(string owner, CancellationToken cancellationToken)
    {
        try
        {
            return (await _api.GetAsync<GitHubAccount>($"users/{HostUrl.Segment(owner)}", cancellationToken)).Body;
        }
        catch (HostException e) when (e.Status == 404)
        {
            throw new HostException(e.Message, NoSuchOwner(owner)) { Status = e.Status, RequestId = e.RequestId };
        }
    }

    private async Task<bool> IsTokenOfAsync(string login, CancellationToken cancellationToken)
    {
        if (_options.Token is null)
        {
            return false; // Said after the listing.
        }

        try
        {
            var (self, _) = await _api.GetAsync<GitHubAccount>("user", cancellationToken);
            if (login.Equals(self.Login, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            _say(
                $"The GitHub token belongs to {TextSanitizer.Clean(self.Login, 100)}, not to {login}: only public repositories of {login} are "
                    + $"listed. Private ones need a token of {login} itself."
            );
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound)
        {
            // Installation tokens, GITHUB_TOKEN among them, have no user.
            _say(
                "The GitHub token belongs to no user: it is the workflow's own GITHUB_TOKEN, "
                    + $"or one of an App, and sees only public repositories of {login}. "
                    + $"Private ones need a personal token of {login} as github-token, or an "
                    + $"App that {login} installed (github-app-id, github-app-private-key)."
            );
        }

        return false;
    }

    private static HostFailure NoSuchOwner(string owner) =>
        new(
            HostFailureKind.NotFound,
            $"GitHub knows no organisation or user {owner}: check github-owner, and github-api-url for a GitHub " + "Enterprise Server."
        );
}
