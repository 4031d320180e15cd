using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>How GitHub is reached. Immutable; shows no secret as text.</summary>
public sealed record GitHubSettings : HostSettings
{
    /// <summary>An App that mints tokens in place of <see cref="HostSettings.Token"/>; null for none.</summary>
    public GitHubAppKey? App { get; init; }
}

/// <summary>GitHub, or a GitHub Enterprise Server.</summary>
public sealed class GitHubHost : IRepositoryHost
{
    /// <summary>GitHub's longest login. A token, given in its place by mistake, is longer.</summary>
    private const int MaxLogin = 39;

    private readonly GitHubSource _source;

    private GitHubHost(HostSettings settings, HostConnection connection)
    {
        var options = new GitHubOptions
        {
            ApiUrl = settings.ApiUrl,
            ServerUrl = settings.WebUrl,
            Token = settings.Token,
            GitUser = settings.Username ?? GitHubOptions.UsualGitUser,
            App = (settings as GitHubSettings)?.App,
            Writes = settings.Writes,
            Deadline = connection.Deadline,
        };
        _source = new(connection.Client, options, connection.Time, connection.Say, connection.Hide);
    }

    /// <summary>What it is called and what it takes.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "github",
            Name = "GitHub",
            OwnerWord = "organisation",
            DefaultUrl = new("https://github.com"),
            ApiUrlOf = ApiUrlOf,
            OwnerProblem = OwnerProblem,
            SlugFor = GitHubName.For,
            Open = (settings, connection) => new GitHubHost(settings, connection),
            NothingListedHint =
                "Check the owner's name and that 'github-token' may read its repositories (a fine-grained token: Contents and Metadata, read, on all "
                + "repositories; an App: installed on the owner for all repositories). "
                + "The workflow's own GITHUB_TOKEN sees public repositories only.",
        };

    /// <inheritdoc/>
    public IRepositorySource Source => _source;

    /// <inheritdoc/>
    public IRepositoryDestination DestinationOf(string owner) => new GitHubDestination(_source, owner);

    /// <summary>GitHub's own interface has a host of its own, that of an Enterprise Server a path.</summary>
    private static Uri ApiUrlOf(Uri web) =>
        web.Host.Equals("github.com", StringComparison.OrdinalIgnoreCase) ? new Uri("https://api.github.com")
        : web.Host.EndsWith(".ghe.com", StringComparison.OrdinalIgnoreCase) ? new Uri($"https://api.{web.Authority}")
        : HostUrl.Join(web, "api/v3");

    /// <summary>Letters, digits and hyphens; managed users have an underscore before their enterprise's short code.</summary>
    private static string? OwnerProblem(string login) =>
        login.Length is > 0 and <= MaxLogin && char.IsAsciiLetterOrDigit(login[0]) && login.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? null
            : "is not a valid login; write what follows the host in the owner's URL, such as acme in https://github.com/acme.";
}
