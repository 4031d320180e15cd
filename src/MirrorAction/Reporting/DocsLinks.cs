using System.Text.Json;
using System.Text.RegularExpressions;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;

namespace MirrorAction.Reporting;

/// <summary>Where the pages of the documentation are: beside the action that runs, in its version. Immutable.</summary>
/// <param name="Base">The folder of pages, with a slash at its end; null where nobody knows, outside a step.</param>
internal sealed partial record DocsLinks(string? Base)
{
    /// <summary>The pages can't be linked.</summary>
    public static DocsLinks None { get; } = new((string?)null);

    /// <summary>As the runner says it of the action that a step uses.</summary>
    public static DocsLinks Of(EnvironmentVariables environment) =>
        environment["GITHUB_ACTION_REPOSITORY"] is { } repository && RepositoryName().IsMatch(repository)
            ? new($"{environment["GITHUB_SERVER_URL"] ?? "https://github.com"}/{repository}/blob/{Ref(environment)}/docs/")
            : None;

    /// <summary>The place that explains an error code.</summary>
    public string? For(ErrorCode code) => Base is null ? null : $"{Base}ERRORS.md#{Word(code)}";

    /// <summary>A page or a place in it.</summary>
    public string? For(string page) => Base is null ? null : Base + page;

    /// <summary>An error code as the report spells it.</summary>
    public static string Word(ErrorCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    private static string Ref(EnvironmentVariables environment) =>
        Uri.EscapeDataString(environment["GITHUB_ACTION_REF"] is { Length: > 0 } name ? name : "HEAD").Replace("%2F", "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}\z", RegexOptions.NonBacktracking)]
    private static partial Regex RepositoryName();
}
