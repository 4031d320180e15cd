using System.Globalization;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>One server of Gitea or Forgejo by one token, for source and destination alike: who asks, who owns, what is listed. Thread-safe.</summary>
internal sealed class GiteaClient
{
    /// <summary>What is kept of a description: a mark, and words of a person behind it.</summary>
    public const int MaxDescription = 2048;

    /// <summary>The page size that is asked for where the host does not tell its own: the default of Gitea and Forgejo.</summary>
    private const int DefaultPage = 50;

    /// <summary>A larger page would only make larger answers.</summary>
    private const int LargestPage = 100;

    private readonly HostSettings _settings;
    private readonly Action<string> _say;
    private readonly GiteaFailures _failures;
    private readonly RestClient _rest;
    private readonly IGiteaApi _pages;
    private readonly GiteaOnce<GiteaAccount?> _user;
    private readonly GiteaOnce<int> _pageSize;

    /// <summary>Asks over a client that the caller owns.</summary>
    public GiteaClient(HostSettings settings, HostConnection connection)
    {
        (_settings, _say) = (settings, connection.Say);
        _failures = new(settings);
        Tokens = StaticCredential.Token(settings.Token);
        var options = new RestOptions
        {
            Name = GiteaHost.Definition.Name,
            Credential = Tokens,
            Headers = [("Accept", "application/json")],
            RequestIdHeader = "X-Request-Id",
            ReadMessage = GiteaError.Read,
            Explain = _failures.Explain,
            Deadline = connection.Deadline,
            IdleTimeout = connection.IdleTimeout,
        };
        _rest = new(connection.Client, options, connection.Time, connection.Say);
        Api = RestSerializer.Implement<IGiteaApi>(_rest.Repeating, settings.ApiUrl, GiteaJson.Default);
        Once = RestSerializer.Implement<IGiteaApi>(_rest.Once, settings.ApiUrl, GiteaJson.Default);
        _pages = RestSerializer.Implement<IGiteaApi>(_rest.Pages, settings.ApiUrl, GiteaJson.Default);
        _user = new(AskUserAsync);
        _pageSize = new(AskPageSizeAsync);
        GitCredentials = new GiteaGitCredentials(this);
    }

    /// <summary>Where the host is, and by which token.</summary>
    public HostSettings Settings => _settings;

    /// <summary>The REST interface; requests are repeated while their failure looks temporary.</summary>
    public IGiteaApi Api { get; }

    /// <summary>The REST interface; each request is sent once.</summary>
    public IGiteaApi Once { get; }

    /// <summary>The token as REST takes it.</summary>
    public ICredentialProvider Tokens { get; }

    /// <summary>The token as git takes it.</summary>
    public ICredentialProvider GitCredentials { get; }

    /// <summary>REST requests sent so far.</summary>
    public long Requests => _rest.Requests;

    /// <summary>Called with what a user should know.</summary>
    public void Say(string text) => _say(text);

    /// <summary>Repeats whatever <paramref name="call"/> does while its <see cref="HostException"/> is temporary.</summary>
    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _rest.RetryAsync(call, cancellationToken);

    /// <summary>What a refusal on the git channel means; null when the host has no word of its own for it.</summary>
    public HostFailure? Explain(int? status, string text) => _failures.Explain(status, text);

    /// <summary>Whose the token is, asked for once; null without a token, and where the host does not tell (no scope <c>read:user</c>).</summary>
    /// <exception cref="HostException">The host refused the token, or could not be reached.</exception>
    public ValueTask<GiteaAccount?> UserAsync(CancellationToken cancellationToken) => _user.GetAsync(cancellationToken);

    /// <summary>What a name is: the token's own user, an organisation, or another user.</summary>
    /// <exception cref="HostException">There is nothing of that name, or the host could not be reached.</exception>
    public async Task<GiteaOwner> FindOwnerAsync(string name, CancellationToken cancellationToken)
    {
        if ((await UserAsync(cancellationToken))?.Login is { } login && login.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            return GiteaOwner.Self(login);
        }

        // An organisation is found among the users too, but not the other way round.
        var segment = HostUrl.RequireSegment(name);
        var isAsked = false;
        try
        {
            if (await RestAnswer.OrUnknownAsync(() => Api.GetOrganizationAsync(segment, cancellationToken)) is { } organization)
            {
                return GiteaOwner.Organization(Spelled(organization.Name ?? organization.Username, name));
            }
        }
        catch (HostException e) when (e.Failure.Kind == HostFailureKind.Forbidden && !e.IsTransient)
        {
            // The page of an organisation may need a right that its listing does not need.
            isAsked = true;
            if (await FindByListingAsync(GiteaOwner.Organization(name), cancellationToken) is { } listed)
            {
                return listed;
            }
        }

        var account = await RestAnswer.OrUnknownAsync(() => Api.GetAccountAsync(segment, cancellationToken), HostFailureKind.Forbidden);
        return account is not null
            ? GiteaOwner.User(Spelled(account.Login, name))
            : (isAsked ? null : await FindByListingAsync(GiteaOwner.Organization(name), cancellationToken))
                ?? await FindByListingAsync(GiteaOwner.User(name), cancellationToken)
                ?? throw NoSuchOwner(name);
    }

