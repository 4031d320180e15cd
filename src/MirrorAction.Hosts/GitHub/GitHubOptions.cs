using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

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
