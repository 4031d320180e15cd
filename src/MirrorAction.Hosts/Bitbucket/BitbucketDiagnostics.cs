using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>What Bitbucket tells about itself and the credentials: two or three requests, and one for each project. Only reads.</summary>
/// <param name="options">Where Bitbucket is, which workspace, and by which token.</param>
/// <param name="api">The REST interface.</param>
internal sealed class BitbucketDiagnostics(BitbucketOptions options, IBitbucketApi api)
{
    private const string Access = "Bitbucket access";
    private const string Token = "Bitbucket token";
    private const string Scopes = "Bitbucket scopes";
    private const string Workspace = "Bitbucket workspace";
    private const string Project = "Bitbucket project";

    /// <summary>Bitbucket counts requests, and nobody has as many projects in use.</summary>
    private const int MaxProjects = 50;

    private bool _areScopesKnown;

    private string WorkspaceName => HostUrl.RequireSegment(options.Workspace);

    /// <summary>Looks at reachability, identity, scopes, workspace and projects.</summary>
    /// <param name="projects">Keys of projects that rules name for some of the repositories.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<HostDiagnostics> RunAsync(IReadOnlyCollection<string> projects, CancellationToken cancellationToken)
    {
        List<Diagnostic> findings = [];
        try
        {
            using var listing = await api.GetListingAsync(WorkspaceName, cancellationToken);
            findings.Add(new Diagnostic(DiagnosticLevel.Ok, Access, $"{options.ApiUrl.Authority} answers."));
            findings.Add(await IdentifyAsync(cancellationToken));
            findings.Add(JudgeScopes(RestResponse.Of(listing).Header("X-OAuth-Scopes")));
            findings.Add(await LookAtWorkspaceAsync(cancellationToken));
            if (options.Writes)
            {
                findings.AddRange(await LookAtProjectsAsync(projects, cancellationToken));
            }

            return new HostDiagnostics(findings, IsUsable: true);
        }
        catch (HostException e)
        {
            var check = e.Failure.Kind switch
            {
                HostFailureKind.Unauthorized => Token,
                HostFailureKind.Forbidden => Scopes,
                HostFailureKind.NotFound => Workspace,
                _ => Access,
            };
            return new HostDiagnostics([.. findings, new Diagnostic(DiagnosticLevel.Problem, check, e.Message, e.Failure.Hint)], IsUsable: false);
        }
    }

    /// <summary>Looks for rules that would refuse a push; whether they can be read at all shows whether the credentials may administer.</summary>
    public Task<IReadOnlyList<Diagnostic>> RunMirrorsAsync(IReadOnlyList<Repository> mirrors, CancellationToken cancellationToken) =>
        new BitbucketRestrictionCheck(options, api, mirrors, _areScopesKnown).RunAsync(cancellationToken);

    private async Task<Diagnostic> IdentifyAsync(CancellationToken cancellationToken)
    {
        var isConsumer = options.Consumer is not null;
        if (!isConsumer && options.Email is null)
        {
            // Access tokens have no user, and GET /user is refused to them.
            return new Diagnostic(
                DiagnosticLevel.Ok,
                Token,
                "It is used as an access token: it belongs to a repository, project or workspace, not to a user."
            );
        }

        try
        {
            var user = await api.GetUserAsync(cancellationToken);
            var name = TextSanitizer.Clean(user?.Username ?? user?.Nickname ?? user?.DisplayName ?? "a user without a name", 100);
            return new Diagnostic(
                DiagnosticLevel.Ok,
                Token,
                isConsumer
                    ? $"It is minted from an OAuth consumer and acts as the consumer's owner, {name}."
                    : $"It is an API token of {name}; such tokens live for a year at most."
            );
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound)
        {
            return new Diagnostic(
                DiagnosticLevel.Ok,
                Token,
                isConsumer
                    ? "It is minted from an OAuth consumer and acts as the consumer's owner. Who that "
                        + "is, Bitbucket tells only with the permission Account: read, which is not needed."
                    : "It is an API token, which lives for a year at most. Whose it is, "
                        + "Bitbucket tells only with read:user:bitbucket, which is not needed."
            );
        }
    }

    private Diagnostic JudgeScopes(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return new Diagnostic(
                DiagnosticLevel.Warning,
                Scopes,
                "Bitbucket did not say which scopes the token has.",
                options.Writes
                    ? "An API token needs read, write and admin:repository:bitbucket, an access token "
                        + "repository:write and repository:admin; the first run shows what is missing."
                    : "An API token needs read:repository:bitbucket, an access token repository; the first run shows what is missing."
            );
        }

