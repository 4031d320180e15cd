using System.Globalization;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>What GitLab tells about itself and the token: a few requests, and two for each owner. Only reads.</summary>
/// <param name="client">Asks GitLab.</param>
internal sealed class GitLabDiagnostics(GitLabClient client)
{
    private const string Access = "GitLab access";
    private const string Token = "GitLab token";
    private const string Scopes = "GitLab scopes";
    private const string Owner = "GitLab group";
    private const string Protection = "GitLab branch protection";

    private const int Maintainer = 40;
    private const int OwnerRole = 50;

    /// <summary>A token that ends within this time should be renewed now.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(30);

    /// <summary>As a source: the way, the token, and what it reaches of each owner.</summary>
    public Task<HostDiagnostics> RunAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken) =>
        GuardedAsync(
            async (findings, _) =>
            {
                foreach (var owner in owners)
                {
                    findings.Add(await LookAtOwnerAsync(owner, cancellationToken));
                }
            },
            cancellationToken
        );

    /// <summary>As a destination: the way, the token, and whether it may create and rewrite in the place of the mirrors.</summary>
    public Task<HostDiagnostics> RunAsync(string owner, GitLabPlace place, CancellationToken cancellationToken) =>
        GuardedAsync(
            async (findings, user) =>
            {
                var target = await place.FindAsync(cancellationToken);
                if (target.IsUser)
                {
                    findings.Add(
                        new Diagnostic(DiagnosticLevel.Ok, Owner, $"{owner} is a user: mirrors become projects of that user, if the token is theirs.")
                    );
                    return;
                }

                var group = await client.Api.GetGroupAsync(target.Path, cancellationToken) ?? new GitLabGroup();
                findings.Add(await LookAtRightsAsync(target, group, user, cancellationToken));
                findings.Add(TellProtection(target, group));
            },
            cancellationToken
        );

    private async Task<HostDiagnostics> GuardedAsync(Func<List<Diagnostic>, long?, Task> look, CancellationToken cancellationToken)
    {
        List<Diagnostic> findings = [];
        try
        {
            var user = await LookAtTokenAsync(findings, cancellationToken);
            await look(findings, user);
            return new HostDiagnostics(findings, IsUsable: true);
        }
        catch (HostException e)
        {
            var check = e.Failure.Kind switch
            {
                HostFailureKind.Unauthorized => Token,
                HostFailureKind.Forbidden => Scopes,
                HostFailureKind.NotFound => Owner,
                _ => Access,
            };
            return new HostDiagnostics([.. findings, new Diagnostic(DiagnosticLevel.Problem, check, e.Message, e.Failure.Hint)], IsUsable: false);
        }
    }

    /// <summary>Returns whose the token is, where GitLab says.</summary>
    private async Task<long?> LookAtTokenAsync(List<Diagnostic> findings, CancellationToken cancellationToken)
    {
        if (client.Settings.Token is null)
        {
            findings.Add(new Diagnostic(DiagnosticLevel.Ok, Token, "None is given: only what everyone can see is read."));
            return null;
        }

        try
        {
            var token = await client.Api.GetTokenAsync(cancellationToken) ?? new GitLabToken();
            findings.Add(
                new Diagnostic(DiagnosticLevel.Ok, Access, $"{client.Settings.ApiUrl.Authority} answers{await VersionAsync(cancellationToken)}.")
            );
            findings.Add(TellExpiry(token));
            findings.Add(TellScopes([.. (token.Scopes ?? []).OfType<string>()]));
            return token.UserId;
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound && !e.IsTransient)
        {
            findings.Add(
                new Diagnostic(
                    DiagnosticLevel.Warning,
                    Scopes,
                    "GitLab did not say which scopes the token has and when it expires; it says so of personal tokens and of those of groups and "
                        + "projects.",
                    $"It needs {NeededScopes}; the first run shows what is missing."
                )
            );
            return null;
        }
    }

    private string NeededScopes => client.Settings.Writes ? "api" : "read_api and read_repository";

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.Api.GetMetadataAsync(cancellationToken) is { Version: { Length: > 0 } version }
                ? $" (GitLab {TextSanitizer.Clean(version, 50)})"
                : "";
        }
        catch (HostException e) when (!e.IsTransient)
        {
            return ""; // Not every token may know it, and nothing hangs on it.
        }
    }

    private Diagnostic TellExpiry(GitLabToken token)
    {
        var name = token.Name is { Length: > 0 } given ? $"'{TextSanitizer.Clean(given, 100)}'" : "The token";
        if (!DateOnly.TryParseExact(token.ExpiresAt, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end))
        {
            return new Diagnostic(DiagnosticLevel.Ok, Token, $"{name} is valid; GitLab names no day on which it expires.");
        }

        var left = end.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) - client.Connection.Time.GetUtcNow().UtcDateTime;
        var said = string.Create(CultureInfo.InvariantCulture, $"{name} is valid and expires on {end:yyyy-MM-dd}.");
        return left < s_soon
            ? new Diagnostic(DiagnosticLevel.Warning, Token, said, "Create a new token, or rotate this one, and change the secret before that day.")
            : new Diagnostic(DiagnosticLevel.Ok, Token, said);
    }

    private Diagnostic TellScopes(List<string> granted)
    {
        var named = granted.Count == 0 ? "none" : TextSanitizer.Clean(string.Join(", ", granted), 300);
        List<string> missing = [];
        if (client.Settings.Writes)
        {
            missing.AddRange(granted.Contains("api") ? [] : ["api"]);
        }
        else
        {
            missing.AddRange(granted.Contains("api") || granted.Contains("read_api") ? [] : ["read_api"]);
            missing.AddRange(granted.Exists(scope => scope is "api" or "read_repository" or "write_repository") ? [] : ["read_repository"]);
        }

        return missing.Count == 0
            ? new Diagnostic(DiagnosticLevel.Ok, Scopes, $"The token has {named}.")
            : new Diagnostic(
                DiagnosticLevel.Problem,
                Scopes,
                $"The token lacks {string.Join(" and ", missing)}; it has {named}.",
                $"Scopes cannot be added later: create a new token with {NeededScopes} and change the secret."
            );
    }

    private async Task<Diagnostic> LookAtOwnerAsync(string owner, CancellationToken cancellationToken)
    {
        try
        {
            return Tell(owner, "group", await CountAsync(client.ProjectsOfGroup(owner, withSubgroups: true), cancellationToken));
        }
        catch (HostException e) when (e.Status == 404 && !e.IsTransient && !owner.Contains('/', StringComparison.Ordinal))
        {
            try
            {
                return Tell(owner, "user", await CountAsync(client.ProjectsOfUser(owner), cancellationToken));
            }
            catch (HostException other) when (other.Status == 404 && !other.IsTransient)
            {
                throw e;
            }
        }
    }

    private static Diagnostic Tell(string owner, string kind, string count) =>
        count == "no"
            ? new Diagnostic(
                DiagnosticLevel.Warning,
                Owner,
                $"{owner} is a {kind}, of which the token reaches no project.",
                GitLabHost.Definition.NothingListedHint
            )
            : new Diagnostic(DiagnosticLevel.Ok, Owner, $"{owner} is a {kind}, of which {count} projects can be listed.");

    /// <summary>In a word: beyond 10,000 GitLab gives no number.</summary>
    private async Task<string> CountAsync(Uri first, CancellationToken cancellationToken)
    {
        using var message = await client.Api.GetPageAsync(first, cancellationToken);
        var response = RestResponse.Of(message);
        var entries = response.Make(body => JsonPage.Read(body, "projects")).Entries.Count;
        return entries == 0 ? "no"
            : long.TryParse(response.Header("X-Total"), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
                ? total.ToString(CultureInfo.InvariantCulture)
            : "more than 10,000";
    }

    private async Task<Diagnostic> LookAtRightsAsync(GitLabTarget target, GitLabGroup group, long? user, CancellationToken cancellationToken)
    {
        // Less than Maintainer can create projects, where the group says so, but neither choose a default branch nor lift a protection.
        var (needed, role) = group.ProjectCreationLevel switch
        {
            "developer" or "maintainer" or null => (Maintainer, "Maintainer"),
            "noone" or "administrator" => (int.MaxValue, "Owner"),
            _ => (OwnerRole, "Owner"),
        };
        var exists = $"The group {target.Path} exists";
        try
        {
            var level = user is { } id ? (await client.Api.GetMemberAsync(target.Path, id, cancellationToken))?.AccessLevel : null;
            if (level is null)
            {
                return NotKnown();
            }

            return level >= needed
                ? new Diagnostic(DiagnosticLevel.Ok, Owner, $"{exists}, and the token may create and set up projects in it.")
                : new Diagnostic(
                    DiagnosticLevel.Problem,
                    Owner,
                    $"{exists}, but the token's role is not enough to create and set up projects in it.",
                    $"Give the token's user the role {role} in the group, and see the group's setting for who "
                        + "may create projects (Settings > General > Permissions and group features)."
                );
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound && !e.IsTransient)
        {
            return NotKnown();
        }

        Diagnostic NotKnown() =>
            new(
                DiagnosticLevel.Warning,
                Owner,
                $"{exists}, but GitLab did not say which role the token has in it.",
                $"A mirror needs the role {role}; begin with one repository (input repositories)."
            );
    }

    private static Diagnostic TellProtection(GitLabTarget target, GitLabGroup group) =>
        GitLabPlace.Protects(group)
            ? new Diagnostic(
                DiagnosticLevel.Ok,
                Protection,
                $"The group {target.Path} protects the default branch of new projects, which would refuse rewrites. A run that creates a "
                    + "mirror switches "
                    + "that off, where the token's role is Owner; else it lifts the protection of each mirror after its first push."
            )
            : new Diagnostic(DiagnosticLevel.Ok, Protection, $"The group {target.Path} protects no branch of new projects.");
}
