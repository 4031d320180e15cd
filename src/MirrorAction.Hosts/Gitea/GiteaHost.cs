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
