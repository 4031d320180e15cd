using System.Net.Http.Headers;
using System.Text;

namespace MirrorAction.Http;

/// <summary>What a request proves itself with. <see cref="ToString"/> never shows the secret.</summary>
public sealed record HttpCredential
{
    private HttpCredential(string scheme, string userName, string secret) => (Scheme, UserName, Secret) = (scheme, userName, secret);

    /// <summary><c>Bearer</c>, <c>token</c> or <c>Basic</c>.</summary>
    public string Scheme { get; }

    /// <summary>The user, such as <c>x-access-token</c>; empty for a token by itself.</summary>
    public string UserName { get; }

    /// <summary>The token or password.</summary>
    public string Secret { get; }

    /// <summary>What stands behind the scheme in the header.</summary>
    internal string Parameter => Scheme == "Basic" ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{Secret}")) : Secret;

    /// <summary>The header <c>Authorization</c>.</summary>
    internal AuthenticationHeaderValue Header => new(Scheme, Parameter);

    /// <summary>A token that is sent as it is.</summary>
    public static HttpCredential Bearer(string token) => new("Bearer", "", token);

    /// <summary>A token under the scheme <c>token</c>.</summary>
    public static HttpCredential Token(string token) => new("token", "", token);

    /// <summary>User and password (RFC 7617).</summary>
    public static HttpCredential Basic(string userName, string secret) => new("Basic", userName, secret);

    /// <inheritdoc/>
    public override string ToString() => UserName.Length > 0 ? $"{UserName}:***" : $"{Scheme} ***";
}

/// <summary>Gives the credential for each request, over REST and git alike: a token may be replaced while a run goes on. Thread-safe.</summary>
public interface ICredentialProvider
{
    /// <summary>What must never appear in a message: everything that was sent so far, in each form.</summary>
    IReadOnlyCollection<string> Secrets => [];

    /// <summary>The credential for the next request; null for nobody. May ask a host for a new token first.</summary>
    /// <exception cref="HostException">A token was due and could not be had.</exception>
    ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Called when a server answered 401.</summary>
    /// <param name="credential">What was refused, which may no longer be the current one.</param>
    /// <returns>Whether <see cref="GetAsync"/> now has another one, so that the request is worth repeating.</returns>
    bool Refuse(HttpCredential credential);
}

/// <summary>A credential that stays the same for the whole run.</summary>
public sealed class StaticCredential : ICredentialProvider
{
    private readonly HttpCredential? _credential;

    private StaticCredential(HttpCredential? credential)
    {
        _credential = credential;
        Secrets = credential is null
            ? []
            : [.. new[] { credential.Secret, Uri.EscapeDataString(credential.Secret), credential.Parameter }.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Nobody.</summary>
    public static StaticCredential None { get; } = new(null);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Secrets { get; }

    /// <summary>A token that is sent as it is; null for nobody.</summary>
    public static StaticCredential Bearer(string? token) => token is null ? None : new(HttpCredential.Bearer(token));

    /// <summary>A token under the scheme <c>token</c>; null for nobody.</summary>
    public static StaticCredential Token(string? token) => token is null ? None : new(HttpCredential.Token(token));

    /// <summary>User and password.</summary>
    public static StaticCredential Basic(string userName, string secret) => new(HttpCredential.Basic(userName, secret));

    /// <inheritdoc/>
    public ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_credential);

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential) => false;

    /// <inheritdoc/>
    public override string ToString() => _credential?.ToString() ?? "nobody";
}
