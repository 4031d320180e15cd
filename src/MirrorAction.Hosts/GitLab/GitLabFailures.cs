using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitLab;

/// <summary>What GitLab's refusals mean, over REST and over git, and what to do about each.</summary>
internal sealed class GitLabFailures
{
    /// <summary>What to do about a protected branch.</summary>
    public const string Unprotect =
        "Remove the protection at the mirror (Settings > Repository > Protected branches > Unprotect; a rule of the group: at the group), "
        + "and let the "
        + "group protect no default branch of new projects (group: Settings > Repository > Default branch > Not protected). A mirror rewrites and "
        + "deletes branches as the source does.";

    /// <summary>What to do about the limit on creations.</summary>
    public const string CreationLimit =
        "GitLab lets a user create 200 projects a day, unless its administrator says otherwise: run again tomorrow. The next run goes on "
        + "where this one "
        + "stopped, and what exists already is mirrored.";

    private const string Ban =
        "GitLab refused without a word, as it does for 15 minutes after many failed log-ins from one address: correct the token, stop what "
        + "else logs in "
        + "from there, and run again later.";

    private const string Taken =
        "A project of this name exists, but the token does not see it. Most often it was deleted and keeps its name until GitLab purges it, "
        + "for days: "
        + "an owner of the group restores it, or deletes it at once, under the group's Inactive projects (Settings > General > Delete "
        + "project > Delete "
        + "immediately). Else another project of the group has this display name, or the token lacks access to the project.";

    private const string BigFile =
        "A file is larger than this GitLab takes (100 MiB on GitLab.com's Free plan): move large files to LFS at the source (git lfs "
        + "migrate), or let an "
        + "administrator raise the limit.";

    private readonly FailureRule[] _rules;
    private readonly FailureRule[] _ofGit;
    private readonly FailureRule[] _ofRest;

    /// <summary>Words the hints for one role and its token.</summary>
    public GitLabFailures(HostSettings settings)
    {
        var by =
            settings.Credential.Length > 0 ? $"GitLab was asked by {settings.Credential}" : "GitLab was asked by source-token or destination-token";
        var make = settings.Writes
            ? "create a token with the scope api, whose user has the role Maintainer in the group (a group access token: group > Settings > "
                + "Access tokens)"
            : "create a token with the scopes read_api and read_repository, whose user has the role Reporter or above in the group";
        var dead = $"The token is wrong, expired, revoked, or of a blocked user. {by}: {make}, and store it as the secret.";
        var scopes = $"The token lacks a scope, and none can be added later. {by}: {make}.";
        var mayNot = $"The token's user may not do this. {by}: {make}.";
        var missing =
            "It does not exist (any more), was moved, or the token does not see it, which GitLab answers in the same way. Check source-owner or "
            + $"destination-owner (the full path, such as acme/team), source-url or destination-url, and the token. {by}: {make}.";

        // Rows are tried from the top: texts before bare statuses, special before general.
        _rules =
        [
            new(["insufficient_scope"], HostFailureKind.Forbidden, scopes),
            new(["invalid_token"], HostFailureKind.Unauthorized, dead),
            new(["HTTP Basic: Access denied"], HostFailureKind.Unauthorized, dead),
            new(["token is expired"], HostFailureKind.Unauthorized, dead),
            new(["token was revoked"], HostFailureKind.Unauthorized, dead),
            new(["account has been blocked"], HostFailureKind.Unauthorized, dead),
            new(
                ["must accept the terms of service"],
                HostFailureKind.Forbidden,
                "The token's user has not accepted the terms of this GitLab: log in as that user once in the browser."
            ),
            new(
                ["default branch of a project cannot be deleted"],
                HostFailureKind.RefRejected,
                "GitLab deletes no default branch: choose another one first (Settings > Repository > Default branch)."
            ),
            new(["protected branch"], HostFailureKind.RefRejected, Unprotect),
            new(
                ["protected tag"],
                HostFailureKind.RefRejected,
                "Remove the protection of tags at the mirror (Settings > Repository > Protected tags): a mirror moves and deletes tags as "
                    + "the source does."
            ),
            new(
                ["tag as it is protected"],
                HostFailureKind.RefRejected,
                "Remove the protection of tags at the mirror (Settings > Repository > Protected tags): a mirror moves and deletes tags as "
                    + "the source does."
            ),
            new(
                ["change existing tags"],
                HostFailureKind.RefRejected,
                "The token's user may not move tags: give that user the role Maintainer in the group."
            ),
            new(["hexadecimal branch name"], HostFailureKind.RefRejected, Hexadecimal("branch")),
            new(["SHA-1 or SHA-256 branch"], HostFailureKind.RefRejected, Hexadecimal("branch")),
            new(["SHA-1 or SHA-256 tag"], HostFailureKind.RefRejected, Hexadecimal("tag")),
            new(
                ["branch with an invalid name"],
                HostFailureKind.RefRejected,
                "GitLab takes no branch of this name: leave it out with the input refs."
            ),
            new(
                ["LFS objects are missing"],
                HostFailureKind.Lfs,
                "GitLab declines refs whose LFS objects it does not have: let the mirror move them (input lfs: true), or switch LFS off in "
                    + "the project "
                    + "(Settings > General > Visibility, project features, permissions > Git LFS)."
            ),
            new(["one or more blobs which exceed"], HostFailureKind.FileTooLarge, BigFile),
            new(["larger than the allowed size"], HostFailureKind.FileTooLarge, BigFile),
            new(
                ["exceeded its size limit"],
                HostFailureKind.TooLarge,
                "The project is at GitLab's limit for one repository with its LFS objects (10 GB on GitLab.com): shrink the source, let an "
                    + "administrator "
                    + "raise the limit, or leave the repository out with exclude."
            ),
            new(
                ["namespace storage"],
                HostFailureKind.Quota,
                "The group's storage is used up: delete what it does not need, buy storage, or mirror less (repositories, exclude)."
            ),
            new(
                ["over the user limit"],
                HostFailureKind.Quota,
                "A Free top-level group with more users than its plan allows is read-only: remove users, or upgrade the plan."
            ),
            new(["unable to handle this request due to load"], HostFailureKind.Unavailable, "GitLab is overloaded at the moment: run again later."),
            new(["temporarily read-only"], HostFailureKind.Unavailable, "GitLab is moving or maintaining the repository: run again later."),
            new(["read-only GitLab instance"], HostFailureKind.Unavailable, "This GitLab takes no changes at the moment, or is a secondary site."),
            new(
                ["archived project"],
                HostFailureKind.Forbidden,
                "The mirror is archived, and takes no push: unarchive it (Settings > General > Unarchive project), or leave the repository "
                    + "out with exclude."
            ),
            new(
                ["over HTTP is not allowed"],
                HostFailureKind.Forbidden,
                "This GitLab has git over HTTPS switched off (Admin > Settings > General > Visibility and access controls): its "
                    + "administrator must allow it."
            ),
            new(["push code to this project"], HostFailureKind.Forbidden, mayNot),
            new(["download code from this project"], HostFailureKind.Forbidden, mayNot),
            new(["project you were looking for could not be found"], HostFailureKind.NotFound, missing),
            new(["repository for this project does not exist"], HostFailureKind.NotFound, missing),
            new(["does not follow the pattern"], HostFailureKind.RefRejected, PushRule),
            new(["prohibited by the pattern"], HostFailureKind.RefRejected, PushRule),
            new(["verified emails"], HostFailureKind.RefRejected, PushRule),
            new(["is not a member of team"], HostFailureKind.RefRejected, PushRule),
            new(["must be signed"], HostFailureKind.RefRejected, PushRule),
            new(["PUSH BLOCKED"], HostFailureKind.RefRejected, PushRule),
            new(["pre-receive hook declined"], HostFailureKind.RefRejected, $"A rule of the project or the group refuses this push. {PushRule}"),
            new(["has already been taken"], HostFailureKind.Forbidden, Taken),
            new(
                ["limit_reached"],
                HostFailureKind.Quota,
                "The token's user may own no more projects: let an administrator raise the limit, or mirror into a group."
            ),
            new(
                400,
                ["visibility"],
                HostFailureKind.Forbidden,
                "No project may be more visible than its group, and an administrator can forbid visibilities: make the group public, or set "
                    + "destination-visibility, or the visibility of a rule, to what is allowed there."
            ),
            new(400, ["namespace", "is not valid"], HostFailureKind.Forbidden, mayNot),
            new(
                400,
                ["default branch"],
                HostFailureKind.Protocol,
                "GitLab does not make this branch the default branch: its message says why. Choose it by hand (Settings > Repository > "
                    + "Default branch)."
            ),
            new(401, HostFailureKind.Unauthorized, dead),
        ];
        const string less = "GitLab wants fewer requests from this user or address: run again later, or lower the input concurrency.";
        _ofGit =
        [
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
            new(
                413,
                HostFailureKind.TooLarge,
                "GitLab, or a proxy before it, takes no push of this size (5 GiB on GitLab.com), and it cannot be sent in smaller parts: "
                    + "lift the limit, "
                    + "or take the largest files out of the source's history (git lfs migrate)."
            ),
            new(429, HostFailureKind.RateLimited, less),
        ];
        _ofRest =
        [
            new(400, HostFailureKind.Protocol, "GitLab did not accept the request; its message says why. Nothing was changed by it."),
            new(403, HostFailureKind.Forbidden, mayNot),
            new(404, HostFailureKind.NotFound, missing),
            new(429, HostFailureKind.RateLimited, less),
        ];
    }