    /// <summary>An owner whose page is refused to this token may have a listing all the same; null where it has none.</summary>
    private async Task<GiteaOwner?> FindByListingAsync(GiteaOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            using var page = await Api.GetPageAsync(HostUrl.Join(_settings.ApiUrl, $"{owner.ListingPath}?page=1&limit=1"), cancellationToken);
            return owner;
        }
        catch (HostException e) when (e.Status == 404 && !e.IsTransient)
        {
            return null;
        }
    }

    /// <summary>All repositories of an owner that the token reaches.</summary>
    /// <remarks>
    /// The host tells in <c>X-Total-Count</c> how many there are, those that it hides from this token included. Where fewer came, either some are
    /// hidden or a deletion moved the pages meanwhile: a listing of several pages is read again until two readings agree.
    /// </remarks>
    /// <exception cref="HostException">The host refused, or could not be reached, or the listing never came to rest.</exception>
    public async Task<HostListing<GiteaEntry>> ListAsync(GiteaOwner owner, CancellationToken cancellationToken)
    {
        const int Readings = 3;
        GiteaListing? before = null;
        for (var reading = 1; ; reading++)
        {
            var now = await ReadAsync(owner, cancellationToken);
            if (now.Hidden <= 0 || now.Pages == 1 || now.IsSameAs(before))
            {
                if (now.Hidden > 0 && !owner.IsSelf)
                {
                    _say(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{_settings.WebUrl.Authority} counts {now.Total} repositories of {owner.Login} and lists {now.Count}: the others are "
                                + $"hidden from the user of {GiteaFailures.CredentialOf(_settings)}."
                        )
                    );
                }

                return now.For(owner);
            }

            before = reading < Readings ? now : throw NeverAtRest(owner, now);
        }
    }

    /// <summary>What a browser is pointed to.</summary>
    public Uri WebUrlOf(string owner, string name) => HostUrl.Join(_settings.WebUrl, $"{HostUrl.Segment(owner)}/{HostUrl.Segment(name)}");

    private async Task<GiteaListing> ReadAsync(GiteaOwner owner, CancellationToken cancellationToken)
    {
        var limit = await _pageSize.GetAsync(cancellationToken);
        var first = HostUrl.Join(_settings.ApiUrl, AddressOf(owner, page: 1, limit));
        var trail = new Pagination(first);
        var entries = new EntryList<GiteaRepository, GiteaEntry>
        {
            Host = GiteaHost.Definition.Name,
            Type = GiteaJson.Default.GiteaRepository,
            Convert = entry => GiteaEntry.Read(entry, owner.Login, this),
            KeyOf = entry => entry.Repository.Id,
            Identify = GiteaEntry.Identify,
            Owner = owner.Login,
        };
        var (total, came, pages) = (0L, 0L, 0);
        for (var url = first; url is not null; )
        {
            using var message = await _pages.GetPageAsync(url, cancellationToken);
            var response = RestResponse.Of(message);
            var page = response.Make(body => JsonPage.Read(body, "data"));
            trail.Count(response, page);
            entries.Add(page);
            total = Math.Max(total, TotalOf(response));
            came += page.Entries.Count;
            pages++;
            var isMore = LinkHeader.Next(response.Header("Link")) is not null || (page.Entries.Count >= limit && total > came);
            url = trail.Follow(isMore ? HostUrl.Join(_settings.ApiUrl, AddressOf(owner, pages + 1, limit)).AbsoluteUri : null);
        }

        return new(entries.Listing, total, pages);
    }

    /// <summary>Not what the host names as the next page: it builds that from an address of its own, which may be that of another host.</summary>
    private static string AddressOf(GiteaOwner owner, int page, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{owner.ListingPath}?page={page}&limit={limit}");

    /// <summary>How many repositories the host counts; 0 where it does not say.</summary>
    private static long TotalOf(RestResponse response) =>
        long.TryParse(response.Header("X-Total-Count"), NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : 0;

    private async Task<GiteaAccount?> AskUserAsync(CancellationToken cancellationToken)
    {
        if (_settings.Token is null)
        {
            return null;
        }

        var user = await RestAnswer.OrNothingAsync(() => Api.GetUserAsync(cancellationToken), HostFailureKind.Forbidden);
        return user?.Login is { Length: > 0 } login && TextSanitizer.IsClean(login) ? user : null;
    }

    private async Task<int> AskPageSizeAsync(CancellationToken cancellationToken)
    {
        // A server that wants a login for everything refuses this without a token.
        var settings = await RestAnswer.OrUnknownAsync(
            () => Api.GetApiSettingsAsync(cancellationToken),
            HostFailureKind.Forbidden,
            HostFailureKind.Unauthorized
        );
        return (int)Math.Clamp(settings?.MaxResponseItems ?? DefaultPage, 1, LargestPage);
    }

    private static string Spelled(string? login, string name) => name.Equals(login, StringComparison.OrdinalIgnoreCase) ? login! : name;

    private HostException NoSuchOwner(string name)
    {
        var role = _settings.Writes ? "destination" : "source";
        return new(
            $"{_settings.WebUrl.Authority} has no organisation or user {TextSanitizer.Clean(name, 100)}, or hides it.",
            new HostFailure(
                HostFailureKind.NotFound,
                $"Check {role}-owner and {role}-url, and that the user of {GiteaFailures.CredentialOf(_settings)} is a member where the organisation "
                    + "is not public."
            )
        )
        {
            Status = 404,
        };
    }

    private HostException NeverAtRest(GiteaOwner owner, GiteaListing listing) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The listing of {owner.Login} at {_settings.WebUrl.Authority} changed each time that it was read: {listing.Count} repositories came "
                    + $"where the host counts {listing.Total}."
            ),
            new HostFailure(HostFailureKind.Unavailable, "Run again when nobody deletes or moves repositories there.")
        )
        {
            IsTransient = true,
        };
}
