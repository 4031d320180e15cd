using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace MirrorAction.Hosts.GitLab;

/// <summary>The part of GitLab's REST interface that is used, as Refit makes it. Each method throws the chain's
/// <see cref="MirrorAction.Http.HostException"/>.</summary>
/// <remarks>
/// An answer without a body is null.
/// https://docs.gitlab.com/api/rest/ · A path such as <c>acme/team/site</c> is one escaped segment (<c>acme%2Fteam%2Fsite</c>), which is how GitLab
/// takes a path in place of an id.
/// </remarks>
internal interface IGitLabApi
{
    /// <summary>A page of a listing, at an address that was held against the host's own before (<see cref="Rest.Pagination"/>).</summary>
    [Get("")]
    Task<HttpResponseMessage> GetPageAsync([Url] Uri page, CancellationToken cancellationToken);

    /// <summary>A project by its full path.</summary>
    [Get("/projects/{path}")]
    Task<GitLabProject?> GetProjectAsync(string path, CancellationToken cancellationToken);

    /// <summary>Creates a project.</summary>
    [Post("/projects")]
    Task<GitLabProject?> CreateProjectAsync([Body] GitLabCreation creation, CancellationToken cancellationToken);

    /// <summary>Changes a project; what is null stays. That an answer came is enough.</summary>
    [Put("/projects/{path}")]
    Task<HttpResponseMessage> ChangeProjectAsync(string path, [Body] GitLabChange change, CancellationToken cancellationToken);

    /// <summary>What a path stands for: a group or a user.</summary>
    [Get("/namespaces/{path}")]
    Task<GitLabNamespace?> GetNamespaceAsync(string path, CancellationToken cancellationToken);

    /// <summary>A group, without its projects.</summary>
    [Get("/groups/{path}?with_projects=false")]
    Task<GitLabGroup?> GetGroupAsync(string path, CancellationToken cancellationToken);

    /// <summary>Changes a group, which its owners may.</summary>
    [Put("/groups/{path}")]
    Task<HttpResponseMessage> ChangeGroupAsync(string path, [Body] GitLabGroupChange change, CancellationToken cancellationToken);

    /// <summary>A member of a group or of one above it.</summary>
    [Get("/groups/{path}/members/all/{user}")]
    Task<GitLabMember?> GetMemberAsync(string path, long user, CancellationToken cancellationToken);

    /// <summary>The rules that protect branches of a project, those of its group too.</summary>
    [Get("/projects/{path}/protected_branches?per_page=100")]
    Task<List<GitLabProtectedBranch?>?> GetProtectedBranchesAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes such a rule; no branch goes with it.</summary>
    [Delete("/projects/{path}/protected_branches/{name}")]
    Task<HttpResponseMessage> UnprotectAsync(string path, string name, CancellationToken cancellationToken);

    /// <summary>The token that asks: personal ones, and those of a project or group.</summary>
    [Get("/personal_access_tokens/self")]
    Task<GitLabToken?> GetTokenAsync(CancellationToken cancellationToken);

    /// <summary>The version of GitLab.</summary>
    [Get("/metadata")]
    Task<GitLabMetadata?> GetMetadataAsync(CancellationToken cancellationToken);
}

/// <summary>A project. Without a token GitLab tells the short form: no visibility, no flags.</summary>
internal sealed record GitLabProject
{
    public long? Id { get; init; }

    public string? PathWithNamespace { get; init; }

    public string? Description { get; init; }

    /// <summary><c>private</c>, <c>internal</c> (all users of the instance) or <c>public</c>.</summary>
    public string? Visibility { get; init; }

    public bool? Archived { get; init; }

    public string? LastActivityAt { get; init; }

    public bool? EmptyRepo { get; init; }

    public string? DefaultBranch { get; init; }

    /// <summary>The project that it was forked from; absent where it is no fork.</summary>
    public JsonElement ForkedFromProject { get; init; }

    /// <summary><c>disabled</c>, <c>private</c> (members only) or <c>enabled</c>.</summary>
    public string? WikiAccessLevel { get; init; }

    /// <summary>As <see cref="WikiAccessLevel"/>; git answers nothing where it is <c>disabled</c>.</summary>
    public string? RepositoryAccessLevel { get; init; }
}

