using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary>A repository. Old versions lack <c>internal</c> and <c>has_actions</c>; only Forgejo has <c>has_wiki_contents</c>.</summary>
internal sealed record GiteaRepository
{
    public long? Id { get; init; }

    public string? Name { get; init; }

    public GiteaAccount? Owner { get; init; }

    public string? Description { get; init; }

    public bool? Private { get; init; }

    public bool? Internal { get; init; }

    public bool? Fork { get; init; }

    public bool? Archived { get; init; }

    public bool? Mirror { get; init; }

    public bool? Empty { get; init; }

    public bool? HasWiki { get; init; }

    public bool? HasWikiContents { get; init; }

    public JsonElement ExternalWiki { get; init; }

    public bool? HasActions { get; init; }

    public string? DefaultBranch { get; init; }

    public long? Size { get; init; }

    public string? UpdatedAt { get; init; }
}

/// <summary>A user or an organisation, as the owner of a repository or by itself.</summary>
/// <param name="Login">The name in addresses.</param>
/// <param name="Visibility">Who sees it and all that is its: <c>public</c>, <c>limited</c> (who is logged in), <c>private</c> (members).</param>
/// <param name="IsAdmin">Administers the whole server; told to the user itself only.</param>
internal sealed record GiteaAccount(string? Login, string? Visibility = null, bool? IsAdmin = null);

/// <summary>An organisation. Old versions have <c>username</c> only.</summary>
internal sealed record GiteaOrganization(string? Name, string? Username);

/// <summary>What a user may do in an organisation.</summary>
internal sealed record GiteaOrganizationPermissions(bool? CanCreateRepository);

/// <summary>The version: <c>1.25.2</c>, or <c>12.0.1+gitea-1.22.0</c> of Forgejo.</summary>
internal sealed record GiteaVersion(string? Version);

/// <summary>The settings of the REST interface.</summary>
internal sealed record GiteaApiSettings(long? MaxResponseItems);

/// <summary>The body of a creation. No <c>auto_init</c> commit: the first push brings all there is.</summary>
internal sealed record GiteaCreation(string Name, string Description, bool Private, bool AutoInit);

/// <summary>The body of a change; what is null stays as it is.</summary>
internal sealed record GiteaChange
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public bool? Private { get; init; }

    public string? DefaultBranch { get; init; }

    public bool? HasIssues { get; init; }

    public bool? HasPullRequests { get; init; }

    public bool? HasActions { get; init; }

    public bool? HasWiki { get; init; }

    /// <summary>Forgejo only; Gitea passes over it.</summary>
    public string? WikiBranch { get; init; }
}

/// <summary>A page of a wiki; of the answer, that there is one is enough.</summary>
internal sealed record GiteaWikiPage(string? Title);

/// <summary>The body by which a page is made.</summary>
internal sealed record GiteaWikiPageCreation(string Title, string ContentBase64, string Message);

/// <summary>A branch protection; old versions have <c>branch_name</c> only.</summary>
internal sealed record GiteaProtection(string? RuleName, string? BranchName);

/// <summary>The body of a refusal.</summary>
internal sealed record GiteaErrorBody(string? Message, JsonElement Errors);

/// <summary>What Forgejo counts for an owner, and up to which limits. Sizes in bytes.</summary>
internal sealed record GiteaQuota(GiteaQuotaUsed? Used, List<GiteaQuotaGroup?>? Groups);

/// <summary>What is in use.</summary>
internal sealed record GiteaQuotaUsed(GiteaQuotaSize? Size);

/// <summary>Sizes by kind.</summary>
internal sealed record GiteaQuotaSize(GiteaQuotaRepos? Repos, GiteaQuotaGit? Git, GiteaQuotaAssets? Assets);

/// <summary>Repositories.</summary>
internal sealed record GiteaQuotaRepos(long? Public, long? Private);

/// <summary>What git stores beside repositories.</summary>
internal sealed record GiteaQuotaGit([property: JsonPropertyName("LFS")] long? Lfs);

/// <summary>All else.</summary>
internal sealed record GiteaQuotaAssets(GiteaQuotaAttachments? Attachments, long? Artifacts, GiteaQuotaPackages? Packages);

/// <summary>Files at issues and releases.</summary>
internal sealed record GiteaQuotaAttachments(long? Issues, long? Releases);

/// <summary>Packages.</summary>
internal sealed record GiteaQuotaPackages(long? All);

/// <summary>A group of rules: all of them hold for whom it is meant.</summary>
internal sealed record GiteaQuotaGroup(List<GiteaQuotaRule?>? Rules);

/// <summary>A limit in bytes (-1 for none) for the sum of what it is about.</summary>
internal sealed record GiteaQuotaRule(long? Limit, List<string?>? Subjects);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(GiteaRepository))]
[JsonSerializable(typeof(GiteaAccount))]
[JsonSerializable(typeof(GiteaOrganization))]
[JsonSerializable(typeof(GiteaOrganizationPermissions))]
[JsonSerializable(typeof(GiteaVersion))]
[JsonSerializable(typeof(GiteaApiSettings))]
[JsonSerializable(typeof(GiteaCreation))]
[JsonSerializable(typeof(GiteaChange))]
[JsonSerializable(typeof(List<GiteaWikiPage?>))]
[JsonSerializable(typeof(GiteaWikiPageCreation))]
[JsonSerializable(typeof(List<GiteaProtection?>))]
[JsonSerializable(typeof(GiteaErrorBody))]
[JsonSerializable(typeof(GiteaQuota))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class GiteaJson : JsonSerializerContext;

/// <summary>Something that is asked for once, by the first who needs it; a failure is not kept. Thread-safe.</summary>
/// <param name="ask">Asks.</param>
internal sealed class GiteaOnce<T>(Func<CancellationToken, Task<T>> ask)
{
    private readonly Lock _lock = new();
    private Task<T>? _asked;

    /// <summary>The answer.</summary>
    public async ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<T> asked;
            lock (_lock)
            {
                if (_asked is null or { IsFaulted: true } or { IsCanceled: true })
                {
                    _asked = Task.Run(() => ask(cancellationToken), CancellationToken.None);
                }

                asked = _asked;
            }

            try
            {
                return await asked.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Another caller began it and was cancelled; this one was not.
            }
        }
    }
}
