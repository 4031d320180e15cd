using Refit;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>
/// The part of Bitbucket Data Center's REST interface that is used, as Refit makes it. Each method throws the chain's
/// <see cref="MirrorAction.Http.HostException"/>.
/// </summary>
/// <remarks>
/// https://developer.atlassian.com/server/bitbucket/rest/ · Names are escaped as one segment each; what can't be one is refused before
/// (<see cref="MirrorAction.Http.HostUrl.Segment"/>).
/// </remarks>
internal interface IDataCenterApi
{
    /// <summary>Something at an address that was held against the host's own before (<see cref="Rest.Pagination"/>), or was built of it.</summary>
    [Get("")]
    Task<HttpResponseMessage> GetAsync([Url] Uri address, CancellationToken cancellationToken);

    /// <summary>A repository.</summary>
    [Get("/projects/{project}/repos/{slug}")]
    Task<DataCenterRepository?> GetRepositoryAsync(string project, string slug, CancellationToken cancellationToken);

    /// <summary>Creates a repository.</summary>
    [Post("/projects/{project}/repos")]
    Task<DataCenterRepository?> CreateRepositoryAsync(string project, [Body] DataCenterCreation creation, CancellationToken cancellationToken);

    /// <summary>Changes a repository; what is null stays.</summary>
    [Put("/projects/{project}/repos/{slug}")]
    Task<HttpResponseMessage> ChangeRepositoryAsync(string project, string slug, [Body] DataCenterChange change, CancellationToken cancellationToken);

    /// <summary>The default branch, since 7.7; 204 or 404 while there is none.</summary>
    [Get("/projects/{project}/repos/{slug}/default-branch")]
    Task<HttpResponseMessage> GetDefaultBranchAsync(string project, string slug, CancellationToken cancellationToken);

    /// <summary>Sets the default branch, since 7.7.</summary>
    [Put("/projects/{project}/repos/{slug}/default-branch")]
    Task<HttpResponseMessage> SetDefaultBranchAsync(string project, string slug, [Body] DataCenterBranch branch, CancellationToken cancellationToken);

    /// <summary>The default branch, as older servers have it.</summary>
    [Get("/projects/{project}/repos/{slug}/branches/default")]
    Task<HttpResponseMessage> GetFormerDefaultBranchAsync(string project, string slug, CancellationToken cancellationToken);

    /// <summary>Sets the default branch, as older servers have it.</summary>
    [Put("/projects/{project}/repos/{slug}/branches/default")]
    Task<HttpResponseMessage> SetFormerDefaultBranchAsync(
        string project,
        string slug,
        [Body] DataCenterBranch branch,
        CancellationToken cancellationToken
    );

    /// <summary>The version; told to everyone.</summary>
    [Get("/application-properties")]
    Task<HttpResponseMessage> GetPropertiesAsync(CancellationToken cancellationToken);

    /// <summary>What the token's user looked at last; asked for its headers only.</summary>
    [Get("/profile/recent/repos?limit=1")]
    Task<HttpResponseMessage> GetRecentAsync(CancellationToken cancellationToken);

    /// <summary>A project, or what <c>~user</c> has.</summary>
    [Get("/projects/{project}")]
    Task<DataCenterProject?> GetProjectAsync(string project, CancellationToken cancellationToken);

    /// <summary>Whose permissions a project has, which only its administrators may read.</summary>
    [Get("/projects/{project}/permissions/users?limit=1")]
    Task<HttpResponseMessage> GetPermissionsAsync(string project, CancellationToken cancellationToken);
}
