using System.Text;

namespace MirrorAction.Hosts.Http;

/// <summary>A credential that stays the same for the whole run.</summary>
internal sealed class StaticCredential : IHostCredential
{
    private readonly HostAuthorization? _authorization;

    private StaticCredential(HostAuthorization? authorization)
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
    public static StaticCredential Bearer(string? token) => token is null ? None : new(HostAuthorization.Bearer(token));

    /// <summary>User and password.</summary>
    public static StaticCredential Basic(string user, string password) =>
        new(new HostAuthorization("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), password));

    /// <inheritdoc/>
    public ValueTask<HostAuthorization?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_authorization);

    /// <inheritdoc/>
    public bool Refuse(string secret) => false;
}
