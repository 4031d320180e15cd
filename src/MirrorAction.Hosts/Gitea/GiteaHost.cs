using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>A server of Gitea or Forgejo, Codeberg among them.</summary>
public sealed class GiteaHost : IRepositoryHost
{
    /// <summary>The longest name of a user or organisation.</summary>
    private const int MaxLogin = 40;

    private readonly GiteaClient _client;

    private GiteaHost(HostSettings settings, HostConnection connection)
    {
        _client = new(settings, connection);
        Source = new GiteaSource(_client);
    }

    /// <summary>What it is called. It has no limits of its own; each server sets some.</summary>
    public static HostDefinition Definition { get; } =
        new()
        {
            Kind = "gitea",
            Name = "Gitea",
            OwnerWord = "organisation",
            DefaultUrl = new("https://codeberg.org"),
            ApiUrlOf = web => HostUrl.Join(web, "api/v1"),
            OwnerProblem = OwnerProblem,
            SlugFor = GiteaName.For,
            Open = (settings, connection) => new GiteaHost(settings, connection),
            NothingListedHint =
                "Check 'source-owner' and 'source-url', and that the user of 'source-token' may read its repositories; the token needs the scopes "
                + $"{GiteaFailures.Scopes.Reading}.",
        };

    /// <inheritdoc/>
    public IRepositorySource Source { get; }

    /// <inheritdoc/>
    public IRepositoryDestination DestinationOf(string owner) => new GiteaDestination(_client, owner);

    /// <summary>Letters, digits, and <c>-</c>, <c>_</c> and <c>.</c> between them. A token has 40 hexadecimal digits.</summary>
    private static string? OwnerProblem(string login) =>
        login.Length is > 0 and <= MaxLogin
        && char.IsAsciiLetterOrDigit(login[0])
        && login.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && !(login.Length == MaxLogin && login.All(char.IsAsciiHexDigit))
            ? null
            : "is not a valid name of an organisation or user; write what follows the host in its URL, such as acme in https://codeberg.org/acme.";
}

/// <summary>
/// The name under which a repository is mirrored: the source's name in lower case, characters outside <c>a-z 0-9 _ . -</c> as <c>-</c>. Where the
/// host would not take that, the name ends in a hash of the source's whole name, so that no two sources share one.
/// </summary>
/// <remarks>
/// Gitea takes names of up to 100 characters and tells them apart regardless of case. It refuses <c>.</c>, <c>..</c> and <c>-</c>, two dots in a row,
/// and the endings <c>.git</c>, <c>.wiki</c>, <c>.rss</c> and <c>.atom</c> (IsUsableRepoName in its models/repo/repo.go). Mirrors keep to 62
/// characters, so that they are called alike at every destination.
/// </remarks>
public static class GiteaName
{
    /// <summary>The longest name of a mirror.</summary>
    public const int MaxLength = MirrorName.MaxLength;

    private static readonly string[] s_reserved = [".", "..", "-"];

    private static readonly string[] s_reservedEndings = [".git", ".wiki", ".rss", ".atom"];

    /// <summary>The name for a name at the source, without its owner; what is below a group has slashes in it.</summary>
    public static string For(string name)
    {
        var plain = MirrorName.Plain(name);
        if (IsTaken(plain))
        {
            return plain;
        }

        var rest = WithSingleDots(MirrorName.Beginning(plain));
        return MirrorName.Hashed(rest.Any(char.IsAsciiLetterOrDigit) ? rest : "", name);
    }

    /// <summary>The host takes the name, and as the name of a mirror it is not too long.</summary>
    public static bool IsTaken(string name) =>
        name.Length is > 0 and <= MaxLength
        && name.All(MirrorName.IsLegal)
        && !name.Contains("..", StringComparison.Ordinal)
        && !s_reserved.Contains(name, StringComparer.Ordinal)
        && !Array.Exists(s_reservedEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static string WithSingleDots(string name)
    {
        while (name.Contains("..", StringComparison.Ordinal))
        {
            name = name.Replace("..", ".", StringComparison.Ordinal);
        }

        return name;
    }
}

/// <summary>The token as git's password, under the name of its user.</summary>
internal sealed class GiteaGitCredentials(GiteaClient client) : ICredentialProvider
{
    /// <summary>
    /// Where the host does not tell the user: it takes a token as the password of any (services/auth/basic.go), but no empty one.
    /// </summary>
    private const string AnyUser = "git";

    /// <inheritdoc/>
    public async ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        if (client.Settings.Token is not { } token)
        {
            return null;
        }

        var user = client.Settings.Username ?? (await client.UserAsync(cancellationToken))?.Login ?? AnyUser;
        return HttpCredential.Basic(user, token);
    }

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential) => false;
}
