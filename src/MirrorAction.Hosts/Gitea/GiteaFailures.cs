using System.Text.Json;
using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Gitea;

/// <summary>What the refusals of Gitea and Forgejo mean, over REST and over git, and what to do about each.</summary>
/// <remarks>The texts are those of routers/web/repo/githttp.go, routers/private/hook_pre_receive.go and routers/api/v1 of both.</remarks>
internal sealed class GiteaFailures
{
    /// <summary>Why a pull mirror takes no push, and what to do.</summary>
    public const string OfPullMirrors =
        "It is a pull mirror, which the host fills by itself and nobody can push to: turn it into an ordinary repository there (Settings > Mirror "
        + "settings > Convert to regular repository), or leave the repository out with exclude.";

    /// <summary>Why an archived repository takes no push, and what to do.</summary>
    public const string OfArchived =
        "It is archived, and so read-only: un-archive it there (Settings > Danger zone), or leave the repository out with exclude.";

    private const string DefaultBranch = "The default branch cannot be deleted: choose another under Settings > Branches of the repository first.";

    private const string Protection =
        "A branch protection refuses this: remove it under Settings > Branches of the repository, or let the token's user push, force push and "
        + "delete there.";

    private readonly FailureRule[] _rules;
    private readonly FailureRule[] _ofGit;
    private readonly FailureRule[] _ofReading;
    private readonly FailureRule[] _ofChange;
    private readonly FailureRule[] _ofCreation;

    /// <summary>Words the hints for one credential.</summary>
    public GiteaFailures(HostSettings settings)
    {
        var credential = CredentialOf(settings);
        var role = settings.Writes ? "destination" : "source";
        var scopes =
            "A token's scopes cannot be changed: make a new one under Settings > Applications of its user with "
            + (settings.Writes ? Scopes.Writing : Scopes.Reading)
            + $", and store it as {role}-token.";
        var missing =
            $"It was renamed or deleted, or {credential} does not reach it: its user needs "
            + $"{(settings.Writes ? "write access" : "read access")} there.";
        var mayNot = $"The user of {credential} may not do this, or the token lacks a scope. {scopes}";
        var refused = $"Check {credential}: it is wrong, was deleted, or is one of another host ({role}-url).";
        var quota = "The quota of the owner is used up: delete what is not needed, ask the administrators of the host for more, or mirror less.";

        // Rows are tried from the top: texts before bare statuses, special before general.
        _rules =
        [
            new(["mirror repository is read-only"], HostFailureKind.Forbidden, OfPullMirrors),
            new(["repo is archived"], HostFailureKind.Forbidden, OfArchived),
            new(["repository is archived"], HostFailureKind.Forbidden, OfArchived),
            new(["push to create is not enabled"], HostFailureKind.NotFound, missing),
            new(
                ["two-factor authentication enabled cannot"],
                HostFailureKind.Unauthorized,
                $"With two factors no password is taken: store an access token as {role}-token (Settings > Applications of the user)."
            ),
            new(
                ["by HTTP protocol is not allowed"],
                HostFailureKind.Forbidden,
                "The host has switched off git over HTTP (DISABLE_HTTP_GIT): ask its administrators to allow it."
            ),
            new(["account is disabled"], HostFailureKind.Disabled, $"The user of {credential} is disabled: ask the administrators of the host."),
            new(
                ["you cannot push or open issues/pull-requests"],
                HostFailureKind.Disabled,
                "The account that owns the repository is not active: ask the administrators of the host."
            ),
            new(["required scope"], HostFailureKind.Forbidden, scopes),
            new(["token scope"], HostFailureKind.Forbidden, scopes),
            new(["is the default branch and cannot be deleted"], HostFailureKind.RefRejected, DefaultBranch),
            new(["deletion of the current branch"], HostFailureKind.RefRejected, DefaultBranch),
            new(["is protected from"], HostFailureKind.RefRejected, Protection),
            new(["to protected branch"], HostFailureKind.RefRejected, Protection),
            new(
                ["tag ", " is protected"],
                HostFailureKind.RefRejected,
                "A tag protection refuses this: remove it under Settings > Tags of the repository, or let the token's user change such tags."
            ),
            new(["hidden ref"], HostFailureKind.RefRejected, "The host keeps this namespace for itself; take it out of the input refs."),
            new(["user permission denied for writing"], HostFailureKind.Forbidden, mayNot),
            new(["quota exceeded"], HostFailureKind.Quota, quota),
            new(
                ["size is over limitation"],
                HostFailureKind.TooLarge,
                "The host limits the size of a repository: ask its administrators for more, shrink the source's history, or leave the repository out "
                    + "with exclude."
            ),
            new(
                ["limit of repositories"],
                HostFailureKind.Quota,
                "The owner has as many repositories as the host allows: ask its administrators for more, or mirror less (repositories, exclude)."
            ),
            new(
                ["not allowed to create repository"],
                HostFailureKind.Forbidden,
                $"The user of {credential} needs a team of the organisation that may create repositories (Organisation > Teams > Edit > Create "
                    + "repositories), or must own it."
            ),
            new(
                ["pre-receive hook declined"],
                HostFailureKind.RefRejected,
                "A rule of the repository refuses this push: see Settings > Branches and Settings > Tags there, and hooks of the host."
            ),
            new(401, HostFailureKind.Unauthorized, refused),
            new(402, HostFailureKind.Quota, quota),
            new(423, HostFailureKind.Forbidden, OfArchived),
        ];

        // The same status means one thing to one who creates and another to one who pushes.
        _ofGit =
        [
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
            new(
                413,
                HostFailureKind.TooLarge,
                "The host, or a proxy before it, takes no push of this size: ask its administrators to lift the limit (client_max_body_size of "
                    + "nginx, for one; Forgejo answers so for a quota too), or leave the repository out with exclude."
            ),
            new(
                429,
                HostFailureKind.RateLimited,
                "The host wants fewer requests from this user or address: lower concurrency, or run at another hour."
            ),
        ];
        FailureRule[] ofRest =
        [
            new(429, HostFailureKind.RateLimited, "The host wants fewer requests from this user or address: run again later, or less often."),
            new(413, HostFailureKind.Quota, quota),
        ];
        _ofReading = [.. ofRest, new(403, HostFailureKind.Forbidden, mayNot), new(404, HostFailureKind.NotFound, missing)];
        _ofChange =
        [
            .. _ofReading,
            new(422, HostFailureKind.Protocol, "The host did not accept the change of the repository; its message says why."),
        ];
        _ofCreation =
        [
            .. ofRest,
            new(
                403,
                HostFailureKind.Forbidden,
                $"The user of {credential} may not create repositories for this owner, or may have no more. {scopes}"
            ),
            new(404, HostFailureKind.NotFound, $"There is no such organisation, or {credential} does not reach it: check {role}-owner."),
            new(
                409,
                HostFailureKind.Forbidden,
                $"Something of this name exists already, and {credential} does not see it: give its user access to it. Files that were left on "
                    + "the host's disk must be adopted or deleted by its administrators."
            ),
            new(
                422,
                HostFailureKind.Protocol,
                "The host does not take this name: report it as a bug of this action with the repository's name, and exclude the repository for now."
            ),
        ];
    }

