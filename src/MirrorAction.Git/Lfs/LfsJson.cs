using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MirrorAction.Git.Lfs;

/// <summary>A question of the batch API.</summary>
internal sealed record LfsBatchRequest(string Operation, IReadOnlyList<LfsObjectName> Objects)
{
    public IReadOnlyList<string> Transfers { get; } = ["basic"];

    public string HashAlgo { get; } = "sha256";
}

/// <summary>An object as the API names it: of a question, and of a verification.</summary>
internal sealed record LfsObjectName(string Oid, long Size);

/// <summary>Its answer. Whatever may be missing is null.</summary>
internal sealed record LfsBatchAnswer(string? Transfer, IReadOnlyList<LfsObjectAnswer?>? Objects, string? HashAlgo);

/// <summary>What is said of one object.</summary>
internal sealed record LfsObjectAnswer(string? Oid, bool? Authenticated, LfsActions? Actions, LfsObjectError? Error);

/// <summary>Where to go with it.</summary>
internal sealed record LfsActions(LfsAction? Download, LfsAction? Upload, LfsAction? Verify);

/// <summary>One request to make.</summary>
internal sealed record LfsAction(string? Href, IReadOnlyDictionary<string, string?>? Header, double? ExpiresIn, string? ExpiresAt);

/// <summary>Why nothing can be done with it.</summary>
internal sealed record LfsObjectError(int? Code, string? Message);

/// <summary>The batch API's JSON (git-lfs docs/api/batch.md).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LfsBatchRequest))]
[JsonSerializable(typeof(LfsBatchAnswer))]
[JsonSerializable(typeof(LfsObjectName))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class LfsJson : JsonSerializerContext;
