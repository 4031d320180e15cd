using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>A GitHub App: each owner's repositories are read by the App's installation there, with a token and with rate limits of its own.</summary>
internal sealed class AppAccess : IGitHubAccess
{
    private readonly HttpClient _client;
    private readonly GitHubOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly Action<string> _hide;
    private readonly GitHubApi _app;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<Installation>> _installations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks over a client that the caller owns.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">With an App.</param>
    /// <param name="time">The clock by which tokens grow old.</param>
    /// <param name="say">Called with what a user should know.</param>
    /// <param name="hide">Called with each token before its first use.</param>
    public AppAccess(HttpClient client, GitHubOptions options, TimeProvider time, Action<string> say, Action<string> hide)
    {
        _client = client;
        _options = options;
        _time = time;
        _say = say;
        _hide = hide;
        _app = new GitHubApi(client, options, new AppJwt(options.App!, time, hide), time, say);
    }

    /// <inheritdoc/>
    public long Requests
    {
        get
        {
            lock (_lock)
            {
                return _app.Requests + _installations.Values.Where(found => found.IsCompletedSuccessfully).Sum(found => found.Result.Api.Requests);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<GitHubApi> OfAsync(string owner, CancellationToken cancellationToken) => (await FindAsync(owner, cancellationToken)).Api;

    /// <inheritdoc/>
    /// <remarks>The installation has to be known before anything is asked.</remarks>
    public GitHubListing? LikelyListing(string owner) => null;

    /// <inheritdoc/>
    public async Task<GitHubListing> FindListingAsync(string owner, CancellationToken cancellationToken)
    {
        var installation = await FindAsync(owner, cancellationToken);
        foreach (var missing in WhatWillBeMissing(installation))
        {
            _say($"{missing.Message} {missing.Hint}");
        }

        return installation.IsOrganization
            ? GitHubListing.OfOrganization(installation.Api, installation.Owner)
            : GitHubListing.OfInstallation(installation.Api, installation.Owner);
    }

    /// <inheritdoc/>
    public void Listed(GitHubListing listing, bool hasPrivate)
    {
        // Said before the listing: the installation itself tells what it reaches.
    }

    /// <summary>Which App it is, where it is installed on an owner, and what it may do there.</summary>
    /// <exception cref="HostException">It is not installed there, or GitHub refused, or could not be reached.</exception>
    public async Task<IReadOnlyList<Diagnostic>> ExamineAsync(string owner, CancellationToken cancellationToken)
    {
        var installation = await FindAsync(owner, cancellationToken);
        var repositories = installation.IsForAll ? "all repositories" : "selected repositories";
        var message =
            $"{installation.App} is installed on {installation.Owner} for {repositories}"
            + $"{(installation.Lacking.Count == 0 ? $" and may {(_options.Writes ? "create and write them" : "read their contents")}" : "")}.";
        return [new Diagnostic(DiagnosticLevel.Ok, "GitHub App", message), .. WhatWillBeMissing(installation)];
    }

    private async Task<Installation> FindAsync(string owner, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<Installation> finding;
            lock (_lock)
            {
                if (!_installations.TryGetValue(owner, out finding!) || finding.IsFaulted || finding.IsCanceled)
                {
                    _installations[owner] = finding = Task.Run(() => AskAsync(owner, cancellationToken), CancellationToken.None);
                }
            }

            try
            {
                return await finding.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another caller began it and was cancelled; this one was not.
            }
        }
    }

    private async Task<Installation> AskAsync(string owner, CancellationToken cancellationToken)
    {
        var segment = HostUrl.Segment(owner);
        var found =
            await TryGetAsync($"orgs/{segment}/installation", cancellationToken)
            ?? await TryGetAsync($"users/{segment}/installation", cancellationToken)
            ?? throw GitHubAppFailures.NotInstalled(_options, owner, await SlugAsync(cancellationToken));
        var token = new MintedToken(stop => MintAsync(found.Id!.Value, Lacking(found).Count == 0, stop), _time, _hide);
        return new Installation(
            found.AppSlug is { Length: > 0 } slug && TextSanitizer.IsClean(slug)
                ? $"The App {slug} ({_options.App!.Id})"
                : $"The App {_options.App!.Id}",
            found.Account?.Login is { Length: > 0 } login && TextSanitizer.IsClean(login) ? login : owner,
            (found.Account?.Type ?? found.TargetType) == "Organization",
            found.RepositorySelection != "selected",
            Lacking(found),
            new GitHubApi(_client, _options, token, _time, _say)
        );
    }

    private async Task<GitHubInstallation?> TryGetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var (installation, response) = await _app.GetAsync<GitHubInstallation>(path, cancellationToken);
            return installation.Id is null ? throw response.NotUnderstood("the installation has no id") : installation;
        }
        catch (HostException e) when (e.Status == 404 && e.Failure.Kind == HostFailureKind.NotFound)
        {
            return null;
        }
    }

