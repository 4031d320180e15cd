using System.Globalization;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>What GitHub tells about itself and the credentials: two requests, or with an App as many for each owner. Only reads.</summary>
/// <param name="options">Where GitHub is, and by which token.</param>
/// <param name="app">The App that is asked in place of a token; null for none.</param>
/// <param name="access">Who asks.</param>
/// <param name="time">The clock against which an expiration is held.</param>
internal sealed class GitHubDiagnostics(GitHubOptions options, AppAccess? app, IGitHubAccess access, TimeProvider time)
{
    private const string Access = "GitHub access";
    private const string Token = "GitHub token";

    /// <summary>Time enough to make a new token and to change the secret.</summary>
    private static readonly TimeSpan SoonExpired = TimeSpan.FromDays(30);

    private int? _remaining;

    private string Permissions => options.Writes ? "Contents, Workflows and Administration: write" : "Contents: read and Metadata: read";

    /// <summary>Looks at reachability, identity, scopes, expiration and rate limit.</summary>
    public async Task<HostDiagnostics> RunAsync(IReadOnlyList<string> owners, CancellationToken cancellationToken)
    {
        List<Diagnostic> findings = [];
        try
        {
            if (app is not null)
            {
                foreach (var owner in owners)
                {
                    findings.AddRange(await LookAtInstallationAsync(app, owner, cancellationToken));
                }
            }
            else
            {
                findings.AddRange(await IdentifyAsync(owners[0], cancellationToken));
                findings.Add(await RateAsync(owners[0], "", cancellationToken));
            }

            return new HostDiagnostics(
                [new Diagnostic(DiagnosticLevel.Ok, Access, $"{options.ApiUrl.Authority} answers."), .. findings],
                IsUsable: true
            );
        }
        catch (HostException e)
        {
            var isCredential = e.Failure.Kind is HostFailureKind.Unauthorized or HostFailureKind.Forbidden;
            var check =
                !isCredential ? Access
                : app is null ? Token
                : "GitHub App";
            return new HostDiagnostics([.. findings, new Diagnostic(DiagnosticLevel.Problem, check, e.Message, e.Failure.Hint)], IsUsable: false);
        }
    }

    /// <summary>Looks into repositories; the number of requests is bounded, and by half of what the rate limit leaves.</summary>
    public Task<IReadOnlyList<Diagnostic>> RunContentsAsync(IReadOnlyList<Repository> repositories, CancellationToken cancellationToken) =>
        new GitHubContents(access, repositories, _remaining / 2).RunAsync(cancellationToken);

    /// <summary>The states of the first hundred workflows of a repository, by the names of their files; empty where they are not told.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListWorkflowStatesAsync(string owner, string name, CancellationToken cancellationToken)
    {
        Dictionary<string, string> states = new(StringComparer.Ordinal);
        try
        {
            var api = await access.OfAsync(owner, cancellationToken);
            var path = $"repos/{HostUrl.Segment(owner)}/{HostUrl.Segment(name)}/actions/workflows?per_page=100";
            var (listed, _) = await api.GetAsync<GitHubWorkflows>(path, cancellationToken);
            foreach (var workflow in (listed.Workflows ?? []).OfType<GitHubWorkflow>())
            {
                if (workflow is { Path: { Length: > 0 } file, State: { } state } && TextSanitizer.IsClean(file))
                {
                    states[file.Split('/')[^1]] = state;
                }
            }
        }
        catch (HostException)
        {
            // It takes a right that mirroring does not need.
        }

        return states;
    }

    private async Task<IReadOnlyList<Diagnostic>> LookAtInstallationAsync(AppAccess installed, string owner, CancellationToken cancellationToken)
    {
        try
        {
            var found = await installed.ExamineAsync(owner, cancellationToken);
            return [.. found, await RateAsync(owner, $"{owner}: ", cancellationToken)];
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.NotFound or HostFailureKind.Forbidden)
        {
            return []; // Not installed or suspended there: the listing of this owner tells so, and the others are looked at.
        }
    }

