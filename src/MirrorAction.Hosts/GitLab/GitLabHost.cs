using System.Collections.Concurrent;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>GitLab.com, or a GitLab of one's own.</summary>
public sealed class GitLabHost : IRepositoryHost
{
    /// <summary>GitLab's longest path.</summary>
    private const int MaxPath = 255;

    private readonly GitLabClient _client;
    private readonly ConcurrentDictionary<string, GitLabDestination> _destinations = new(StringComparer.OrdinalIgnoreCase);

    private GitLabHost(HostSettings settings, HostConnection connection)
    {
        _client = new GitLabClient(settings, connection);
        Source = new GitLabSource(_client);
    }

    /// <summary>What it is called. No limits of size: each instance has its own, and a refusal names it.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "gitlab",
            Name = "GitLab",
            OwnerWord = "group",
            DefaultUrl = new("https://gitlab.com"),
            ApiUrlOf = web => HostUrl.Join(web, "api/v4"),
            OwnerProblem = OwnerProblem,
            SlugFor = GitLabName.For,
            Open = (settings, connection) => new GitLabHost(settings, connection),
            NothingListedHint =
                "Check the group's full path (acme/team) or the user's name, and that the token may read its projects: the scopes read_api and "
                + "read_repository, and the role Reporter or above in the group.",
        };

    /// <inheritdoc/>
    public IRepositorySource Source { get; }

    /// <inheritdoc/>
    public IRepositoryDestination DestinationOf(string owner) => _destinations.GetOrAdd(owner, name => new(_client, name));

    private static string? OwnerProblem(string path) =>
        path.Length is > 0 and <= MaxPath && path.Split('/').All(IsSegment)
            ? null
            : "is not a valid path of a group or user; write what follows the host in the group's URL, such as acme or acme/team in "
                + "https://gitlab.com/acme/team.";

    private static bool IsSegment(string name) =>
        name.Length > 0
        && name is not ("." or "..")
        && name[0] != '-'
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');
}
