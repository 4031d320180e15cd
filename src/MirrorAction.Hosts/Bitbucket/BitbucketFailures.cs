using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.Bitbucket;

/// <summary>What Bitbucket's refusals mean, over REST and over git, and what to do about each.</summary>
internal sealed class BitbucketFailures
{
    private const string Branches =
        "A branch restriction refuses this ref: remove it in Bitbucket under Repository settings > Branch restrictions (or those of the project), "
        + "or let the credentials' user write and rewrite all branches there.";

    private const string BigFile =
        "Bitbucket takes no file over 100 MB: an admin of the repository can lift that under Repository settings > Advanced, or remove the file "
        + "from the source's history.";

    private readonly FailureRule[] _rules;
    private readonly FailureRule[] _ofGit;
    private readonly FailureRule[] _ofReading;
    private readonly FailureRule[] _ofCreation;
    private readonly FailureRule[] _ofChange;

    /// <summary>Words the hints for one workspace and its credential.</summary>
    public BitbucketFailures(BitbucketOptions options)
    {
        var advice = BitbucketCredentialHints.For(options);
        var makeApiToken = BitbucketCredentialHints.MakeApiToken(options.Writes);
        var workspace = TextSanitizer.Clean(options.Workspace, 100);
        var place = options.ProjectKey is { } key
            ? $"workspace {workspace}, project {TextSanitizer.Clean(key, 100)} (or the one that a rule of the configuration file names)"
            : $"workspace {workspace}, and in the project if a rule of the configuration file names one";
        var create = $"The credentials need admin:repository, and their user the right to create repositories in {place}, which must exist.";
        var missing =
            $"It was not created, was renamed or deleted, or the credentials do not reach it in workspace {workspace}; in an outage Bitbucket "
            + "also answers so for what exists.";

        var addresses =
            $"Workspace {workspace} takes only listed IP addresses: add the runner's address to its allowlist (Workspace settings > Access "
            + "controls), or use a runner with a fixed address.";

        // Single words could be part of a ref's name, so they count only together with a status.
        // Rows are tried from the top: texts before bare statuses, special before general.
        _rules =
        [
            new(["app password"], HostFailureKind.Unauthorized, $"Bitbucket removed app passwords on 2026-07-28: {makeApiToken}."),
            new(["required privilege scopes"], HostFailureKind.Forbidden, advice.WhenScopesAreMissing),
            new(
                ["not accessible by this authentication mechanism"],
                HostFailureKind.Forbidden,
                "This kind of token cannot do that: repository access tokens, for one, cannot create repositories. Use a workspace access token "
                    + $"(Premium), an OAuth consumer, or {makeApiToken}."
            ),
            new(["token is invalid, expired, or not supported"], HostFailureKind.Unauthorized, advice.WhenRefused),
            new(["invalid credentials"], HostFailureKind.Unauthorized, advice.WhenRefused),
            new(["authentication failed"], HostFailureKind.Unauthorized, advice.WhenRefused),
            new(
                ["access token", "branch restriction"],
                HostFailureKind.RefRejected,
                "Bitbucket does not let access tokens push where branch restrictions are set: remove the restrictions (Repository settings > "
                    + "Branch restrictions), or use an API token with bitbucket-email."
            ),
            new(["permission denied to", "branch"], HostFailureKind.RefRejected, Branches),
            new(["branch restriction"], HostFailureKind.RefRejected, Branches),
            new(
                ["deletion of the current branch"],
                HostFailureKind.RefRejected,
                "The main branch cannot be deleted: choose another under Repository settings > Repository details first."
            ),
            new(["hidden ref"], HostFailureKind.RefRejected, "Bitbucket keeps this namespace for itself; take it out of the input refs."),
            new(
                ["repository is over the size limit"],
                HostFailureKind.TooLarge,
                "The mirror exceeds Bitbucket's limit of 4 GB for a repository and takes nothing but rewinds: shrink the source (LFS, "
                    + "history) and let Bitbucket collect garbage, or exclude it."
            ),
            new(
                ["workspace is over", "size limit"],
                HostFailureKind.Quota,
                $"A Free workspace holds 1 GB in all: upgrade {workspace} to Standard or Premium, delete what it does not need, or mirror "
                    + "less (repositories, exclude)."
            ),
            new(
                ["pack exceeds maximum"],
                HostFailureKind.TooLarge,
                "Bitbucket takes at most 3.5 GB in one push, and what it refused cannot be sent in smaller parts: take the largest files out of the "
                    + "source's history (git lfs migrate), or leave the repository out with exclude."
            ),
            new(["100 MB"], HostFailureKind.FileTooLarge, BigFile),
            new(["file", "too large"], HostFailureKind.FileTooLarge, BigFile),
            new(["file", "size limit"], HostFailureKind.FileTooLarge, BigFile),
            new(
                ["exceeded its user limit"],
                HostFailureKind.Quota,
                $"A Free workspace with more than 5 users is read-only: remove users from {workspace} or upgrade its plan."
            ),
            new(["whitelist your IP"], HostFailureKind.Forbidden, addresses),
            new(403, ["allowlist"], HostFailureKind.Forbidden, addresses),
            new(
                410,
                ["CHANGE-"],
                HostFailureKind.Protocol,
                "Bitbucket has switched off the function that was called. Update this action; if it is current, report it as a bug."
            ),
            new(410, ["spam"], HostFailureKind.Disabled, "Bitbucket marked this account as spam; ask Atlassian's support to free it."),
            new(
                ["workspace", "deactivated"],
                HostFailureKind.Disabled,
                $"Bitbucket deactivates workspaces that go unused for six months: an admin of {workspace} reactivates it in the browser."
            ),
            new(
                ["no workspace with identifier"],
                HostFailureKind.NotFound,
                "Check bitbucket-workspace: it is the workspace's slug as in its web address, not its display name."
            ),
            new(
                ["slug and owner already exists"],
                HostFailureKind.Forbidden,
                "A repository of this name exists, but the credentials do not see it: give their user or token access to it in workspace "
                    + $"{workspace}."
            ),
            new(
                ["invalid slug"],
                HostFailureKind.Protocol,
                "The slug is one that Bitbucket does not take: report it as a bug of this action with the repository's name, and exclude the "
                    + "repository for now."
            ),
            new(["you may not have access to this repository"], HostFailureKind.NotFound, missing),
            new(["repository", "not found"], HostFailureKind.NotFound, missing),
            new(["create repositories"], HostFailureKind.Forbidden, create),
            new(
                ["pre-receive hook declined"],
                HostFailureKind.RefRejected,
                "A rule of the repository refuses this push: see Repository settings > Branch restrictions, and the size limits (file 100 "
                    + "MB, push 3.5 GB)."
            ),
            new(
                400,
                ["mainbranch"],
                HostFailureKind.Protocol,
                "Bitbucket does not make this branch the main branch: its message says "
                    + "why. Choose it by hand under Repository settings > Repository details."
            ),
            new(
                400,
                ["is_private"],
                HostFailureKind.Forbidden,
                "The project or the workspace does not allow this visibility: allow it "
                    + "there, or set destination-visibility, or the visibility of a rule, to "
                    + "what it allows."
            ),
            new(401, HostFailureKind.Unauthorized, advice.WhenRefused),
            new(402, HostFailureKind.Quota, $"The plan of workspace {workspace} does not include this: upgrade it, or mirror less."),
            new(
                410,
                HostFailureKind.Protocol,
                "Bitbucket has removed this function or resource. Update this action; if you use an app password, replace it by an API token."
            ),
        ];
        const string pause = "run again in an hour, or use credentials that nothing else uses.";
        const string requests = "Bitbucket allows 1,000 REST requests an hour to one user or token: " + pause;
        var mayNot =
            $"The credentials may not do this in workspace {workspace}: the token needs "
            + $"{BitbucketCredentialHints.Scopes(options.Writes)} (access token: {BitbucketCredentialHints.AccessScopes(options.Writes)}), "
            + $"its user {(options.Writes ? "write" : "read")} access.";
        FailureRule[] ofRest = [new(["rate limit"], HostFailureKind.RateLimited, requests), new(429, HostFailureKind.RateLimited, requests)];

        // The same status means one thing to one who creates and another to one who pushes.
        _ofGit =
        [
            new(
                400,
                HostFailureKind.Protocol,
                "Bitbucket's git server did not take the request for one of git's: check bitbucket-git-url, and any proxy before it."
            ),
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
            new(
                413,
                HostFailureKind.TooLarge,
                "Bitbucket, or a proxy before it, takes no push of this size, and it "
                    + "cannot be sent in smaller parts: lift the proxy's limit, take the "
                    + "largest files out of the source's history (git lfs migrate), or leave the repository out with exclude."
            ),
            new(429, HostFailureKind.RateLimited, "Bitbucket allows 60,000 git requests an hour to one user or token: " + pause),
            new(["rate limit"], HostFailureKind.RateLimited, "Bitbucket wants fewer git requests from this user or token: " + pause),
        ];
        _ofReading =
        [
            .. ofRest,
            new(400, HostFailureKind.Protocol, "Bitbucket did not understand the request: check bitbucket-api-url and bitbucket-workspace."),
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
        ];
        _ofChange =
        [
            .. ofRest,
            new(
                400,
                HostFailureKind.Protocol,
                "Bitbucket did not accept the change of the repository; its message says why. Nothing was changed by it."
            ),
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
        ];
        _ofCreation =
        [
            .. ofRest,
            new(400, HostFailureKind.Protocol, "Bitbucket did not create the repository. " + create),
            new(403, HostFailureKind.Forbidden, $"{mayNot} {create}"),
            new(
                404,
                HostFailureKind.NotFound,
                $"There is no workspace {workspace}, or the credentials do not reach "
                    + "it; in an outage Bitbucket also answers so. Check bitbucket-workspace."
            ),
            new(
                409,
                HostFailureKind.Forbidden,
                "Something of this name exists already, but the credentials do not see it: give their user or token access to it in "
                    + $"workspace {workspace}."
            ),
        ];
    }

