using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary>What a page of a listing says besides its entries.</summary>
/// <param name="IsLastPage">No other page follows.</param>
/// <param name="NextPageStart">Where the next page starts; not always start plus size, as what the user may not see is left out.</param>
internal sealed record DataCenterPage(bool? IsLastPage, long? NextPageStart);

/// <summary>A repository. <c>archived</c> exists since 8.0.</summary>
internal sealed record DataCenterRepository
{
    public long? Id { get; init; }

    public string? Slug { get; init; }

    public string? Description { get; init; }

    public string? State { get; init; }

    public bool? Public { get; init; }

    public bool? Archived { get; init; }

    /// <summary>The default branch, as text; most servers do not tell it here.</summary>
    public JsonElement DefaultBranch { get; init; }

    public DataCenterOrigin? Origin { get; init; }

    public DataCenterProject? Project { get; init; }

    public DataCenterLinks? Links { get; init; }
}

/// <summary>What a fork was made of; there for forks only.</summary>
internal sealed record DataCenterOrigin(long? Id);

/// <summary>A project. Everyone may read every repository of a public one, whatever the repository itself says.</summary>
internal sealed record DataCenterProject(string? Key, bool? Public);

/// <summary>The links of a repository. A class: a record has a member of that name.</summary>
internal sealed class DataCenterLinks
{
    public List<DataCenterLink?>? Clone { get; init; }
}

/// <summary>A link: <c>http</c> (also for HTTPS) or <c>ssh</c>, and where it leads.</summary>
internal sealed record DataCenterLink(string? Name, string? Href);

/// <summary>The body of a creation. The slug is made of the name by the server.</summary>
internal sealed record DataCenterCreation(string Name, string ScmId, bool Forkable, bool Public, string Description);

/// <summary>The body of a change; what is null stays as it is.</summary>
internal sealed record DataCenterChange
{
    /// <summary>The slug is made of it, so that another one moves the repository; null but for that.</summary>
    public string? Name { get; init; }

    public bool? Public { get; init; }

    public string? Description { get; init; }
}

/// <summary>A branch by its full name, <c>refs/heads/main</c>.</summary>
internal sealed record DataCenterBranch(string? Id);

/// <summary>What the server says of itself, to everyone.</summary>
internal sealed record DataCenterProperties(string? Version, string? DisplayName);

/// <summary>A page of branch restrictions.</summary>
internal sealed record DataCenterRestrictions(List<DataCenterRestriction?>? Values);

/// <summary>A branch restriction: what is refused (<c>read-only</c>, <c>no-deletes</c>, …) where.</summary>
internal sealed record DataCenterRestriction(string? Type, DataCenterMatcher? Matcher);

/// <summary>The branches of a restriction.</summary>
internal sealed record DataCenterMatcher(string? DisplayId);

/// <summary>The body of a refusal; the servlet around the interface writes a message alone.</summary>
internal sealed record DataCenterErrorBody(List<DataCenterErrorEntry?>? Errors, string? Message);

/// <summary>One thing that is wrong: the field, a sentence in the language of the user, and the class of the exception.</summary>
internal sealed record DataCenterErrorEntry(string? Context, string? Message, string? ExceptionName);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DataCenterPage))]
[JsonSerializable(typeof(DataCenterRepository))]
[JsonSerializable(typeof(DataCenterCreation))]
[JsonSerializable(typeof(DataCenterChange))]
[JsonSerializable(typeof(DataCenterBranch))]
[JsonSerializable(typeof(DataCenterProject))]
[JsonSerializable(typeof(DataCenterProperties))]
[JsonSerializable(typeof(DataCenterRestrictions))]
[JsonSerializable(typeof(DataCenterErrorBody))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class DataCenterJson : JsonSerializerContext;