/// <summary>The body of a creation. Without a first commit: what is pushed is the first.</summary>
internal sealed record GitLabCreation(
    string Name,
    string Path,
    long NamespaceId,
    string Visibility,
    string Description,
    bool InitializeWithReadme = false
)
{
    /// <summary>
    /// Who sees pipelines: <c>disabled</c> keeps those of a mirrored <c>.gitlab-ci.yml</c> from running; null leaves GitLab's default.
    /// </summary>
    public string? BuildsAccessLevel { get; init; }
}

/// <summary>The body of a change; what is null stays as it is.</summary>
internal sealed record GitLabChange
{
    public string? Name { get; init; }

    /// <summary>The last part of the address, so that another one moves the project; null but for that.</summary>
    public string? Path { get; init; }

    public string? DefaultBranch { get; init; }

    public string? Visibility { get; init; }

    public string? Description { get; init; }

    public string? WikiAccessLevel { get; init; }
}

/// <summary>A group or the place of a user's own projects.</summary>
internal sealed record GitLabNamespace
{
    public long? Id { get; init; }

    /// <summary><c>group</c> or <c>user</c>.</summary>
    public string? Kind { get; init; }

    public string? FullPath { get; init; }
}

/// <summary>What a group says of itself.</summary>
internal sealed record GitLabGroup
{
    public long? Id { get; init; }

    public string? FullPath { get; init; }

    /// <summary><c>private</c>, <c>internal</c> or <c>public</c>: no project of it may be more visible.</summary>
    public string? Visibility { get; init; }

    /// <summary>Who may create projects: <c>noone</c>, <c>owner</c>, <c>maintainer</c>, <c>developer</c> or <c>administrator</c>.</summary>
    public string? ProjectCreationLevel { get; init; }

    /// <summary>The older form of the setting below: 0 is no protection.</summary>
    public int? DefaultBranchProtection { get; init; }

    public GitLabProtectionDefaults? DefaultBranchProtectionDefaults { get; init; }
}

/// <summary>How the default branch of a new project is protected.</summary>
internal sealed record GitLabProtectionDefaults
{
    public bool? AllowForcePush { get; init; }

    public List<GitLabAccess?>? AllowedToPush { get; init; }

    public List<GitLabAccess?>? AllowedToMerge { get; init; }
}

/// <summary>Who may do something: 30 is developers, 40 maintainers, 0 nobody.</summary>
internal sealed record GitLabAccess(int? AccessLevel);

/// <summary>The body of a change of a group.</summary>
internal sealed record GitLabGroupChange(GitLabProtectionDefaults DefaultBranchProtectionDefaults);

/// <summary>A rule that protects a branch, or all branches of a pattern.</summary>
internal sealed record GitLabProtectedBranch(string? Name, bool? AllowForcePush);

/// <summary>A member of a group, inherited ones too.</summary>
internal sealed record GitLabMember(int? AccessLevel);

/// <summary>What GitLab says of the token that asks.</summary>
internal sealed record GitLabToken
{
    public string? Name { get; init; }

    public List<string?>? Scopes { get; init; }

    /// <summary>A date, the first day on which it is refused; null for none.</summary>
    public string? ExpiresAt { get; init; }

    public long? UserId { get; init; }
}

/// <summary>What GitLab says of itself.</summary>
internal sealed record GitLabMetadata(string? Version, bool? Enterprise);

/// <summary>The body of a refusal: <c>message</c> is a sentence, or sentences by field; OAuth's form has <c>error</c>.</summary>
internal sealed record GitLabErrorBody(JsonElement Message, JsonElement Error, JsonElement ErrorDescription);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(GitLabProject))]
[JsonSerializable(typeof(GitLabCreation))]
[JsonSerializable(typeof(GitLabChange))]
[JsonSerializable(typeof(GitLabNamespace))]
[JsonSerializable(typeof(GitLabGroup))]
[JsonSerializable(typeof(GitLabGroupChange))]
[JsonSerializable(typeof(List<GitLabProtectedBranch?>))]
[JsonSerializable(typeof(GitLabMember))]
[JsonSerializable(typeof(GitLabToken))]
[JsonSerializable(typeof(GitLabMetadata))]
[JsonSerializable(typeof(GitLabErrorBody))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class GitLabJson : JsonSerializerContext;
