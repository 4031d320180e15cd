using System.Text;

namespace MirrorAction.Http;

/// <summary>A credential that stays the same for the whole run.</summary>
internal sealed class StaticCredential : ICredentialProvider
{
    private readonly HttpCredential? _authorization;

    private StaticCredential(HttpCredential? authorization)
    {
        _authorization = authorization;
        Secrets = authorization is null
            ? []
            :
            [
                .. new[] { authorization.Secret, Uri.EscapeDataString(authorization.Secret), authorization.Parameter }.Distinct(
                    StringComparer.Ordinal
                ),
            ];
    }

    /// <summary>Nobody.</summary>
    public static StaticCredential None { get; } = new(null);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Secrets { get; }

    /// <summary>A token that is sent as it is; null for nobody.</summary>
    public static StaticCredential Bearer(string? token) => token is null ? None : new(HttpCredential.Bearer(token));

    /// <summary>User and password.</summary>
    public static StaticCredential Basic(string user, string password) =>
        new(new HttpCredential("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), password));

    /// <inheritdoc/>
    public ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_authorization);

    /// <inheritdoc/>
    public bool Refuse(string secret) => false;
}
