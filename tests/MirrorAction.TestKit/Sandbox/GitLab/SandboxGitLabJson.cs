using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>The JSON of <see cref="SandboxGitLab"/>.</summary>
internal static class SandboxGitLabJson
{
    /// <summary>A project, as one who has no token sees it, or whole.</summary>
    public static JsonObject Project(SandboxGitLabProject project, Uri url, bool isSimple)
    {
        var isEmpty = !project.Git.HasBranches();
        var simple = new JsonObject
        {
            ["id"] = project.Id,
            ["description"] = project.Description,
            ["name"] = project.Name,
            ["path"] = project.Path,
            ["path_with_namespace"] = project.FullPath,
            ["default_branch"] = isEmpty ? "main" : project.DefaultBranch,
            ["http_url_to_repo"] = $"https://gitlab.invalid/{project.FullPath}.git",
            ["web_url"] = $"{url}{project.FullPath}",
            ["namespace"] = new JsonObject { ["id"] = project.Namespace.Id, ["full_path"] = project.Namespace.Path },
        };
        if (isSimple)
            return simple;
        simple["visibility"] = project.Visibility;
        simple["archived"] = project.Archived;
        simple["empty_repo"] = isEmpty;
        simple["repository_access_level"] = project.RepositoryAccessLevel;
        simple["wiki_access_level"] = project.WikiAccessLevel;
        simple["lfs_enabled"] = true;
        simple["import_status"] = "none";
        simple["marked_for_deletion_on"] = null;
        if (project.IsFork)
            simple["forked_from_project"] = new JsonObject { ["id"] = 1, ["path_with_namespace"] = "upstream/site" };
        return simple;
    }

    public static JsonObject Namespace(SandboxGitLabNamespace place) =>
        new()
        {
            ["id"] = place.Id,
            ["path"] = place.Path.Split('/')[^1],
            ["kind"] = place.IsUser ? "user" : "group",
            ["full_path"] = place.Path,
        };

    public static JsonObject Group(SandboxGitLabNamespace group) =>
        new()
        {
            ["id"] = group.Id,
            ["full_path"] = group.Path,
            ["visibility"] = group.Visibility,
            ["project_creation_level"] = group.ProjectCreationLevel,
            ["default_branch_protection"] = group.Protects ? 2 : 0,
            ["default_branch_protection_defaults"] = new JsonObject
            {
                ["allowed_to_push"] = Levels(group.Protects ? 40 : 30),
                ["allow_force_push"] = !group.Protects,
                ["allowed_to_merge"] = Levels(group.Protects ? 40 : 30),
            },
        };

    public static JsonObject Protected(string branch) =>
        new()
        {
            ["id"] = 1,
            ["name"] = branch,
            ["push_access_levels"] = Levels(40),
            ["merge_access_levels"] = Levels(40),
            ["allow_force_push"] = false,
        };

    public static JsonObject Message(string text) => new() { ["message"] = text };

    public static JsonObject Message(params (string Field, string Text)[] faults)
    {
        var fields = new JsonObject();
        foreach (var (field, text) in faults)
            fields[field] = new JsonArray(text);
        return new JsonObject { ["message"] = fields };
    }

    private static JsonArray Levels(int level) => new(new JsonObject { ["access_level"] = level });
}
