namespace MirrorAction.Hosts;

/// <summary>User and secret for git over HTTPS. <see cref="ToString"/> never shows the secret.</summary>
/// <param name="UserName">What the host wants as the user, such as <c>x-access-token</c>.</param>
/// <param name="Secret">The token.</param>
public sealed record GitLogin(string UserName, string Secret)
{
    /// <inheritdoc/>
    public override string ToString() => $"{UserName}:***";
}
