using System.Globalization;
using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>JSON as Bitbucket Cloud's REST API words it.</summary>
internal static class BitbucketJson
{
    public static JsonObject Repository(SandboxBitbucketRepository repository, Uri server)
    {
        var main = repository.MainBranch;
        return new JsonObject
        {
            ["type"] = "repository",
            ["uuid"] = repository.Uuid,
            ["full_name"] = repository.FullName,
            ["slug"] = repository.Slug,
            ["name"] = repository.Name,
            ["description"] = repository.Description,
            ["is_private"] = repository.IsPrivate,
            ["scm"] = "git",
            ["fork_policy"] = "allow_forks",
            ["language"] = "",
            ["size"] = repository.Size,
            ["created_on"] = Time(repository.CreatedOn),
            ["updated_on"] = Time(repository.UpdatedOn),
            ["mainbranch"] = main is null ? null : new JsonObject { ["type"] = "branch", ["name"] = main },
            ["parent"] = repository.IsFork ? new JsonObject { ["type"] = "repository", ["uuid"] = $"{{{Guid.Empty}}}" } : null,
            ["project"] = new JsonObject
            {
                ["type"] = "project",
                ["key"] = repository.Project,
                ["name"] = repository.Project,
            },
            ["workspace"] = new JsonObject
            {
                ["type"] = "workspace",
                ["slug"] = repository.Workspace,
                ["name"] = repository.Workspace,
            },
            ["owner"] = new JsonObject
            {
                ["type"] = "team",
                ["username"] = repository.Workspace,
                ["display_name"] = repository.Workspace,
            },
            ["links"] = new JsonObject
            {
                ["html"] = new JsonObject { ["href"] = $"{server}{repository.FullName}" },
                ["clone"] = new JsonArray(new JsonObject { ["name"] = "https", ["href"] = $"{server}{repository.FullName}.git" }),
            },
        };
    }

    public static JsonObject Workspace(string slug) =>
        new()
        {
            ["type"] = "workspace",
            ["uuid"] = "{5b2c1c4e-0000-4000-8000-000000000001}",
            ["slug"] = slug,
            ["name"] = slug,
            ["is_private"] = true,
            ["created_on"] = Time(DateTimeOffset.FromUnixTimeSeconds(RealGit.Epoch)),
        };

    public static JsonObject Project(string key) =>
        new()
        {
            ["type"] = "project",
            ["key"] = key,
            ["name"] = key,
            ["is_private"] = true,
        };

    public static JsonObject User(string? username) =>
        new()
        {
            ["type"] = "user",
            ["uuid"] = "{5b2c1c4e-0000-4000-8000-000000000002}",
            ["account_id"] = "557058:acme",
            ["username"] = username,
            ["nickname"] = username,
            ["display_name"] = username,
        };

    public static JsonObject Restriction(string branch, int id) =>
        new()
        {
            ["type"] = "branchrestriction",
            ["id"] = id,
            ["kind"] = "push",
            ["branch_match_kind"] = "glob",
            ["pattern"] = branch,
            ["users"] = new JsonArray(),
            ["groups"] = new JsonArray(),
        };

    public static JsonObject Error(string message, JsonNode? detail = null, JsonObject? fields = null, JsonObject? data = null)
    {
        var error = new JsonObject { ["message"] = message };
        if (fields is not null)
            error["fields"] = fields;
        if (detail is not null)
            error["detail"] = detail;
        if (data is not null)
            error["data"] = data;
        return new JsonObject { ["type"] = "error", ["error"] = error };
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);
}
