using System.Collections.Concurrent;
using System.Globalization;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.BitbucketDataCenter;

/// <summary>Looks for what refuses pushes to existing mirrors: archived ones, and branch permissions, one request each.</summary>
/// <param name="client">Asks the server.</param>
/// <param name="owner">The key of the project, or <c>~user</c>.</param>
/// <param name="mirrors">Those that are to be written.</param>
/// <remarks>https://developer.atlassian.com/server/bitbucket/rest/ (branch permissions, 2.0)</remarks>
internal sealed class DataCenterRestrictionCheck(DataCenterClient client, string owner, IReadOnlyList<Repository> mirrors)
{
    /// <summary>Enough to see a rule that is the same for many, and no burden for the server.</summary>
    public const int MaxMirrors = 50;

    private const string Archived = "Data Center archived repositories";
    private const string Restrictions = "Data Center branch permissions";

    private readonly ConcurrentBag<string> _restricted = [];
    private readonly ConcurrentBag<HostException> _failures = [];

    /// <summary>Looks, and tells how far it got.</summary>
    public async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        if (mirrors.Count == 0)
        {
            return [];
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(mirrors.Take(MaxMirrors), limits, async (mirror, token) => await LookAsync(mirror, token));
        List<string> archived = [.. mirrors.Where(mirror => mirror.IsArchived).Select(mirror => mirror.FullName)];
        return archived.Count == 0
            ? [Evaluate()]
            :
            [
                new(DiagnosticLevel.Problem, Archived, $"Archived, and closed to pushes: {NameList.Of(archived)}.", DataCenterFailures.ArchivedHint),
                Evaluate(),
            ];
    }

    private async Task LookAsync(Repository mirror, CancellationToken cancellationToken)
    {
        try
        {
            // From /rest/api/1.0, another interface of the same server.
            var place = $"../branch-permissions/2.0/projects/{HostUrl.Segment(owner)}/repos/{HostUrl.Segment(mirror.Name)}/restrictions?limit=100";
            using var message = await client.Api.GetAsync(new Uri(client.Settings.ApiUrl, place), cancellationToken);
            var read = RestResponse.Of(message).Make(body => JsonForm.Read(body, DataCenterJson.Default.DataCenterRestrictions));
            foreach (var rule in (read.Values ?? []).OfType<DataCenterRestriction>())
            {
                var kind = TextSanitizer.Clean(rule.Type, 50);
                var where = TextSanitizer.Clean(rule.Matcher?.DisplayId, 100);
                _restricted.Add($"{mirror.FullName} ({(kind.Length == 0 ? "a rule" : kind)} on {(where.Length == 0 ? "a kind of branch" : where)})");
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
        var seen =
            looked == mirrors.Count ? $"{looked} existing" : string.Create(CultureInfo.InvariantCulture, $"{looked} of {mirrors.Count} existing");
        if (!_restricted.IsEmpty)
        {
            return new(
                DiagnosticLevel.Warning,
                Restrictions,
                $"Branches are restricted: {NameList.Of([.. _restricted.Order(StringComparer.Ordinal)])}. Looked at: {seen}.",
                "Add the token's user to the exceptions of each, or remove them (Repository settings > Branch permissions, or those of the project)."
            );
        }

        return _failures.IsEmpty
            ? new(DiagnosticLevel.Ok, Restrictions, $"None in {seen} {(mirrors.Count == 1 ? "mirror" : "mirrors")}.")
            : new(
                DiagnosticLevel.Warning,
                Restrictions,
                $"None was seen, but not every one of {seen} mirrors could be looked at: {_failures.First().Message}",
                _failures.First().Failure.Hint
            );
    }
}
