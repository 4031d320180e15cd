using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MirrorAction.Hosts.BitbucketDataCenter;

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
