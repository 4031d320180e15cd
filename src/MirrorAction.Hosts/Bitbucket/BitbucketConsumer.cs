namespace MirrorAction.Hosts.Bitbucket;

/// <summary>An OAuth consumer of a workspace, which mints its own tokens. <see cref="ToString"/> never shows the secret.</summary>
/// <param name="key">The key, by which Bitbucket knows the consumer.</param>
/// <param name="secret">The secret that goes with it.</param>
public sealed class BitbucketConsumer(string key, string secret)
{
    /// <summary>The key.</summary>
    public string Key => key;

    /// <summary>The secret.</summary>
    public string Secret => secret;

    /// <inheritdoc/>
    public override string ToString() => "OAuth consumer ***";
}