    /// <summary>The meaning of a refusal on the git channel; null when Bitbucket has no word of its own for it.</summary>
    public HostFailure? Explain(int? status, string text) => Explain(_ofGit, status, text);

    /// <summary>The meaning of a refusal over REST; null when Bitbucket has no word of its own for it.</summary>
    public HostFailure? Explain(RestResponse answer) =>
        Explain(
            answer.Method == HttpMethod.Post ? _ofCreation
                : answer.Method == HttpMethod.Put ? _ofChange
                : _ofReading,
            answer.Status,
            answer.Text
        );

    private HostFailure? Explain(FailureRule[] ofTheCall, int? status, string text)
    {
        var error = BitbucketError.TryRead(text);
        var said = error?.Message ?? text;
        var failure =
            FailureRule.Find(_rules, status, said)
            ?? FailureRule.Find(ofTheCall, status, said)
            ?? status switch
            {
                408 or >= 500 => new(HostFailureKind.Unavailable, "Bitbucket is in trouble: see https://bitbucket.status.atlassian.com."),
                _ => null,
            };
        return failure is null || error is null ? failure : failure with { Hint = failure.Hint + More(failure.Kind, error) };
    }

    private static string More(HostFailureKind kind, BitbucketError error)
    {
        if (kind == HostFailureKind.Forbidden && error.RequiredScopes.Count > 0)
        {
            return $" This call needs: {TextSanitizer.Clean(string.Join(", ", error.RequiredScopes), 200)}.";
        }

        return Uri.TryCreate(error.AnnouncementUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? $" Announced at {TextSanitizer.Clean(url.AbsoluteUri, 200)}"
            : "";
    }
}
