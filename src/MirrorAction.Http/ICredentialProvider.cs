namespace MirrorAction.Http;

/// <summary>Who asks a host. Thread-safe; text made of one by accident shows no secret.</summary>
internal interface ICredentialProvider
{
    /// <summary>What must never appear in a message: everything that was sent so far, in each form.</summary>
    IReadOnlyCollection<string> Secrets { get; }

    /// <summary>What the next request is sent with; null for nothing. May ask a host for a new token first.</summary>
    /// <exception cref="HostException">A token was due and could not be had.</exception>
    ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken);

    /// <summary>Is told that a host answered 401.</summary>
    /// <param name="secret">The token that was refused, which may no longer be the current one.</param>
    /// <returns>Whether <see cref="GetAsync"/> now has another one, so that the request is worth repeating.</returns>
    bool Refuse(string secret);
}

/// <summary>The <c>Authorization</c> of a request. A class, not a record: it must not print its secret.</summary>
/// <param name="scheme"><c>Bearer</c> or <c>Basic</c>.</param>
/// <param name="parameter">What stands behind it.</param>
/// <param name="secret">The token in it, which is also git's password.</param>
internal sealed class HttpCredential(string scheme, string parameter, string secret)
{
    /// <summary><c>Bearer</c> or <c>Basic</c>.</summary>
    public string Scheme => scheme;

    /// <summary>What stands behind it.</summary>
    public string Parameter => parameter;

    /// <summary>The token in it.</summary>
    public string Secret => secret;

    /// <summary>A token that is sent as it is.</summary>
    public static HttpCredential Bearer(string token) => new("Bearer", token, token);
}
