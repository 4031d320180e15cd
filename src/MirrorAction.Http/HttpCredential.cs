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
