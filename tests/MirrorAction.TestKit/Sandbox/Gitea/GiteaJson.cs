using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>What <see cref="SandboxGitea"/> tells of its accounts and repositories.</summary>
internal static class GiteaJson
{
    public static JsonObject Account(SandboxGiteaAccount account) =>
        new()
        {
            ["id"] = account.Id,
            ["login"] = account.Login,
            ["username"] = account.Login,
            ["visibility"] = account.Visibility,
            ["is_admin"] = false,
        };

    public static JsonObject Repository(SandboxGitea host, SandboxGiteaRepository repository)
    {
        var owner = host.FindAccount(repository.Owner)!;
        var json = new JsonObject
        {
            ["id"] = repository.Id,
            ["owner"] = Account(owner),
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["description"] = repository.Description,
            ["private"] = repository.Private,
            ["internal"] = !repository.Private && owner.Visibility == "private",
            ["empty"] = !repository.Git.HasBranches(),
            ["archived"] = repository.Archived,
            ["fork"] = repository.Fork,
            ["mirror"] = repository.Mirror,
            ["default_branch"] = repository.DefaultBranch,
            ["clone_url"] = $"https://another.example/{repository.FullName}.git",
            ["size"] = repository.Size / 1024,
            ["has_wiki"] = repository.HasWiki,
            ["has_issues"] = repository.HasIssues,
            ["has_pull_requests"] = repository.HasPullRequests,
            ["object_format_name"] = "sha1",
        };
        if (!host.IsOld)
            json["has_actions"] = repository.HasActions;
        if (host.IsForgejo)
            json["has_wiki_contents"] = repository.Git.FindWiki() is not null;
        return json;
    }
}
