using Refit;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>The part of Bitbucket Cloud's REST interface that is used, as Refit makes it. Each method throws the chain's
/// <see cref="MirrorAction.Http.HostException"/>.</summary>
/// <remarks>
/// An answer without a body is null.
/// https://developer.atlassian.com/cloud/bitbucket/rest/ · Names are escaped as one segment each; what can't be one is refused before
/// (<see cref="MirrorAction.Http.HostUrl.Segment"/>).
/// </remarks>
internal interface IBitbucketApi
{
    /// <summary>A page of a listing, at an address that was held against the host's own before (<see cref="Rest.Pagination"/>).</summary>
    [Get("")]
    Task<HttpResponseMessage> GetPageAsync([Url] Uri page, CancellationToken cancellationToken);

    /// <summary>A repository.</summary>
    [Get("/repositories/{workspace}/{slug}")]
    Task<BitbucketRepository?> GetRepositoryAsync(string workspace, string slug, CancellationToken cancellationToken);

    /// <summary>Creates a repository.</summary>
    [Post("/repositories/{workspace}/{slug}")]
    Task<BitbucketRepository?> CreateRepositoryAsync(
        string workspace,
        string slug,
        [Body] BitbucketCreation creation,
        CancellationToken cancellationToken
    );

    /// <summary>Changes a repository that is there; what is null stays. What is not there would be created. That an answer came is enough.</summary>
    [Put("/repositories/{workspace}/{slug}")]
    Task<HttpResponseMessage> ChangeRepositoryAsync(
        string workspace,
        string slug,
        [Body] BitbucketChange change,
        CancellationToken cancellationToken
    );

    /// <summary>Whether repositories are listed at all; the answer's headers name the token's scopes.</summary>
    [Get("/repositories/{workspace}?pagelen=10&fields=size")]
    Task<HttpResponseMessage> GetListingAsync(string workspace, CancellationToken cancellationToken);

    /// <summary>Whose the credentials are.</summary>
    [Get("/user")]
    Task<BitbucketUser?> GetUserAsync(CancellationToken cancellationToken);

    /// <summary>Whether a workspace is there.</summary>
    [Get("/workspaces/{workspace}")]
    Task<HttpResponseMessage> GetWorkspaceAsync(string workspace, CancellationToken cancellationToken);

    /// <summary>Whether a project is there.</summary>
    [Get("/workspaces/{workspace}/projects/{key}")]
    Task<HttpResponseMessage> GetProjectAsync(string workspace, string key, CancellationToken cancellationToken);

    /// <summary>The branch restrictions of a repository, which only an administrator may read.</summary>
    [Get("/repositories/{workspace}/{slug}/branch-restrictions?pagelen=100&fields=values.kind,values.pattern")]
    Task<BitbucketRestrictions?> GetRestrictionsAsync(string workspace, string slug, CancellationToken cancellationToken);

    /// <summary>Mints a token for an OAuth consumer.</summary>
    [Post("/site/oauth2/access_token")]
    Task<BitbucketToken?> MintTokenAsync([Body] HttpContent form, CancellationToken cancellationToken);
}
