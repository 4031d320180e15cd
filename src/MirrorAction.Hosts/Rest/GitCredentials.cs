using MirrorAction.Http;

namespace MirrorAction.Hosts.Rest;

/// <summary>The token of a host's REST interface as git's password, under the user that the host wants there.</summary>
/// <param name="find">Who has the token; may have to be asked for.</param>
/// <param name="userName">Git's user.</param>
internal sealed class GitCredentials(Func<CancellationToken, ValueTask<ICredentialProvider>> find, string userName) : ICredentialProvider
{
    private ICredentialProvider? _found;

    /// <summary>Where the one who has the token is known.</summary>
    public GitCredentials(ICredentialProvider tokens, string userName)
        : this(_ => ValueTask.FromResult(tokens), userName) => _found = tokens;

    /// <inheritdoc/>
    public async ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        _found = await find(cancellationToken);
        return await _found.GetAsync(cancellationToken) is { } token ? HttpCredential.Basic(userName, token.Secret) : null;
    }

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential) => _found is { } tokens && tokens.Refuse(credential);
}
