using MirrorAction.Http;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Mirroring.Runs;

/// <summary>A host's credentials for git. A token that could not be had is a failure of that side.</summary>
/// <param name="credentials">The host's.</param>
/// <param name="isSource">Whose failures these are.</param>
internal sealed class HostCredentials(ICredentialProvider credentials, bool isSource) : ICredentialProvider
{
    /// <inheritdoc/>
    public IReadOnlyCollection<string> Secrets => credentials.Secrets;

    /// <inheritdoc/>
    /// <exception cref="MirrorException">The host gave no credential.</exception>
    public async ValueTask<HttpCredential?> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.GetAsync(cancellationToken);
        }
        catch (HostException e)
        {
            throw new MirrorException(FailureTranslator.FromHost(e, isSource)) { IsTransient = e.IsTransient };
        }
    }

    /// <inheritdoc/>
    public bool Refuse(HttpCredential credential) => credentials.Refuse(credential);
}
