using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>JSON as GitHub's REST API words it.</summary>
internal static class GitHubJson
{
    public static JsonObject Account(string login, long id, bool organization) =>
        new()
        {
            ["login"] = login,
            ["id"] = id,
            ["node_id"] = NodeId(organization ? "Organization" : "User", id),
            ["type"] = organization ? "Organization" : "User",
            ["site_admin"] = false,
            ["html_url"] = $"https://github.com/{login}",
        };

    public static JsonObject Repository(SandboxGitHubRepository repository, JsonObject owner, Uri api, Uri server) =>
        new()
        {
            ["id"] = repository.Id,
            ["node_id"] = NodeId("Repository", repository.Id),
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["owner"] = owner,
            ["private"] = repository.Private,
            ["visibility"] = repository.Private ? "private" : "public",
            ["html_url"] = $"{server}{repository.FullName}",
            ["url"] = $"{api}repos/{repository.FullName}",
            ["clone_url"] = $"{server}{repository.FullName}.git",
            ["mirror_url"] = null,
            ["description"] = repository.Description,
            ["homepage"] = null,
            ["fork"] = repository.Fork,
            ["archived"] = repository.Archived,
            ["disabled"] = repository.Disabled,
            ["is_template"] = false,
            ["has_wiki"] = repository.HasWiki,
            ["topics"] = new JsonArray(),
            ["default_branch"] = repository.DefaultBranch,
            ["size"] = repository.SizeKiB,
            ["pushed_at"] = Time(repository.PushedAt),
            ["created_at"] = Time(DateTimeOffset.FromUnixTimeSeconds(RealGit.Epoch)),
            ["updated_at"] = Time(repository.PushedAt),
        };

    public static JsonObject Error(int status, string message) =>
        new()
        {
            ["message"] = message,
            ["documentation_url"] = "https://docs.github.com/rest",
            ["status"] = status.ToString(CultureInfo.InvariantCulture),
        };

    public static JsonObject Blocked(string reason) =>
        new()
        {
            ["message"] = "Repository access blocked",
            ["block"] = new JsonObject
            {
                ["reason"] = reason,
                ["created_at"] = "2023-11-14T22:13:20Z",
                ["html_url"] = "https://github.com/tos",
            },
        };

    private static string NodeId(string kind, long id) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"0:{kind}:{id}"));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
