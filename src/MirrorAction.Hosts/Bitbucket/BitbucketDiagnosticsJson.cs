using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>A user, as <c>GET /user</c> shows it; any name may be missing.</summary>
internal sealed record BitbucketUser(string? Username, string? Nickname, string? DisplayName);

/// <summary>A page of branch restrictions.</summary>
internal sealed record BitbucketRestrictions(List<BitbucketRestriction?>? Values);

/// <summary>A branch restriction: what is refused (<c>push</c>, <c>force</c>, <c>delete</c>, …) where.</summary>
internal sealed record BitbucketRestriction(string? Kind, string? Pattern);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BitbucketUser))]
[JsonSerializable(typeof(BitbucketRestrictions))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class BitbucketDiagnosticsJson : JsonSerializerContext;
