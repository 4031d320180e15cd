using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace MirrorAction.Hosts.GitHub;

/// <summary>The answer of <c>GET /rate_limit</c>.</summary>
internal sealed record GitHubRateLimits(GitHubRateResources? Resources);

/// <summary>The limits by kind of request; <c>core</c> is REST.</summary>
internal sealed record GitHubRateResources(GitHubRate? Core);

/// <summary>Requests an hour and those that are left.</summary>
internal sealed record GitHubRate(long? Limit, long? Remaining);

/// <summary>A file, as <c>GET /repos/{owner}/{repo}/contents/{path}</c> shows it: its bytes in Base64, broken into lines.</summary>
internal sealed record GitHubFile(string? Content, string? Encoding);

/// <summary>All entries of a tree; the list is cut at 100,000.</summary>
internal sealed record GitHubTree(List<GitHubTreeEntry?>? Tree, bool? Truncated);

/// <summary>A file or folder of a tree. Only a file has a size, in bytes.</summary>
internal sealed record GitHubTreeEntry(string? Path, string? Type, long? Size);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GitHubRateLimits))]
[JsonSerializable(typeof(GitHubFile))]
[JsonSerializable(typeof(GitHubTree))]
[SuppressMessage("ApiDesign", "RS0030", Justification = "The generator makes its own options, which is what the ban wants.")]
internal sealed partial class GitHubDiagnosticsJson : JsonSerializerContext;