    /// <summary>What the credential is called to a person.</summary>
    public static string CredentialOf(HostSettings settings) => settings.Credential.Length > 0 ? settings.Credential : "the token";

    /// <summary>The meaning of a refusal on the git channel; null when the host has no word of its own for it.</summary>
    public HostFailure? Explain(int? status, string text) => Explain(_ofGit, status, text);

    /// <summary>The meaning of a refusal over REST; null when the host has no word of its own for it.</summary>
    public HostFailure? Explain(RestResponse answer) =>
        Explain(
            answer.Method == HttpMethod.Post ? _ofCreation
                : answer.Method == HttpMethod.Patch ? _ofChange
                : _ofReading,
            answer.Status,
            GiteaError.Read(answer.Text) ?? answer.Text
        );

    private HostFailure? Explain(FailureRule[] ofTheCall, int? status, string text) =>
        FailureRule.Find(_rules, status, text) ?? FailureRule.Find(ofTheCall, status, text);

    /// <summary>The scopes that a token needs (https://docs.gitea.com/development/oauth2-provider#scopes).</summary>
    internal static class Scopes
    {
        /// <summary>Of a source.</summary>
        public const string Reading = "read:repository, read:organization and read:user";

        /// <summary>Of a destination; of one's own account <c>write:user</c> in place of the organisation's.</summary>
        public const string Writing = "write:repository, write:organization (for an organisation) or write:user (for the user itself), and read:user";
    }
}

/// <summary>Reads what a refusal of the REST interface says.</summary>
/// <remarks><code>{"message":"…","url":"https://HOST/api/swagger","errors":["…"]}</code></remarks>
internal static class GiteaError
{
    /// <summary>The sentences in a body; null when it has not that form.</summary>
    public static string? Read(string body)
    {
        if (!body.AsSpan().TrimStart().StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body, GiteaJson.Default.GiteaErrorBody) is { } error ? Read(error) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // The latter is thrown late, for half a surrogate pair in a string.
        }
    }

    private static string? Read(GiteaErrorBody error)
    {
        List<string> sentences = [];
        if (!string.IsNullOrWhiteSpace(error.Message))
        {
            sentences.Add(error.Message);
        }

        if (error.Errors.ValueKind == JsonValueKind.Array)
        {
            sentences.AddRange(
                error
                    .Errors.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!)
                    .Where(text => !string.IsNullOrWhiteSpace(text))
            );
        }

        return sentences.Count > 0 ? string.Join(' ', sentences) : null;
    }
}
