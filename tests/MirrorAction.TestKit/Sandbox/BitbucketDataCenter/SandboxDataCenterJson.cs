using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>JSON as Bitbucket Data Center's REST interface words it.</summary>
internal static class SandboxDataCenterJson
{
    /// <summary>The version since which repositories are archived.</summary>
    public static Version Archived { get; } = new(8, 0);

    public static JsonObject Repository(SandboxDataCenterRepository repository, SandboxDataCenter host)
    {
        var server = host.WebUrl.AbsoluteUri.TrimEnd('/');
        var key = repository.Project.Key;
        var json = new JsonObject
        {
            ["slug"] = repository.Slug,
            ["id"] = repository.Id,
            ["name"] = repository.Name,
            ["description"] = repository.Description.Length == 0 ? null : repository.Description,
            ["hierarchyId"] = "e3c939f9ef4a7fae272e",
            ["scmId"] = "git",
            ["state"] = repository.State,
            ["statusMessage"] = repository.State == "AVAILABLE" ? "Available" : repository.State,
            ["forkable"] = false,
            ["project"] = Project(repository.Project),
            ["public"] = repository.IsPublic,
            ["links"] = new JsonObject
            {
                ["clone"] = new JsonArray(
                    new JsonObject { ["href"] = $"ssh://git@127.0.0.1:7999/{key.ToLowerInvariant()}/{repository.Slug}.git", ["name"] = "ssh" },
                    new JsonObject { ["href"] = $"{server}/scm/{key.ToLowerInvariant()}/{repository.Slug}.git", ["name"] = "http" }
                ),
                ["self"] = new JsonArray(new JsonObject { ["href"] = $"{server}/projects/{key}/repos/{repository.Slug}/browse" }),
            },
        };
        if (host.Version >= Archived)
            json["archived"] = repository.IsArchived;
        if (repository.IsFork)
            json["origin"] = new JsonObject { ["id"] = 1, ["slug"] = "original" };
        return json;
    }

    public static JsonObject Project(SandboxDataCenterProject project) =>
        new()
        {
            ["key"] = project.Key,
            ["id"] = 1,
            ["name"] = project.Name,
            ["public"] = project.IsPublic,
            ["type"] = project.Key.StartsWith('~') ? "PERSONAL" : "NORMAL",
        };

    public static JsonObject Restriction(string branch) =>
        new()
        {
            ["id"] = 1,
            ["type"] = "pull-request-only",
            ["matcher"] = new JsonObject { ["id"] = $"refs/heads/{branch}", ["displayId"] = branch },
            ["users"] = new JsonArray(),
            ["groups"] = new JsonArray(),
        };

    public static JsonObject Error(string message, string? exception, string? field) =>
        new()
        {
            ["errors"] = new JsonArray(
                new JsonObject
                {
                    ["context"] = field,
                    ["message"] = message,
                    ["exceptionName"] = exception is null ? null : $"com.atlassian.bitbucket.{exception}",
                }
            ),
        };
}
