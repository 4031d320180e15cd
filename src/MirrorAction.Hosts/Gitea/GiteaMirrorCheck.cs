using System.Collections.Concurrent;
using System.Globalization;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>Looks at existing mirrors for what refuses a push: what the listing told, and branch protections, one request each.</summary>
/// <param name="client">Asks.</param>
/// <param name="owner">Whose the mirrors are.</param>
/// <param name="mirrors">Those that are to be written, as they were listed.</param>
/// <param name="runsActions">Whether workflows run in a mirror.</param>
internal sealed class GiteaMirrorCheck(GiteaClient client, string owner, IReadOnlyList<Repository> mirrors, Predicate<Repository> runsActions)
{
    /// <summary>Servers count requests, and the mirror wants them.</summary>
    public const int MaxMirrors = 50;

    private const string Refusals = "Gitea read-only mirrors";
    private const string Actions = "Gitea Actions";
    private const string Protections = "Gitea branch protections";

    private readonly ConcurrentBag<string> _protected = [];
    private readonly ConcurrentBag<HostException> _failures = [];

    /// <summary>Looks, and tells how far it got.</summary>
    public async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        if (mirrors.Count == 0)
        {
            return [];
        }

        List<Diagnostic> findings =
        [
            .. mirrors
                .Where(mirror => mirror.Refusal is not null)
                .GroupBy(mirror => mirror.Refusal, StringComparer.Ordinal)
                .Select(group => new Diagnostic(DiagnosticLevel.Problem, Refusals, $"The host refuses every push to {NamesOf(group)}.", group.Key)),
        ];
        var running = mirrors.Where(mirror => runsActions(mirror)).ToList();
        if (running.Count > 0)
        {
            findings.Add(
                new(
                    DiagnosticLevel.Warning,
                    Actions,
                    $"Workflows that come with a push run in {NamesOf(running)}.",
                    "Switch off Actions there (Settings > Units), unless they are wanted: they are the source's, run by the destination's runners."
                )
            );
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(mirrors.Take(MaxMirrors), limits, async (mirror, token) => await LookAsync(mirror, token));
        findings.Add(Evaluate());
        return findings;
    }

    private async Task LookAsync(Repository mirror, CancellationToken cancellationToken)
    {
        try
        {
            var rules = await client.Api.GetProtectionsAsync(HostUrl.RequireSegment(owner), HostUrl.RequireSegment(mirror.Name), cancellationToken);
            foreach (var rule in rules ?? [])
            {
                var name = rule?.RuleName is { Length: > 0 } pattern ? pattern : rule?.BranchName;
                _protected.Add($"{mirror.FullName} ({TextSanitizer.Clean(name ?? "a branch", 100)})");
            }
        }
        catch (HostException e)
        {
            _failures.Add(e);
        }
    }

    private Diagnostic Evaluate()
    {
        var looked = Math.Min(mirrors.Count, MaxMirrors);
        var seen = string.Create(CultureInfo.InvariantCulture, $"{looked} of {mirrors.Count} existing mirrors");
        if (!_protected.IsEmpty)
        {
            return new(
                DiagnosticLevel.Warning,
                Protections,
                $"Branches are protected: {NameList.Of([.. _protected.Order(StringComparer.Ordinal)])}. {seen} were looked at.",
                "Remove the protections (Settings > Branches), or let the token's user push, force push and delete there."
            );
        }

        return _failures.TryPeek(out var failure)
            ? new(
                DiagnosticLevel.Warning,
                Protections,
                $"None was seen, but not every one of {seen} could be looked at, which administrators of a repository may: {failure.Message}",
                failure.Failure.Hint
            )
            : new(DiagnosticLevel.Ok, Protections, $"None in {seen}.");
    }

    private static string NamesOf(IEnumerable<Repository> repositories) =>
        NameList.Of([.. repositories.Select(mirror => mirror.FullName).Order(StringComparer.Ordinal)]);
}
