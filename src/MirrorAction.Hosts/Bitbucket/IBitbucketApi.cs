using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary>A repository. The official description lacks <c>slug</c>, the live answers have it.</summary>
internal sealed record BitbucketRepository
{
    public string? Slug { get; init; }

    public string? FullName { get; init; }

    public string? Uuid { get; init; }

    public string? Description { get; init; }

    public bool? IsPrivate { get; init; }

    public long? Size { get; init; }

    public string? UpdatedOn { get; init; }

    public BitbucketBranch? Mainbranch { get; init; }

    /// <summary>What it is a fork of; null where it is none.</summary>
    public BitbucketParent? Parent { get; init; }
}

/// <summary>Another repository.</summary>
internal sealed record BitbucketParent(string? Uuid);

/// <summary>The main branch; null in an empty repository.</summary>
internal sealed record BitbucketBranch(string? Name, string? Type = null);

/// <summary>The body of a creation. No <c>name</c>: from another name Bitbucket would derive another slug.</summary>
internal sealed record BitbucketCreation(string Scm, bool IsPrivate, string Description, BitbucketProject? Project);

/// <summary>The project by its key.</summary>
internal sealed record BitbucketProject(string Key);

/// <summary>The body of a change; what is null stays as it is.</summary>
internal sealed record BitbucketChange
{
    /// <summary>The slug is made of it, so that another one moves the repository; null but for that.</summary>
    public string? Name { get; init; }

    public BitbucketBranch? Mainbranch { get; init; }

    public bool? IsPrivate { get; init; }

    public string? Description { get; init; }
}

/// <summary>The body of a refusal.</summary>
internal sealed record BitbucketErrorBody(BitbucketErrorContent? Error);

/// <summary>What a refusal says. <c>detail</c> is a sentence or an object, <c>fields</c> lists of sentences by field.</summary>
internal sealed record BitbucketErrorContent(string? Message, JsonElement Detail, JsonElement Fields, JsonElement Data);

/// <summary>A token that was minted for an OAuth consumer, and how many seconds it lives. A class: a record would print the token.</summary>
internal sealed class BitbucketToken
{
    public string? AccessToken { get; init; }

    public long? ExpiresIn { get; init; }
}

/// <summary>A refusal of the OAuth server.</summary>
internal sealed record BitbucketOAuthError(string? Error, string? ErrorDescription);

/// <summary>A user, as <c>GET /user</c> shows it; any name may be missing.</summary>
internal sealed record BitbucketUser(string? Username, string? Nickname, string? DisplayName);

/// <summary>A page of branch restrictions.</summary>
internal sealed record BitbucketRestrictions(List<BitbucketRestriction?>? Values);

/// <summary>A branch restriction: what is refused (<c>push</c>, <c>force</c>, <c>delete</c>, …) where.</summary>
internal sealed record BitbucketRestriction(string? Kind, string? Pattern);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(BitbucketRepository))]
[JsonSerializable(typeof(BitbucketCreation))]
[JsonSerializable(typeof(BitbucketChange))]
[JsonSerializable(typeof(BitbucketErrorBody))]
[JsonSerializable(typeof(BitbucketToken))]
[JsonSerializable(typeof(BitbucketOAuthError))]
[JsonSerializable(typeof(BitbucketUser))]
[JsonSerializable(typeof(BitbucketRestrictions))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class BitbucketJson : JsonSerializerContext;