    private async Task<IReadOnlyList<Diagnostic>> IdentifyAsync(string owner, CancellationToken cancellationToken)
    {
        if (options.Token is null)
        {
            return
            [
                new Diagnostic(
                    DiagnosticLevel.Warning,
                    Token,
                    "No token is given: only public repositories are visible, and GitHub allows 60 requests an hour.",
                    $"Pass a token with {Permissions} on all repositories as github-token."
                ),
            ];
        }

        GitHubAnswer<GitHubAccount> answer;
        try
        {
            var api = await access.OfAsync(owner, cancellationToken);
            answer = await api.GetAsync<GitHubAccount>("user", cancellationToken);
        }
        catch (HostException e) when (e.Failure.Kind is HostFailureKind.Forbidden or HostFailureKind.NotFound)
        {
            return
            [
                new Diagnostic(
                    DiagnosticLevel.Warning,
                    Token,
                    "It belongs to no user: it is the workflow's own GITHUB_TOKEN, which sees public "
                        + "repositories only, or a token that an App minted, which lives for an hour.",
                    "For private repositories and long runs pass github-app-id and github-app-private-key, or a personal token as github-token."
                ),
            ];
        }

        var login = TextSanitizer.Clean(answer.Body.Login, 100);
        List<Diagnostic> findings = [new Diagnostic(DiagnosticLevel.Ok, Token, $"It belongs to {login} and is {KindOf(options.Token)}.")];
        if (answer.Response.Header("X-OAuth-Scopes") is { } scopes)
        {
            findings.Add(JudgeScopes(TextSanitizer.Clean(scopes, 300)));
        }

        if (ExpirationOf(answer.Response.Header("github-authentication-token-expiration")) is { } end)
        {
            findings.Add(JudgeExpiration(end));
        }

        return findings;
    }

    /// <summary>What a token is by its prefix, which GitHub documents. It words messages and decides nothing.</summary>
    private static string KindOf(string token) =>
        token switch
        {
            _ when token.StartsWith("ghp_", StringComparison.Ordinal) => "a classic personal access token",
            _ when token.StartsWith("github_pat_", StringComparison.Ordinal) => "a fine-grained personal access token",
            _ when token.StartsWith("ghu_", StringComparison.Ordinal) => "a token of a GitHub App for a user",
            _ when token.StartsWith("gho_", StringComparison.Ordinal) => "an OAuth token",
            _ => "of a kind that its form does not tell",
        };

    private Diagnostic JudgeScopes(string scopes)
    {
        var all = scopes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var named = all.Length == 0 ? "none" : string.Join(", ", all);
        string[] needed = options.Writes ? ["repo", "workflow"] : ["repo"];
        var missing = needed.Except(all, StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? new Diagnostic(DiagnosticLevel.Ok, "GitHub scopes", $"The token has the scopes: {named}.")
            : new Diagnostic(
                options.Writes ? DiagnosticLevel.Problem : DiagnosticLevel.Warning,
                "GitHub scopes",
                $"The token has the scopes: {named}. "
                    + (
                        !options.Writes ? "Without repo it sees public repositories only."
                        : missing[0] == "repo" ? "Without repo it creates and writes no private repository."
                        : "Without workflow it pushes no files below .github/workflows."
                    ),
                $"Give the token the scope {string.Join(" and ", missing)}, or create a fine-grained token with {Permissions} on all repositories."
            );
    }

    private Diagnostic JudgeExpiration(DateTimeOffset end)
    {
        var date = end.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return end - time.GetUtcNow() < SoonExpired
            ? new Diagnostic(
                DiagnosticLevel.Warning,
                "GitHub expiration",
                $"The token expires on {date}.",
                "Create a new token and change the secret before that day."
            )
            : new Diagnostic(DiagnosticLevel.Ok, "GitHub expiration", $"The token expires on {date}.");
    }

    /// <summary>GitHub writes <c>2026-12-21 08:00:00 UTC</c>, or an offset in place of the zone.</summary>
    private static DateTimeOffset? ExpirationOf(string? header) =>
        DateTimeOffset.TryParse(
            header?.Replace("UTC", "+00:00", StringComparison.Ordinal),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var end
        )
            ? end
            : null;

    private async Task<Diagnostic> RateAsync(string owner, string whose, CancellationToken cancellationToken)
    {
        const string check = "GitHub requests";
        GitHubRate? rate;
        try
        {
            var api = await access.OfAsync(owner, cancellationToken);
            rate = (await api.GetAsync<GitHubRateLimits>("rate_limit", cancellationToken)).Body.Resources?.Core;
        }
        catch (HostException e) when (e.Status == 404)
        {
            return new Diagnostic(DiagnosticLevel.Ok, check, "This GitHub Enterprise Server limits the number of requests to nobody.");
        }

        if (rate is not { Limit: { } limit, Remaining: { } left })
        {
            return new Diagnostic(DiagnosticLevel.Ok, check, $"{whose}GitHub did not say how many requests are left.");
        }

        _remaining = (int)Math.Min(_remaining ?? int.MaxValue, Math.Max(0, left)); // Contents are looked into without regard to whose limit it is.
        var text = string.Create(CultureInfo.InvariantCulture, $"{whose}{left} of {limit} requests are left in this hour.");
        return left < limit / 10
            ? new Diagnostic(DiagnosticLevel.Warning, check, text, "Run at another hour, or use a token that nothing else uses.")
            : new Diagnostic(DiagnosticLevel.Ok, check, text);
    }
}
