using System.Globalization;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>Reads which branches of existing mirrors are protected, one request each. Refusals are findings.</summary>
/// <param name="client">Asks GitLab.</param>
/// <param name="mirrors">Those that are to be written.</param>
internal sealed class GitLabProtectionCheck(GitLabClient client, IReadOnlyList<Repository> mirrors)
{
    /// <summary>Enough to see how a group is set up.</summary>
    public const int MaxMirrors = 50;

    private const string Check = "GitLab protected branches";

    /// <summary>Looks, and tells how far it got.</summary>
    public async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        if (mirrors.Count == 0)
        {
            return [new Diagnostic(DiagnosticLevel.Ok, Check, "There is no mirror yet whose branches could be protected.")];
        }

        List<string> found = [];
        HostException? refusal = null;
        var looked = 0;
        foreach (var mirror in mirrors.Take(MaxMirrors))
        {
            try
            {
                var rules = await client.Api.GetProtectedBranchesAsync(mirror.FullName, cancellationToken);
                looked++;
                found.AddRange((rules ?? []).OfType<GitLabProtectedBranch>().Select(rule => $"{mirror.FullName} ({NameOf(rule)})"));
            }
            catch (HostException e)
            {
                refusal ??= e;
            }
        }

        return [.. Tell(found, looked), .. refusal is null ? [] : (IEnumerable<Diagnostic>)[NotSeen(refusal)]];
    }

    private IEnumerable<Diagnostic> Tell(List<string> found, int looked)
    {
        var seen = string.Create(CultureInfo.InvariantCulture, $"{looked} of {mirrors.Count} mirrors");
        if (found.Count > 0)
        {
            yield return new Diagnostic(
                DiagnosticLevel.Warning,
                Check,
                $"Nobody may delete these branches by a push, and rewrite them only where the rule says so: {NameList.Of(found)}. {seen} "
                    + "were looked at.",
                GitLabFailures.Unprotect
            );
        }
        else if (looked > 0)
        {
            yield return new Diagnostic(DiagnosticLevel.Ok, Check, $"None in {seen}.");
        }
    }

    private static Diagnostic NotSeen(HostException refusal) =>
        new(DiagnosticLevel.Warning, Check, $"Not every mirror could be looked at: {refusal.Message}", refusal.Failure.Hint);

    private static string NameOf(GitLabProtectedBranch rule) => rule.Name is { Length: > 0 } name ? TextSanitizer.Clean(name, 100) : "a rule";
}
