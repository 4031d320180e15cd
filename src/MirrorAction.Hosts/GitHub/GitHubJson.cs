using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MirrorAction.Hosts.GitHub;

/// <summary>An organisation or user, as <c>GET /users/{name}</c> and <c>GET /user</c> show it.</summary>
internal sealed record GitHubAccount(string? Login, string? Type);

/// <summary>A repository in a listing. GitHub marks most of its fields as optional.</summary>
internal sealed record GitHubRepository
{
    public long? Id { get; init; }

    public string? Name { get; init; }

    public GitHubAccount? Owner { get; init; }

    public bool? Private { get; init; }

    /// <summary><c>public</c>, <c>private</c> or <c>internal</c>.</summary>
    public string? Visibility { get; init; }

    public bool? Fork { get; init; }

    public bool? Archived { get; init; }

    public bool? Disabled { get; init; }

    public string? DefaultBranch { get; init; }

    public long? Size { get; init; }
}

/// <summary>A refusal: <c>{"message":"…","errors":[…]}</c>.</summary>
internal sealed record GitHubError(string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GitHubAccount))]
[JsonSerializable(typeof(List<GitHubRepository?>))]
[JsonSerializable(typeof(GitHubError))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class GitHubJson : JsonSerializerContext;
