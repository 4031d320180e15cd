using Refit;

namespace MirrorAction.Hosts.Gitea;

/// <summary>The part of the REST interface of Gitea and Forgejo that is used, as Refit makes it. Each method throws the chain's
/// <see cref="MirrorAction.Http.HostException"/>.</summary>
/// <remarks>
/// An answer without a body is null. The descriptions at https://HOST/swagger.v1.json are generated from the servers' code. Names are escaped as one
/// segment each; what can't be one is refused before (<see cref="MirrorAction.Http.HostUrl.RequireSegment"/>).
/// </remarks>
internal interface IGiteaApi
{
    /// <summary>A page of a listing, at an address that was held against the host's own before (<see cref="Rest.Pagination"/>).</summary>
    [Get("")]
    Task<HttpResponseMessage> GetPageAsync([Url] Uri page, CancellationToken cancellationToken);

    /// <summary>Which software answers, and its version.</summary>
    [Get("/version")]
    Task<GiteaVersion?> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>How many entries a page has at most.</summary>
    [Get("/settings/api")]
    Task<GiteaApiSettings?> GetApiSettingsAsync(CancellationToken cancellationToken);

    /// <summary>Whose the token is.</summary>
    [Get("/user")]
    Task<GiteaAccount?> GetUserAsync(CancellationToken cancellationToken);

    /// <summary>A user. An organisation is found here too, and the answer does not tell which of both it is.</summary>
    [Get("/users/{name}")]
    Task<GiteaAccount?> GetAccountAsync(string name, CancellationToken cancellationToken);

    /// <summary>An organisation.</summary>
    [Get("/orgs/{name}")]
    Task<GiteaOrganization?> GetOrganizationAsync(string name, CancellationToken cancellationToken);

    /// <summary>What a user may do in an organisation; told to the user itself and to administrators.</summary>
    [Get("/users/{user}/orgs/{name}/permissions")]
    Task<GiteaOrganizationPermissions?> GetPermissionsAsync(string user, string name, CancellationToken cancellationToken);

    /// <summary>What the token's user stores, and may store. Forgejo only.</summary>
    [Get("/user/quota")]
    Task<GiteaQuota?> GetOwnQuotaAsync(CancellationToken cancellationToken);

    /// <summary>What an organisation stores, and may store. Forgejo only.</summary>
    [Get("/orgs/{name}/quota")]
    Task<GiteaQuota?> GetOrganizationQuotaAsync(string name, CancellationToken cancellationToken);

    /// <summary>A repository.</summary>
    [Get("/repos/{owner}/{name}")]
    Task<GiteaRepository?> GetRepositoryAsync(string owner, string name, CancellationToken cancellationToken);

    /// <summary>A repository by its id, whatever its name and owner are now.</summary>
    [Get("/repositories/{id}")]
    Task<GiteaRepository?> GetRepositoryByIdAsync(string id, CancellationToken cancellationToken);

    /// <summary>The branch protections of a repository, which only its administrators may read.</summary>
    [Get("/repos/{owner}/{name}/branch_protections")]
    Task<List<GiteaProtection?>?> GetProtectionsAsync(string owner, string name, CancellationToken cancellationToken);

    /// <summary>Creates a repository of an organisation.</summary>
    [Post("/orgs/{owner}/repos")]
    Task<GiteaRepository?> CreateForOrganizationAsync(string owner, [Body] GiteaCreation creation, CancellationToken cancellationToken);

    /// <summary>Creates a repository of the token's user.</summary>
    [Post("/user/repos")]
    Task<GiteaRepository?> CreateForUserAsync([Body] GiteaCreation creation, CancellationToken cancellationToken);

    /// <summary>Changes a repository; what is null stays. That an answer came is enough.</summary>
    [Patch("/repos/{owner}/{name}")]
    Task<HttpResponseMessage> ChangeRepositoryAsync(string owner, string name, [Body] GiteaChange change, CancellationToken cancellationToken);

    /// <summary>The first page of a wiki's pages; not there where the wiki has none, and no repository.</summary>
    [Get("/repos/{owner}/{name}/wiki/pages?limit=1")]
    Task<List<GiteaWikiPage?>?> GetWikiPagesAsync(string owner, string name, CancellationToken cancellationToken);

    /// <summary>Makes a page of a wiki, and with the first one its repository.</summary>
    [Post("/repos/{owner}/{name}/wiki/new")]
    Task<HttpResponseMessage> CreateWikiPageAsync(string owner, string name, [Body] GiteaWikiPageCreation page, CancellationToken cancellationToken);
}