    // An App that GitHub does not know at all answers here first.
    private async Task<string?> SlugAsync(CancellationToken cancellationToken)
    {
        var (app, _) = await _app.GetAsync<GitHubApp>("app", cancellationToken);
        return app.Slug is { Length: > 0 } slug && TextSanitizer.IsClean(slug) ? slug : null;
    }

    /// <summary>
    /// A token that can do no more than read, whatever the App may do; one with all it has where that is to be written, and of an App that may not
    /// even read contents.
    /// </summary>
    private async Task<(string Token, TimeSpan Life)> MintAsync(long installation, bool hasAll, CancellationToken cancellationToken)
    {
        var wanted = new GitHubTokenRequest(hasAll && !_options.Writes ? new GitHubPermissions { Contents = "read", Metadata = "read" } : null);
        var path = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"app/installations/{installation}/access_tokens");
        var (minted, response) = await _app.PostAsync<GitHubToken>(path, wanted, cancellationToken);
        return minted is { Token: { Length: > 0 } token, ExpiresAt: { } end }
            ? (token, end - _time.GetUtcNow())
            : throw response.NotUnderstood("there is no token in it, or no expires_at");
    }

    /// <summary>Permissions that are needed and not there, as GitHub's settings name them.</summary>
    private List<string> Lacking(GitHubInstallation installation)
    {
        var has = installation.Permissions ?? new GitHubPermissions();
        return _options.Writes
                ?
                [
                    .. new[] { ("Administration", has.Administration), ("Contents", has.Contents), ("Workflows", has.Workflows) }
                        .Where(permission => permission.Item2 != "write")
                        .Select(permission => $"{permission.Item1}: write"),
                ]
            : has.Contents is "read" or "write" ? []
            : ["Contents: read"];
    }

    private IEnumerable<Diagnostic> WhatWillBeMissing(Installation installation)
    {
        if (!installation.IsForAll)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                "GitHub installation",
                $"{installation.App} is installed on {installation.Owner} for selected repositories only: "
                    + $"other private ones, and all new ones, are not {(_options.Writes ? "reached" : "mirrored")}.",
                $"Choose \"All repositories\" in the settings of {installation.Owner} (Settings > GitHub Apps > Configure)."
            );
        }

        if (installation.Lacking.Count > 0)
        {
            var effect = _options.Writes ? "which writing needs" : "so that git refuses its private repositories";
            yield return new Diagnostic(
                DiagnosticLevel.Problem,
                "GitHub permissions",
                $"{installation.App} lacks the permission {string.Join(", ", installation.Lacking)} on {installation.Owner}, {effect}.",
                $"Give it in the App's settings (Permissions & events > Repository permissions), and let an owner of {installation.Owner} accept it."
            );
        }
    }

    /// <param name="App">The App in words, as the beginning of a sentence.</param>
    /// <param name="Owner">The owner as GitHub spells it.</param>
    /// <param name="IsOrganization">An organisation, not a user.</param>
    /// <param name="IsForAll">All repositories of the owner are reached, later ones too.</param>
    /// <param name="Lacking">Permissions that are needed and not there; none when all is well.</param>
    /// <param name="Api">Who asks.</param>
    private sealed record Installation(string App, string Owner, bool IsOrganization, bool IsForAll, IReadOnlyList<string> Lacking, GitHubApi Api);
}
