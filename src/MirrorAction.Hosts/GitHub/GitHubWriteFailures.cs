using MirrorAction.Hosts.Rest;
using MirrorAction.Http;

namespace MirrorAction.Hosts.GitHub;

/// <summary>
/// What GitHub's refusals mean to one who creates repositories and pushes; what is the same for a reader is left to the others' tables.
/// </summary>
internal static class GitHubWriteFailures
{
    private const string Needed =
        "To create and write repositories, a fine-grained token needs the permissions Administration, "
        + "Contents and Workflows: write on \"All repositories\" of the owner, a classic "
        + "token the scopes repo and workflow, a GitHub App the same permissions as "
        + "a fine-grained token. The workflow's own GITHUB_TOKEN can neither create "
        + "repositories nor push workflow files.";

    private const string Push = "Lower push-limit if this is a restore, and run again: what has arrived is not sent twice.";

    private const string Rules =
        "A ruleset or push protection refuses this ref: see the server's words for "
        + "the rule. For a secret in old history, allow it by the link that GitHub gives "
        + "there, or switch push protection off for the time of the run (Settings "
        + "> Advanced Security); for a rule, let the credentials bypass it (Settings > "
        + "Rules). Then run again.";

    private const string Protected =
        "A branch protection rule refuses this ref: lift it for the time of the run (repository Settings > Branches), and run again.";

    /// <summary>Rows are tried from the top; texts before bare statuses.</summary>
    private static readonly FailureRule[] s_rules =
    [
        new(
            ["refusing to allow", "workflow"],
            HostFailureKind.RefRejected,
            "GitHub takes commits with files below .github/workflows only from credentials "
                + "that may write workflows: the scope workflow of a classic token, the "
                + "permission Workflows: write of a fine-grained token or an App. Add it, and run again."
        ),
        new(["GH001:"], HostFailureKind.FileTooLarge, BigFile),
        new(["exceeds GitHub's file size limit"], HostFailureKind.FileTooLarge, BigFile),
        new(["GH013:"], HostFailureKind.RefRejected, Rules),
        new(["GH009:"], HostFailureKind.RefRejected, Rules),
        new(["repository rule violations"], HostFailureKind.RefRejected, Rules),
        new(["GH006:"], HostFailureKind.RefRejected, Protected),
        new(["GH003:"], HostFailureKind.RefRejected, Protected),
        new(["protected branch hook declined"], HostFailureKind.RefRejected, Protected),
        new(
            ["GH008:"],
            HostFailureKind.Lfs,
            "The commits point to Git LFS objects that this repository does not have. With lfs: true they are sent first; those that the source lost "
                + "too can come only from a clone that has them: git lfs push --all, and run again."
        ),
        new(["hidden ref"], HostFailureKind.RefRejected, "GitHub keeps this namespace for itself, as refs/pull/*; take it out of the input refs."),
        new(
            ["pack exceeds maximum allowed size"],
            HostFailureKind.TooLarge,
            "GitHub takes at most 2 GiB in one push. "
                + Push
                + " A single commit beyond that comes back only without its largest files (git lfs migrate)."
        ),
        new(
            ["was archived so it is read-only"],
            HostFailureKind.Forbidden,
            "The repository is archived at GitHub, and so is read-only: unarchive it "
                + "(Settings > General > Danger zone) and run again, or leave it out with exclude."
        ),
        new(
            ["name already exists"],
            HostFailureKind.Forbidden,
            "Something of this name exists already, but the credentials do not see it: let the token reach all repositories of the owner. " + Needed
        ),
        new(422, ["default branch"], HostFailureKind.Protocol, MainBranch),
        new(422, ["branch", "was not found"], HostFailureKind.Protocol, MainBranch),
        new(
            422,
            ["upgrade"],
            HostFailureKind.Quota,
            "The owner's plan does not include this, such as another private repository: upgrade it, or set destination-visibility: source."
        ),
        new(
            ["admin access to the organization"],
            HostFailureKind.Forbidden,
            "The token's user may not create repositories in this organisation: an owner "
                + "allows it under the organisation's Settings > Member privileges, or runs "
                + "this. "
                + Needed
        ),
        new(["resource not accessible by integration"], HostFailureKind.Forbidden, "The App, or GITHUB_TOKEN, lacks a permission. " + Needed),
        new(
            ["resource not accessible by personal access token"],
            HostFailureKind.Forbidden,
            "The fine-grained token lacks a permission, or the organisation has not approved it yet. " + Needed
        ),
        new(
            ["write access to repository not granted"],
            HostFailureKind.Forbidden,
            "The credentials may read this repository, but not push to it. " + Needed
        ),
        new(408, HostFailureKind.Unavailable, "GitHub gave up waiting for a push that came too slowly. " + Push),
        new(413, HostFailureKind.TooLarge, "The server, or a proxy before it, takes no push of this size. " + Push),
    ];

    private const string MainBranch =
        "GitHub does not make this branch the default branch: its message says why. Choose it by hand in the repository's Settings > General.";

    private const string BigFile =
        "GitHub takes no file over 100 MB in ordinary git: leave out the refs that hold "
        + "it (input refs), or take it out of their history, as by git lfs migrate, in "
        + "a copy of the mirror. All other refs are written.";

    /// <summary>The meaning of a refusal; null when GitHub has no word of its own for it.</summary>
    /// <param name="status">The HTTP status, null when git itself refused.</param>
    /// <param name="text">What the server wrote.</param>
    /// <param name="ofReader">What it means to one who only reads.</param>
    public static HostFailure? Explain(int? status, string text, HostFailure? ofReader) =>
        FailureRule.Find(s_rules, status, text)
        ?? ofReader switch
        {
            // What a reader would be told to mend is not enough for one who writes.
            { Kind: HostFailureKind.Unauthorized } when AsksToRead(ofReader) => ofReader with
            {
                Hint = "The GitHub token is missing, wrong, expired or revoked. " + Needed,
            },
            { Kind: HostFailureKind.Forbidden } when AsksToRead(ofReader) => ofReader with { Hint = "The credentials may not do this. " + Needed },
            { Kind: HostFailureKind.NotFound } when AsksToRead(ofReader) => ofReader with
            {
                Hint = "It does not exist, or the credentials do not reach it. " + Needed,
            },
            _ => ofReader,
        };

    /// <summary>The credentials can create nothing in the owner's name.</summary>
    /// <param name="owner">The organisation or user.</param>
    /// <param name="isApp">It is asked by an App.</param>
    public static HostException NoPlace(string owner, bool isApp) =>
        new(
            $"The credentials can create no repository for {owner}, which is a user's account.",
            new HostFailure(
                HostFailureKind.Forbidden,
                (
                    isApp
                        ? $"A GitHub App creates repositories in organisations only: pass a token of {owner} as github-token instead. "
                        : $"Only a token of {owner} itself creates repositories there: pass "
                            + "one as github-token, or give an organisation (github-owner). "
                ) + Needed
            )
        );

    private static bool AsksToRead(HostFailure failure) => failure.Hint.Contains("Contents: read", StringComparison.Ordinal);
}
