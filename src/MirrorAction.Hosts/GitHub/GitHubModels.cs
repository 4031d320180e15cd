using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
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

    public string? Description { get; init; }

    public bool? Private { get; init; }

    /// <summary><c>public</c>, <c>private</c> or <c>internal</c>.</summary>
    public string? Visibility { get; init; }

    public bool? Fork { get; init; }

    public bool? Archived { get; init; }

    public bool? Disabled { get; init; }

    public bool? HasWiki { get; init; }

    public string? DefaultBranch { get; init; }

    public long? Size { get; init; }

    public string? PushedAt { get; init; }
}

/// <summary>The body of a creation. <c>auto_init</c> would make a first commit, which is none of the mirror's.</summary>
internal sealed record GitHubCreation(string Name, bool Private, string Description, bool AutoInit);

/// <summary>The body of a change; what is null stays as it is.</summary>
internal sealed record GitHubChange
{
    public string? Name { get; init; }

    public string? DefaultBranch { get; init; }

    public bool? Private { get; init; }

    public string? Description { get; init; }

    public bool? HasWiki { get; init; }
}

/// <summary>Whether workflows run in a repository: the body of <c>PUT /repos/{owner}/{repo}/actions/permissions</c>.</summary>
internal sealed record GitHubActionsPermissions(bool Enabled);

/// <summary>A refusal: <c>{"message":"…","errors":[{"field":"name","message":"…"}]}</c>; an error may be a mere sentence.</summary>
internal sealed record GitHubError(string? Message, JsonElement Errors);

/// <summary>An App, as <c>GET /app</c> shows it.</summary>
internal sealed record GitHubApp(string? Slug);

/// <summary>An App's installation on an owner.</summary>
internal sealed record GitHubInstallation
{
    public long? Id { get; init; }

    public GitHubAccount? Account { get; init; }

    public string? TargetType { get; init; }

    /// <summary>The App's name in addresses.</summary>
    public string? AppSlug { get; init; }

    /// <summary><c>all</c> or <c>selected</c>.</summary>
    public string? RepositorySelection { get; init; }

    public GitHubPermissions? Permissions { get; init; }
}

/// <summary>What an App may do; <c>read</c>, <c>write</c> or null each.</summary>
internal sealed record GitHubPermissions
{
    public string? Contents { get; init; }

    public string? Metadata { get; init; }

    public string? Administration { get; init; }

    public string? Workflows { get; init; }
}

/// <summary>The body by which an installation's token is asked for; without permissions it has all of them.</summary>
internal sealed record GitHubTokenRequest(GitHubPermissions? Permissions);

/// <summary>A token of an installation. A class: a record would print it.</summary>
internal sealed class GitHubToken
{
    public string? Token { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>The answer of <c>GET /rate_limit</c>.</summary>
internal sealed record GitHubRateLimits(GitHubRateResources? Resources);

/// <summary>The limits by kind of request; <c>core</c> is REST.</summary>
internal sealed record GitHubRateResources(GitHubRate? Core);

/// <summary>Requests an hour and those that are left.</summary>
internal sealed record GitHubRate(long? Limit, long? Remaining);

/// <summary>The workflows of a repository.</summary>
internal sealed record GitHubWorkflows(List<GitHubWorkflow?>? Workflows);

/// <summary>A workflow: where its file is, and <c>active</c>, <c>disabled_inactivity</c>, <c>disabled_manually</c> or <c>disabled_fork</c>.</summary>
internal sealed record GitHubWorkflow(string? Path, string? State);

/// <summary>A file, as <c>GET /repos/{owner}/{repo}/contents/{path}</c> shows it: its bytes in Base64, broken into lines.</summary>
internal sealed record GitHubFile(string? Content, string? Encoding);

/// <summary>All entries of a tree; the list is cut at 100,000.</summary>
internal sealed record GitHubTree(List<GitHubTreeEntry?>? Tree, bool? Truncated);

/// <summary>A file or folder of a tree. Only a file has a size, in bytes.</summary>
internal sealed record GitHubTreeEntry(string? Path, string? Type, long? Size);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(GitHubAccount))]
[JsonSerializable(typeof(GitHubRepository))]
[JsonSerializable(typeof(GitHubCreation))]
[JsonSerializable(typeof(GitHubChange))]
[JsonSerializable(typeof(GitHubActionsPermissions))]
[JsonSerializable(typeof(GitHubError))]
[JsonSerializable(typeof(GitHubApp))]
[JsonSerializable(typeof(GitHubInstallation))]
[JsonSerializable(typeof(GitHubTokenRequest))]
[JsonSerializable(typeof(GitHubToken))]
[JsonSerializable(typeof(GitHubRateLimits))]
[JsonSerializable(typeof(GitHubWorkflows))]
[JsonSerializable(typeof(GitHubFile))]
[JsonSerializable(typeof(GitHubTree))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class GitHubJson : JsonSerializerContext;
