using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>
/// How Bitbucket is told who asks. An OAuth consumer mints tokens (Bearer); an e-mail address makes the token an API token (Basic); a token alone is
/// an access token (Bearer). The prefix of a token decides nothing.
/// </summary>
/// <remarks>
/// Tokens of a consumer: <c>POST /site/oauth2/access_token</c>, Basic with key and secret, <c>grant_type=client_credentials</c>; the answer says how
/// long the token lives.
/// </remarks>
internal static class BitbucketCredential
{
    /// <summary>Git's user: the e-mail address is refused there, each kind of token has a fixed one, unless another is given.</summary>
    public static string GitUser(BitbucketOptions options) =>
        options.GitUser ?? (options is { Consumer: null, Email: not null } ? "x-bitbucket-api-token-auth" : "x-token-auth");

    /// <summary>The credential for what was given.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="minter">Sends the request for a token; not used without a consumer.</param>
    /// <param name="time">The clock by which tokens grow old.</param>
    /// <param name="hide">Called with each new token.</param>
    public static ICredentialProvider For(BitbucketOptions options, RestClient minter, TimeProvider time, Action<string> hide) =>
        options switch
        {
            { Consumer: not null } => new MintedToken(Minting(options, minter), time, hide),
            { Token: { } secret, Email: { } email } => StaticCredential.Basic(email, secret),
            _ => StaticCredential.Bearer(options.Token),
        };

    /// <summary>How a token is asked for: as the consumer itself, with a form.</summary>
    public static RestOptions MinterProfile(BitbucketOptions options) =>
        new()
        {
            Name = "Bitbucket",
            Credential = options.Consumer is { } consumer ? StaticCredential.Basic(consumer.Key, consumer.Secret) : StaticCredential.None,
            Headers = [("Accept", "application/json")],
            BodyType = "application/x-www-form-urlencoded",
            RequestIdHeader = "X-Request-Id",
            ReadMessage = BitbucketError.TryReadOAuth,
            Explain = answer => BitbucketCredentialHints.WhenNotMinted(answer, options.Writes),
            IdleTimeout = options.IdleTimeout,
            Deadline = options.Deadline,
        };

    private static Func<CancellationToken, Task<(string Token, TimeSpan Life)>> Minting(BitbucketOptions options, RestClient minter)
    {
        var api = RestSerializer.Implement<IBitbucketApi>(minter.Repeating, options.GitUrl, BitbucketJson.Default);
        return async cancellationToken =>
        {
            using var form = new ByteArrayContent("grant_type=client_credentials"u8.ToArray());
            return await api.MintTokenAsync(form, cancellationToken) is { AccessToken: { Length: > 0 } token, ExpiresIn: var seconds }
                ? (token, TimeSpan.FromSeconds(Math.Clamp(seconds ?? 3600, 0, 86_400)))
                : throw RestResponse.NotUnderstood("Bitbucket: POST /site/oauth2/access_token", "there is no access_token in it");
        };
    }
}

/// <summary>An OAuth consumer of a workspace, which mints its own tokens. <see cref="ToString"/> never shows the secret.</summary>
/// <param name="key">The key, by which Bitbucket knows the consumer.</param>
/// <param name="secret">The secret that goes with it.</param>
public sealed class BitbucketConsumer(string key, string secret)
{
    /// <summary>The key.</summary>
    public string Key => key;

    /// <summary>The secret.</summary>
    public string Secret => secret;

    /// <inheritdoc/>
    public override string ToString() => "OAuth consumer ***";
}
