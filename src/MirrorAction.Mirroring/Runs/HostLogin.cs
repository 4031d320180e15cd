using MirrorAction.Git.Transport;
using MirrorAction.Hosts;
using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>Gives git the login that a host has at the moment of each request.</summary>
/// <param name="ask">The host's current login; null for none.</param>
/// <param name="refuse">Tells the host that a login was refused; whether there is another now.</param>
/// <param name="isSource">Whose failures these are.</param>
internal sealed class HostLogin(Func<CancellationToken, ValueTask<GitLogin?>> ask, Func<GitLogin, bool> refuse, bool isSource) : IGitCredentialSource
{
    private readonly Lock _lock = new();
    private (GitLogin Login, GitCredential Credential)? _last;

    /// <summary>The login for reading a repository.</summary>
    internal static HostLogin Of(IRepositorySource source, HostedRepository repository) =>
        new(token => source.GetGitLoginAsync(repository, token), login => source.RefuseGitLogin(repository, login), isSource: true);

    /// <summary>The login for the mirrors.</summary>
    internal static HostLogin Of(IRepositoryDestination destination) =>
        new(destination.GetGitLoginAsync, destination.RefuseGitLogin, isSource: false);

    /// <inheritdoc/>
    /// <exception cref="MirrorException">The host gave no login.</exception>
    public async ValueTask<GitCredential?> GetAsync(CancellationToken cancellationToken)
    {
        GitLogin? login;
        try
        {
            login = await ask(cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource)) { IsTransient = e.IsTransient };
        }

        if (login is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (_last is not { } last || last.Login != login)
            {
                _last = last = (login, new GitCredential(login.UserName, login.Secret));
            }

            return last.Credential;
        }
    }

    /// <inheritdoc/>
    public bool Refuse(GitCredential credential)
    {
        GitLogin login;
        lock (_lock)
        {
            if (_last is not { } last || last.Credential != credential)
            {
                return true; // Another request has got another one meanwhile.
            }

            login = last.Login;
        }

        return refuse(login);
    }
}
