using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

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
