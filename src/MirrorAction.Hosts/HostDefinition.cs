using MirrorAction.Hosts.Bitbucket;
using MirrorAction.Hosts.BitbucketDataCenter;
using MirrorAction.Hosts.Gitea;
using MirrorAction.Hosts.GitHub;
using MirrorAction.Hosts.GitLab;
using MirrorAction.Http;

namespace MirrorAction.Hosts;

/// <summary>A kind of host: what it is called and what it takes. Immutable. What names a host lies in the host's own folder.</summary>
public sealed record HostDefinition
{
    /// <summary>The name in settings and reports: <c>github</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What people call it: <c>GitHub</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it calls an owner of repositories: <c>organisation</c>.</summary>
    public required string OwnerWord { get; init; }

    /// <summary>The base of its web pages and of git where none is given; null where there is none, so that one must be.</summary>
    public required Uri? DefaultUrl { get; init; }

    /// <summary>The base of its REST interface, by the base of its web pages; both without a slash at the end.</summary>
    public required Func<Uri, Uri> ApiUrlOf { get; init; }

    /// <summary>What is wrong with a text as an owner there, as the rest of a sentence that begins with the text; null where nothing is.</summary>
    public required Func<string, string?> OwnerProblem { get; init; }

    /// <summary>
    /// The name of the mirror for a name at the source (contract, rule 3). A name is one that the host keeps when this gives the same name back.
    /// </summary>
    public required Func<string, string> SlugFor { get; init; }

    /// <summary>Opens the host in either role; asks nothing yet.</summary>
    public required Func<HostSettings, HostConnection, IRepositoryHost> Open { get; init; }

    /// <summary>What to do where the credentials reach none of an owner's repositories.</summary>
    public required string NothingListedHint { get; init; }

    /// <summary>What it takes.</summary>
    public HostLimits Limits { get; init; } = new();

    /// <summary>
    /// The host of a web page as marks name it. One on loopback stands in for the real one and has a new port every time.
    /// </summary>
    public string NameAt(Uri web) => web.IsLoopback ? DefaultUrl?.Host ?? "localhost" : web.Authority;
}

/// <summary>What a host takes of a repository and an owner; null each where there is no limit, or none that is known. Sizes in bytes.</summary>
public sealed record HostLimits
{
    /// <summary>The size from which the host warns of a repository.</summary>
    public long? RepositoryWarning { get; init; }

    /// <summary>The size at which a repository takes no more.</summary>
    public long? Repository { get; init; }

    /// <summary>All that an owner on the host's free plan may store.</summary>
    public long? FreePlan { get; init; }
}

/// <summary>Where a host is and by which credential it is asked. Immutable; <see cref="ToString"/> shows no secret.</summary>
public record HostSettings
{
    /// <summary>The base of web pages and of git, without a slash at its end.</summary>
    public required Uri WebUrl { get; init; }

    /// <summary>The base of the REST interface, without a slash at its end.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The token; null to read what everyone can, or where the kind of host knows another credential that is given.</summary>
    public string? Token { get; init; }

    /// <summary>The user that git takes the token with; null where the kind of host knows it, or tells.</summary>
    public string? Username { get; init; }

    /// <summary>Repositories are created and pushed to.</summary>
    public bool Writes { get; init; }

    /// <summary>What the credential is, and which input holds it, for a person: <c>a token (source-token)</c>.</summary>
    public string Credential { get; init; } = "";

    /// <inheritdoc/>
    public sealed override string ToString() => $"{ApiUrl.GetLeftPart(UriPartial.Path)}, {(Credential.Length == 0 ? "a credential" : Credential)}";
}

/// <summary>How a run reaches a host. Immutable.</summary>
/// <param name="Client">Follows no redirect by itself and has no time limit (<see cref="RestTransport.CreateClient"/>); stays its maker's.</param>
/// <param name="Time">The clock by which waits are measured and tokens grow old.</param>
/// <param name="Say">Called with what a user should know: waits, and what the credentials can't see.</param>
/// <param name="Hide">Called with each secret that is made on the way, before its first use.</param>
public sealed record HostConnection(HttpClient Client, TimeProvider Time, Action<string> Say, Action<string> Hide)
{
    /// <summary>When the run ends: no wait for a rate limit outlasts it. Null for no end.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How long a host may be silent within an answer.</summary>
    public TimeSpan IdleTimeout { get; init; } = RestClient.IdleTimeout;

    /// <summary>How many of the requests that a host allows within an hour this run may send, where others share the limit; null for all.</summary>
    public Func<int, int>? ShareOf { get; init; }
}

/// <summary>The hosts that are known. A host is a folder and a line here.</summary>
public static class KnownHosts
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<HostDefinition> All { get; } =
    [BitbucketHost.Definition, DataCenterHost.Definition, GiteaHost.Definition, GitHubHost.Definition, GitLabHost.Definition];

    /// <summary>Where repositories are when nothing else is said.</summary>
    public static HostDefinition DefaultSource => GitHubHost.Definition;

    /// <summary>Where mirrors are when nothing else is said.</summary>
    public static HostDefinition DefaultDestination => BitbucketHost.Definition;
}

/// <summary>A host by one credential, in either role.</summary>
public interface IRepositoryHost
{
    /// <summary>Its repositories are read.</summary>
    IRepositorySource Source { get; }

    /// <summary>Its repositories are written.</summary>
    /// <param name="owner">Whose they are.</param>
    IRepositoryDestination DestinationOf(string owner);
}