        var granted = header.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var isApiToken = granted.Any(scope => scope.EndsWith(":bitbucket", StringComparison.Ordinal));
        string[] needed = (isApiToken, options.Writes) switch
        {
            (true, true) => ["read:repository:bitbucket", "write:repository:bitbucket", "admin:repository:bitbucket"],
            (true, false) => ["read:repository:bitbucket"],
            (false, true) => ["repository:write", "repository:admin"],

            // Write and admin include it, and are told in its place.
            (false, false) => [granted.FirstOrDefault(scope => scope is "repository:write" or "repository:admin") ?? "repository"],
        };
        var missing = needed.Except(granted, StringComparer.Ordinal).ToList();
        var named = TextSanitizer.Clean(string.Join(", ", granted), 300);
        _areScopesKnown = missing.Count == 0;
        if (missing.Count > 0)
        {
            return new Diagnostic(
                DiagnosticLevel.Problem,
                Scopes,
                $"The token lacks {string.Join(", ", missing)}; it has {named}.",
                options.Consumer is null
                    ? "Scopes cannot be added later: create a new token with all of them and change the secret."
                    : BitbucketCredentialHints.For(options).WhenScopesAreMissing
            );
        }

        var excess = granted.Where(scope => scope is "delete:repository:bitbucket" or "repository:delete").ToList();
        return new Diagnostic(
            DiagnosticLevel.Ok,
            Scopes,
            $"The token has {named}.{(excess.Count > 0 ? $" The mirror never uses {excess[0]}." : "")}"
        );
    }

    private async Task<Diagnostic> LookAtWorkspaceAsync(CancellationToken cancellationToken)
    {
        const string plan = "Bitbucket tells nobody its plan; the limits of the Free plan are assumed.";
        try
        {
            using var workspace = await api.GetWorkspaceAsync(WorkspaceName, cancellationToken);
            return new Diagnostic(DiagnosticLevel.Ok, Workspace, $"{options.Workspace} exists. {plan}");
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound)
        {
            return new Diagnostic(
                DiagnosticLevel.Ok,
                Workspace,
                $"{options.Workspace} exists, as its repositories can be listed; more "
                    + $"is told only with read:workspace:bitbucket, which is not needed. {plan}"
            );
        }
        catch (HostException e)
        {
            return new Diagnostic(DiagnosticLevel.Problem, Workspace, e.Message, e.Failure.Hint);
        }
    }

    private async Task<IReadOnlyList<Diagnostic>> LookAtProjectsAsync(IReadOnlyCollection<string> ofRules, CancellationToken cancellationToken)
    {
        var keys = ofRules.Where(key => key != options.ProjectKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        List<Diagnostic> findings =
        [
            options.ProjectKey is { } ownKey
                ? await LookAtProjectAsync(ownKey, "new repositories", "bitbucket-project", cancellationToken)
                : new Diagnostic(
                    DiagnosticLevel.Ok,
                    Project,
                    "bitbucket-project is not given: new repositories go into the workspace's oldest project."
                ),
        ];
        foreach (var key in keys.Take(MaxProjects))
        {
            findings.Add(
                await LookAtProjectAsync(key, "new repositories of rules", "project in the rules of the configuration file", cancellationToken)
            );
        }

        if (keys.Count > MaxProjects)
        {
            findings.Add(
                new Diagnostic(
                    DiagnosticLevel.NotChecked,
                    Project,
                    $"Not checked: {NameList.Of([.. keys.Skip(MaxProjects)])}.",
                    "Look for them among the workspace's projects in the browser."
                )
            );
        }

        return findings;
    }

    private async Task<Diagnostic> LookAtProjectAsync(string key, string what, string setting, CancellationToken cancellationToken)
    {
        try
        {
            using var project = await api.GetProjectAsync(WorkspaceName, HostUrl.RequireSegment(key), cancellationToken);
            return new Diagnostic(DiagnosticLevel.Ok, Project, $"{key} exists: {what} go there.");
        }
        catch (HostException e) when (e.Failure.Kind == HostFailureKind.Forbidden)
        {
            return new Diagnostic(
                DiagnosticLevel.NotChecked,
                Project,
                $"Not checked, because the token may not read projects: whether {key} exists.",
                $"Look for {key} among the workspace's projects in the browser, or use a "
                    + "token that has read:project:bitbucket (project, for an access token) too."
            );
        }
        catch (HostException e) when (e.Status == 404)
        {
            return new Diagnostic(
                DiagnosticLevel.Problem,
                Project,
                $"The workspace {options.Workspace} has no project {key}, or the token does not see it.",
                $"Create the project, correct {setting} (the key, not the name), or leave it out."
            );
        }
        catch (HostException e)
        {
            return new Diagnostic(DiagnosticLevel.Problem, Project, e.Message, e.Failure.Hint);
        }
    }
}
