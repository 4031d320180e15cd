using MirrorAction.Hosts.GitHub;
using MirrorAction.Http;

namespace MirrorAction.Tests.Hosts.GitHub;

public sealed class GitHubWriteFailuresTests
{
    private static readonly GitHubOptions s_token = new() { Token = "x", Writes = true };
    private static readonly GitHubOptions s_app = new() { App = new GitHubAppKey("1", "key"), Writes = true };

    [Theory]
    [InlineData(
        null,
        "error: GH001: Large files detected. You may want to try Git Large File Storage\nerror: File a.bin is 120.00 MB; this exceeds GitHub's file size limit of 100.00 MB",
        HostFailureKind.FileTooLarge,
        "git lfs migrate"
    )]
    [InlineData(null, "index-pack abnormal exit fatal: pack exceeds maximum allowed size (2.00 GiB)", HostFailureKind.TooLarge, "push-limit")]
    [InlineData(413, "<html>Request Entity Too Large</html>", HostFailureKind.TooLarge, "push-limit")]
    [InlineData(408, "", HostFailureKind.Unavailable, "push-limit")]
    [InlineData(
        null,
        "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope",
        HostFailureKind.RefRejected,
        "Workflows: write"
    )]
    [InlineData(
        null,
        "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission",
        HostFailureKind.RefRejected,
        "Workflows: write"
    )]
    [InlineData(
        null,
        "error: GH013: Repository rule violations found for refs/heads/main.\n- Push cannot contain secrets",
        HostFailureKind.RefRejected,
        "push protection"
    )]
    [InlineData(null, "push declined due to repository rule violations", HostFailureKind.RefRejected, "ruleset")]
    [InlineData(null, "error: GH006: Protected branch update failed for refs/heads/main.", HostFailureKind.RefRejected, "Settings > Branches")]
    [InlineData(null, "error: GH003: Sorry, force-pushing to main is not allowed.", HostFailureKind.RefRejected, "Settings > Branches")]
    [InlineData(null, "error: GH008: Your push referenced at least 1 unknown Git LFS object", HostFailureKind.Lfs, "git lfs push")]
    [InlineData(null, "deny updating a hidden ref", HostFailureKind.RefRejected, "input refs")]
    [InlineData(403, "remote: This repository was archived so it is read-only.", HostFailureKind.Forbidden, "unarchive")]
    [InlineData(403, "remote: Write access to repository not granted.", HostFailureKind.Forbidden, "Contents and Workflows: write")]
    [InlineData(403, """{"message":"Resource not accessible by integration"}""", HostFailureKind.Forbidden, "GITHUB_TOKEN can neither create")]
    [InlineData(403, """{"message":"Resource not accessible by personal access token"}""", HostFailureKind.Forbidden, "approved it")]
    [InlineData(
        403,
        """{"message":"You need admin access to the organization before adding a repository to it."}""",
        HostFailureKind.Forbidden,
        "Member privileges"
    )]
    [InlineData(
        422,
        """{"message":"Repository creation failed.","errors":[{"message":"name already exists on this account"}]}""",
        HostFailureKind.Forbidden,
        "do not see it"
    )]
    [InlineData(422, """{"errors":[{"message":"Visibility can't be private. Please upgrade your subscription"}]}""", HostFailureKind.Quota, "plan")]
    public void Refusal_has_a_cause_and_a_cure_for_tokens_and_for_Apps(int? status, string text, HostFailureKind kind, string hint)
    {
        foreach (var options in (GitHubOptions[])[s_token, s_app])
        {
            var failure = GitHubApi.Explain(options, status, text).ShouldNotBeNull();
            failure.Kind.ShouldBe(kind);
            failure.Hint.ShouldContain(hint);
            GitHubApi.Explain(options, status, text.ToUpperInvariant()).ShouldBe(failure);
        }
    }

    [Theory]
    [InlineData(401, """{"message":"Bad credentials"}""", HostFailureKind.Unauthorized)]
    [InlineData(401, "", HostFailureKind.Unauthorized)]
    [InlineData(403, "", HostFailureKind.Forbidden)]
    [InlineData(404, "Repository not found.", HostFailureKind.NotFound)]
    public void Hint_for_a_reader_becomes_one_for_a_writer(int? status, string text, HostFailureKind kind)
    {
        var failure = GitHubApi.Explain(s_token, status, text).ShouldNotBeNull();
        failure.Kind.ShouldBe(kind);
        failure.Hint.ShouldNotContain("Contents: read");
        failure.Hint.ShouldContain("Administration, Contents and Workflows: write");
        failure.Hint.ShouldContain("repo and workflow");
    }

    [Theory]
    [InlineData(403, "Resource protected by organization SAML enforcement.", HostFailureKind.Forbidden)]
    [InlineData(403, "You have exceeded a secondary rate limit.", HostFailureKind.RateLimited)]
    [InlineData(451, "", HostFailureKind.Blocked)]
    public void What_is_the_same_for_everyone_stays(int status, string text, HostFailureKind kind)
    {
        GitHubApi.Explain(s_token, status, text).ShouldNotBeNull().Kind.ShouldBe(kind);
        GitHubApi.Explain(s_token, status, text).ShouldBe(GitHubApi.Explain(s_token with { Writes = false }, status, text));
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(403, "You need admin access to the organization before adding a repository to it.")]
    [InlineData(422, "Visibility can't be private. Please upgrade your subscription")]
    [InlineData(null, "error: GH006: Protected branch update failed for refs/heads/main.")]
    public void Words_fit_a_mirror_as_well_as_a_restore(int? status, string text) =>
        GitHubApi.Explain(s_token, status, text).ShouldNotBeNull().Hint.ShouldNotContain("restore");

    [Theory]
    [InlineData(null, "")]
    [InlineData(null, "upload-pack: not our ref 1234")]
    [InlineData(null, "failed to update ref refs/heads/upgrade-workflow")]
    public void What_is_not_githubs_own_is_left_to_the_caller(int? status, string text) => GitHubApi.Explain(s_token, status, text).ShouldBeNull();
}
