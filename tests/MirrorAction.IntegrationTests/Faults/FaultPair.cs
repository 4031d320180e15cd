using MirrorAction.Hosts;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>Two kinds of hosts: where originals are, and where mirrors.</summary>
internal sealed record FaultPair(string Origin, string Mirrors)
{
    /// <summary>The pair of which everyone speaks.</summary>
    public static FaultPair Usual { get; } = new("github", "bitbucket");

    /// <summary>Another pair that meets every fault: nested paths, protected branches, wikis of their own.</summary>
    public static FaultPair Other { get; } = new("gitlab", "gitea");

    /// <summary>The others, each kind once in either role, where what they do is their own.</summary>
    public static IReadOnlyList<FaultPair> Further { get; } =
    [new("gitea", "gitlab"), new("bitbucket", "bitbucket-data-center"), new("bitbucket-data-center", "github")];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultPair> All { get; } = [Usual, Other, .. Further];

    public override string ToString() => $"{Origin} to {Mirrors}";
}

/// <summary>The REST requests of one owner at a host, as far as stages of the matrix are about them.</summary>
internal sealed class HostRequests(string kind, string owner)
{
    /// <summary>Those of a stand-in.</summary>
    public static HostRequests Of(SandboxHost host) => new(host.Kind, host.Owner);

    /// <summary>What people call the host.</summary>
    public string Name { get; } = KnownHosts.All.Single(host => host.Kind == kind).Name;

    /// <summary>A request that was refused by 401 is made once more.</summary>
    public bool AsksAgainAfter401 => kind == "bitbucket";

    /// <summary>The listing.</summary>
    public bool IsListing(HttpHead head) => head.Method == "GET" && head.Path.EndsWith(ListingPath, StringComparison.Ordinal);

    /// <summary>A creation.</summary>
    public bool IsCreation(HttpHead head) =>
        head.Method == "POST"
        && kind switch
        {
            "bitbucket" => head.Path.Contains("/repositories/", StringComparison.Ordinal),
            "gitlab" => head.Path.EndsWith("/api/v4/projects", StringComparison.Ordinal),
            _ => head.Path.EndsWith(ListingPath, StringComparison.Ordinal),
        };

    /// <summary>The choice of a main branch, or any other change where that is the same request.</summary>
    public bool IsMainBranch(HttpHead head) =>
        kind == "bitbucket-data-center" ? head.Method == "PUT" && head.Path.EndsWith("/default-branch", StringComparison.Ordinal) : IsChange(head);

    /// <summary>A change of name or description.</summary>
    public bool IsChange(HttpHead head) =>
        head.Method == (kind is "github" or "gitea" ? "PATCH" : "PUT") && !head.Path.StartsWith("/-lfs/", StringComparison.Ordinal);

    private string ListingPath =>
        kind switch
        {
            "bitbucket" => $"/repositories/{owner}",
            "gitlab" => $"/groups/{owner}/projects",
            "bitbucket-data-center" => $"/projects/{owner}/repos",
            _ => $"/orgs/{owner}/repos",
        };
}
