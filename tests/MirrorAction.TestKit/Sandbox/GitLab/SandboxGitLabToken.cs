namespace MirrorAction.TestKit;

/// <summary>A token of <see cref="SandboxGitLab"/>.</summary>
/// <param name="Secret">What is sent.</param>
/// <param name="Scopes">What it may be used for: <c>api</c>, <c>read_api</c>, <c>read_repository</c>, <c>write_repository</c>.</param>
/// <param name="Level">The role of its user in every group: 20 Reporter, 30 Developer, 40 Maintainer, 50 Owner.</param>
public sealed record SandboxGitLabToken(string Secret, IReadOnlyList<string> Scopes, int Level = SandboxGitLabToken.Owner)
{
    /// <summary>The role of those who may do everything in a group.</summary>
    public const int Owner = 50;

    /// <summary>The name for people.</summary>
    public string Name { get; init; } = "mirror";

    /// <summary>The user's number.</summary>
    public long UserId { get; init; } = 7;

    /// <summary>The first day on which it is refused; null for none.</summary>
    public DateOnly? ExpiresAt { get; init; }

    internal bool Has(params string[] any) => any.Any(scope => Scopes.Contains(scope));
}
