using MirrorAction.Hosts.Rest;
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
            IdleTimeout = connection.IdleTimeout,
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

/// <summary>Where GitHub is and by which token or App it is asked. Immutable; <see cref="ToString"/> shows no secret.</summary>
public sealed record GitHubOptions
{
    /// <summary>The user that GitHub documents for tokens over git.</summary>
    internal const string UsualGitUser = "x-access-token";

    /// <summary>
    /// The REST interface; that of a GitHub Enterprise Server ends in <c>/api/v3</c>. The default is <c>https://api.github.com</c>.
    /// </summary>
    public Uri ApiUrl { get; init; } = new("https://api.github.com");

    /// <summary>The base of git and web addresses. The default is <c>https://github.com</c>.</summary>
    public Uri ServerUrl { get; init; } = new("https://github.com");

    /// <summary>A personal, App or Actions token; null to read what everyone can.</summary>
    public string? Token { get; init; }

    /// <summary>The user that git takes the token with. The default is <c>x-access-token</c>.</summary>
    public string GitUser { get; init; } = UsualGitUser;

    /// <summary>An App that mints tokens in place of <see cref="Token"/>, for each owner one; null for none.</summary>
    public GitHubAppKey? App { get; init; }

    /// <summary>
    /// Repositories are created and pushed to, as a restore does: an App's tokens get all that the App may do (Administration, Contents and
    /// Workflows: write are needed) instead of reading alone, and refusals are explained to one who writes. The default value is false.
    /// </summary>
    public bool Writes { get; init; }

    /// <summary>Silence after which a call is given up. The default is 100 seconds.</summary>
    public TimeSpan IdleTimeout { get; init; } = RestClient.IdleTimeout;

    /// <summary>When the run ends: no wait for a rate limit outlasts it. Null for no end.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"GitHub at {ApiUrl.GetLeftPart(UriPartial.Path)}, {(App is not null ? App.ToString() : Token is null ? "no token" : "token ***")}";
}

/// <summary>
/// The name under which a repository is mirrored: letters of both cases, digits, <c>.</c>, <c>_</c> and <c>-</c> stay, anything else becomes
/// <c>-</c>. What is longer than 100 characters, or reserved, ends in a hash of the whole name, so that no two names share one.
/// </summary>
public static class GitHubName
{
    /// <summary>The longest name that GitHub takes.</summary>
    public const int MaxLength = 100;

    private static readonly string[] s_reservedEndings = [".git", ".wiki"];

    /// <summary>The name for a name at the source, without its owner.</summary>
    public static string For(string name)
    {
        var plain = string.Concat(name.EnumerateRunes().Select(rune => rune.IsAscii && IsLegal((char)rune.Value) ? (char)rune.Value : '-'));
        return IsTaken(plain) ? plain : $"{MirrorName.Beginning(plain, MaxLength).Trim('.')}-{MirrorName.HashOf(name)}";
    }

    private static bool IsTaken(string name) =>
        name.Length is > 0 and <= MaxLength
        && name is not ("." or "..")
        && !Array.Exists(s_reservedEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool IsLegal(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
