using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

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
