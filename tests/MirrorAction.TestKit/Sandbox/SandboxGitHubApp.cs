using System.Security.Cryptography;

namespace MirrorAction.TestKit;

/// <summary>A GitHub App that <see cref="SandboxGitHub"/> knows, with the public half of its key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">Its name in addresses.</param>
/// <param name="PublicKey">What its tokens are checked with; stays the caller's.</param>
public sealed record SandboxGitHubApp(long Id, string Slug, RSA PublicKey)
{
    /// <summary>May stand for the id in a token.</summary>
    public string ClientId => $"Iv23sandbox{Id}";
}

/// <summary>An App's installation on an owner.</summary>
public sealed class SandboxGitHubInstallation(
    long id,
    SandboxGitHubApp app,
    string owner,
    IReadOnlyCollection<string>? repositories,
    IReadOnlyDictionary<string, string> permissions
)
{
    /// <summary>The number in addresses.</summary>
    public long Id => id;

    /// <summary>The App.</summary>
    public SandboxGitHubApp App => app;

    /// <summary>The organisation or user.</summary>
    public string Owner => owner;

    /// <summary>Names of the repositories that it reaches; null for all.</summary>
    public IReadOnlyCollection<string>? Repositories => repositories;

    /// <summary>What it may do: <c>contents</c> and <c>metadata</c>, <c>read</c> or <c>write</c>.</summary>
    public IReadOnlyDictionary<string, string> Permissions => permissions;

    /// <summary>The owner has suspended it.</summary>
    public bool IsSuspended { get; set; }

    internal bool Covers(SandboxGitHubRepository repository) =>
        repository.Owner.Equals(owner, StringComparison.OrdinalIgnoreCase) && (repositories is null || repositories.Contains(repository.Name));
}
