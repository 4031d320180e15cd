using System.Net.Http.Headers;
using System.Text;

namespace MirrorAction.Git.Transport;

/// <summary>User and secret for a git server, sent pre-emptively as Basic authentication. <see cref="ToString"/> never shows the secret.</summary>
/// <param name="userName">The user, such as <c>x-access-token</c>.</param>
/// <param name="secret">The token or password.</param>
public sealed class GitCredential(string userName, string secret) : IGitCredentialSource
{
    /// <summary>The user.</summary>
    public string UserName { get; } = userName;

    internal AuthenticationHeaderValue Header { get; } = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{secret}")));

    /// <summary>This one, every time.</summary>
    public ValueTask<GitCredential?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<GitCredential?>(this);

    /// <summary>There is no other.</summary>
    public bool Refuse(GitCredential credential) => false;

    /// <inheritdoc/>
    public override string ToString() => $"{UserName}:***";
}
