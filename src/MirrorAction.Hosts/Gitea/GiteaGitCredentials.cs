using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

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
