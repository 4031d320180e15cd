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