    /// <summary>The path, or the name, of a project belongs to another.</summary>
    public static bool SaysTaken(string message) => message.Contains("has already been taken", StringComparison.OrdinalIgnoreCase);

    /// <summary>GitLab's own limit on one endpoint; the limits before it answer in plain text and name a time.</summary>
    public static bool SaysTooManyCreations(string message) => message.Contains("requested too many times", StringComparison.OrdinalIgnoreCase);

    /// <summary>The meaning of a refusal on the git channel; null when GitLab has no word of its own for it.</summary>
    public HostFailure? Explain(int? status, string text) => Explain(_ofGit, status, text);

    /// <summary>The meaning of a refusal over REST; null when GitLab has no word of its own for it.</summary>
    public HostFailure? Explain(RestResponse answer) => Explain(_ofRest, answer.Status, answer.Text);

    private HostFailure? Explain(FailureRule[] ofTheCall, int? status, string text)
    {
        var said = GitLabError.TryRead(text) ?? text;
        if (status == 403 && said.Trim().Equals("Forbidden", StringComparison.OrdinalIgnoreCase))
        {
            return new HostFailure(HostFailureKind.RateLimited, Ban);
        }

        return FailureRule.Find(_rules, status, said)
            ?? FailureRule.Find(ofTheCall, status, said)
            ?? status switch
            {
                408 or >= 500 => new(HostFailureKind.Unavailable, "GitLab is in trouble: see https://status.gitlab.com, and run again later."),
                _ => null,
            };
    }

    private const string PushRule =
        "See the project's and the group's push rules and secret push protection (Settings > Repository > Push rules), and server hooks of "
        + "the instance: "
        + "a mirror must take every commit of the source.";

    private static string Hexadecimal(string kind) =>
        $"GitLab takes no {kind} whose name is that of a commit (40 or 64 hexadecimal digits): leave it out with the input refs, or rename "
        + "it at the source.";
}
