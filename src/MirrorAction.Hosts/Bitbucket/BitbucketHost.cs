using System.Buffers;
using System.Collections.Concurrent;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>How Bitbucket Cloud is reached. Immutable; shows no secret as text.</summary>
public sealed record BitbucketSettings : HostSettings
{
    /// <summary>The Atlassian account of an API token; null for an access token.</summary>
    public string? Email { get; init; }

    /// <summary>An OAuth consumer that mints tokens in place of <see cref="HostSettings.Token"/>; null for none.</summary>
    public BitbucketConsumer? Consumer { get; init; }

    /// <summary>Key of the project for new repositories; null leaves the choice to Bitbucket.</summary>
    public string? ProjectKey { get; init; }
}

/// <summary>Bitbucket Cloud.</summary>
public sealed class BitbucketHost : IRepositoryHost
{
    private const long Gigabyte = 1_000_000_000;

    private static readonly SearchValues<char> s_slugCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

    private readonly ConcurrentDictionary<string, BitbucketDestination> _workspaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly HostSettings _settings;
    private readonly HostConnection _connection;

    private BitbucketHost(HostSettings settings, HostConnection connection)
    {
        (_settings, _connection) = (settings, connection);
        Source = new BitbucketSource(Workspace);
    }

    /// <summary>What it is called and what it takes: 1 GB is 1,000,000,000 bytes, the smaller of the two readings of its limits.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "bitbucket",
            Name = "Bitbucket",
            OwnerWord = "workspace",
            DefaultUrl = new("https://bitbucket.org"),
            ApiUrlOf = ApiUrlOf,
            OwnerProblem = OwnerProblem,
            SlugFor = BitbucketSlug.For,
            Open = (settings, connection) => new BitbucketHost(settings, connection),
            NothingListedHint = "Check 'bitbucket-workspace' and that the Bitbucket credentials may read its repositories.",
            Limits = new()
            {
                RepositoryWarning = 2 * Gigabyte,
                Repository = 4 * Gigabyte,
                FreePlan = Gigabyte,
            },
        };

    /// <inheritdoc/>
    public IRepositorySource Source { get; }

    /// <inheritdoc/>
    public IRepositoryDestination DestinationOf(string owner) => Workspace(owner);

    private BitbucketDestination Workspace(string workspace) => _workspaces.GetOrAdd(workspace, Create);

    private BitbucketDestination Create(string workspace)
    {
        var own = _settings as BitbucketSettings;

        // An e-mail address is no user that Bitbucket's git takes: it tells whose API token this is.
        var isAddress = _settings.Username?.Contains('@', StringComparison.Ordinal) == true && own?.Email is null;
        var options = new BitbucketOptions
        {
            ApiUrl = _settings.ApiUrl,
            GitUrl = _settings.WebUrl,
            Workspace = workspace,
            Token = _settings.Token,
            Email = isAddress ? _settings.Username : own?.Email,
            GitUser = isAddress ? null : _settings.Username,
            Consumer = own?.Consumer,
            ProjectKey = own?.ProjectKey,
            Writes = _settings.Writes,
            Deadline = _connection.Deadline,
            IdleTimeout = _connection.IdleTimeout,
        };
        options = options with { OwnRequestsPerHour = _connection.ShareOf?.Invoke(options.RequestsPerHour) };
        return new(_connection.Client, options, _connection.Time, _connection.Say, _connection.Hide);
    }

    private static Uri ApiUrlOf(Uri web) =>
        web.Host.Equals("bitbucket.org", StringComparison.OrdinalIgnoreCase) ? new Uri("https://api.bitbucket.org/2.0") : HostUrl.Join(web, "2.0");

    private static string? OwnerProblem(string slug) =>
        slug.Length > 0 && !slug.AsSpan().ContainsAnyExcept(s_slugCharacters)
            ? null
            : "is not a valid workspace slug (lower-case letters, digits, '_', '-', '.'); give the part after "
                + "https://bitbucket.org/ in the address of any of the workspace's pages, not its display name.";
}

/// <summary>Where Bitbucket is, which workspace, and by which token. Immutable; <see cref="ToString"/> never shows the token.</summary>
public sealed record BitbucketOptions
{
    /// <summary>The REST interface. The default is <c>https://api.bitbucket.org/2.0</c>.</summary>
    public Uri ApiUrl { get; init; } = new("https://api.bitbucket.org/2.0");

    /// <summary>The base of git and web addresses. The default is <c>https://bitbucket.org</c>.</summary>
    public Uri GitUrl { get; init; } = new("https://bitbucket.org");

    /// <summary>The slug of the workspace, not its display name.</summary>
    public required string Workspace { get; init; }

    /// <summary>An access token, or, together with <see cref="Email"/>, an API token; null to read what everyone can.</summary>
    public string? Token { get; init; }

    /// <summary>The e-mail address of the Atlassian account that an API token belongs to; null for an access token.</summary>
    public string? Email { get; init; }

    /// <summary>The user that git takes the token with; null for the one that Bitbucket has for the kind of token.</summary>
    public string? GitUser { get; init; }

    /// <summary>An OAuth consumer that mints tokens in place of <see cref="Token"/>; null for none.</summary>
    public BitbucketConsumer? Consumer { get; init; }

    /// <summary>The key of the project in which missing repositories are created; null for the workspace's oldest.</summary>
    public string? ProjectKey { get; init; }

    /// <summary>Repositories are created and pushed to: more is asked of the credentials. The default value is true.</summary>
    public bool Writes { get; init; } = true;

    /// <summary>
    /// REST requests that Bitbucket allows within any hour. The default is what it documents, 1,000; big paid workspaces have more.
    /// </summary>
    public int RequestsPerHour { get; init; } = 1000;

    /// <summary>How many of them this client may send, where others share the limit; null for all.</summary>
    public int? OwnRequestsPerHour { get; init; }

    /// <summary>The largest pack that Bitbucket takes in one push, in bytes. The default is what it documents, 3.5 GB.</summary>
    public long MaxPushBytes { get; init; } = 3_500_000_000;

    /// <summary>Silence after which a call is given up. The default is 100 seconds.</summary>
    public TimeSpan IdleTimeout { get; init; } = RestClient.IdleTimeout;

    /// <summary>When the run ends: no wait for a rate limit outlasts it. Null for no end.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Bitbucket workspace {Workspace} at {ApiUrl.GetLeftPart(UriPartial.Path)}, "
        + $"{(Consumer is not null ? Consumer.ToString() : Token is null ? "no token" : Email is null ? "access token ***" : "API token ***")}";
}
