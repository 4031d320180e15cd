namespace MirrorAction.Hosts.GitHub;

/// <summary>A GitHub App and the key by which it proves who it is. <see cref="ToString"/> never shows the key.</summary>
/// <param name="id">The App's id or client id.</param>
/// <param name="privateKey">An RSA private key in PEM form.</param>
public sealed class GitHubAppKey(string id, string privateKey)
{
    /// <summary>The App's id or client id.</summary>
    public string Id => id;

    /// <summary>The RSA private key in PEM form.</summary>
    public string PrivateKey => privateKey;

    /// <inheritdoc/>
    public override string ToString() => $"App {Id}";
}
