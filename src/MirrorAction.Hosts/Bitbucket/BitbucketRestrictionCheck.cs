using System.Collections.Concurrent;
using System.Globalization;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>Reads the branch restrictions of existing mirrors, one request each, which only an administrator may.</summary>
/// <param name="options">Which workspace, and by which token.</param>
/// <param name="api">The REST interface.</param>
/// <param name="mirrors">Those that are to be written.</param>
/// <param name="areScopesKnown">The token's scopes allow all that a mirror needs.</param>
internal sealed class BitbucketRestrictionCheck(BitbucketOptions options, IBitbucketApi api, IReadOnlyList<Repository> mirrors, bool areScopesKnown)
{
    /// <summary>Bitbucket allows 1,000 requests an hour, and the mirror wants them.</summary>
    public const int MaxMirrors = 50;

    private const string Admin = "Bitbucket admin";
    private const string Restrictions = "Bitbucket branch restrictions";

    /// <summary>Kinds that can refuse what a mirror does; the others are about merges.</summary>
    private static readonly string[] Refusing = ["push", "force", "delete"];

    private readonly ConcurrentBag<string> _restricted = [];
    private readonly ConcurrentBag<HostException> _failures = [];

    /// <summary>Looks, and tells how far it got.</summary>
    public async Task<IReadOnlyList<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        if (mirrors.Count == 0)
        {
            const string cannot = "there is no mirror yet, and doctor writes nothing";
            return areScopesKnown
                ?
                [
                    new Diagnostic(
                        DiagnosticLevel.NotChecked,
                        Admin,
                        $"Not tried: {cannot}. The scopes allow it; the first run shows whether the workspace does."
                    ),
                ]
                :
                [
                    new Diagnostic(
                        DiagnosticLevel.NotChecked,
                        Admin,
                        $"Not checked, because {cannot}: whether repositories may be created.",
                        "The first run shows it; begin with one repository (input repositories)."
                    ),
                ];
        }

        await LookAsync(mirrors[0], cancellationToken);
        if (_failures.TryPeek(out var refusal))
        {
            return
            [
                refusal.Failure.Kind == HostFailureKind.Forbidden
                    ? new Diagnostic(
                        DiagnosticLevel.Problem,
                        Admin,
                        $"The credentials may not administer {mirrors[0].FullName}: {refusal.Message}",
                        refusal.Failure.Hint
                    )
                    : NotAsked(refusal),
                new Diagnostic(
                    DiagnosticLevel.NotChecked,
                    Restrictions,
                    "Not checked, because branch restrictions can be read with admin rights only.",
                    null
                ),
            ];
        }

        var limits = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(mirrors.Skip(1).Take(MaxMirrors - 1), limits, async (mirror, token) => await LookAsync(mirror, token));
        return [new Diagnostic(DiagnosticLevel.Ok, Admin, $"The credentials may administer {mirrors[0].FullName}."), Evaluate()];
    }

    /// <summary>The mirror was listed a moment ago, and Bitbucket refuses rights by 403: a 404 says nothing about them.</summary>
    private static Diagnostic NotAsked(HostException failure) =>
        failure.Failure.Kind == HostFailureKind.NotFound
            ? new Diagnostic(
                DiagnosticLevel.NotChecked,
                Admin,
                "Not checked: Bitbucket did not answer what would show whether the credentials may administer.",
                "The first run shows it; begin with one repository (input repositories)."
            )
            : new Diagnostic(DiagnosticLevel.Warning, Admin, failure.Message, failure.Failure.Hint);

    private async Task LookAsync(Repository mirror, CancellationToken cancellationToken)
    {
        try
        {
            var workspace = HostUrl.RequireSegment(options.Workspace);
            var restrictions = await api.GetRestrictionsAsync(workspace, HostUrl.RequireSegment(mirror.Name), cancellationToken);
            var values = restrictions?.Values ?? [];
            foreach (var rule in values.Where(rule => rule?.Kind is { } kind && Refusing.Contains(kind, StringComparer.Ordinal)))
            {
                _restricted.Add(
                    $"{mirror.FullName} ({rule!.Kind} on "
                        + $"{(rule.Pattern is { Length: > 0 } pattern ? TextSanitizer.Clean(pattern, 100) : "a kind of branch")})"
                );
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
            var names = _restricted.Order(StringComparer.Ordinal).ToList();
            var rest =
                looked == mirrors.Count && _failures.IsEmpty
                    ? ""
                    : string.Create(CultureInfo.InvariantCulture, $" Not all of {mirrors.Count} mirrors were looked at.");
            return options is { Email: null, Consumer: null }
                ? new Diagnostic(
                    DiagnosticLevel.Problem,
                    Restrictions,
                    $"Bitbucket lets no access token push where branches are restricted: {NameList.Of(names)}.{rest}",
                    "Remove the restrictions (Repository settings > Branch restrictions, "
                        + "or those of the project), or use an API token with bitbucket-email."
                )
                : new Diagnostic(
                    DiagnosticLevel.Warning,
                    Restrictions,
                    $"Branches are restricted: {NameList.Of(names)}.{rest}",
                    "Let the user whom the credentials belong to write, rewrite and delete all branches "
                        + "there, or remove the restrictions (Repository settings > Branch restrictions)."
                );
        }

        return _failures.IsEmpty
            ? new Diagnostic(DiagnosticLevel.Ok, Restrictions, $"None in {seen} {(mirrors.Count == 1 ? "mirror" : "mirrors")}.")
            : new Diagnostic(
                DiagnosticLevel.Warning,
                Restrictions,
                $"None was seen, but not every one of {seen} mirrors could be looked at: {_failures.First().Message}",
                _failures.First().Failure.Hint
            );
    }
}
