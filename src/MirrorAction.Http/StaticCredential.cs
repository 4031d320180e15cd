namespace MirrorAction.Http;

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
