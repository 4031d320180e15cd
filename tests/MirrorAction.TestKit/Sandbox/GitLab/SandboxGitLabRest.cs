using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MirrorAction.TestKit;

/// <summary>One REST request to <see cref="SandboxGitLab"/>.</summary>
internal sealed partial class SandboxGitLabRest(SandboxGitLab host, HttpContext context)
{
    private const int Developer = 30;
    private const int Maintainer = 40;

    private static readonly string[] s_reserved = ["-", "badges", "blame", "blob", "commits", "edit", "files", "new", "raw", "refs", "tree", "wikis"];

    private static readonly string[] s_visibilities = ["private", "internal", "public"];

    private SandboxGitLabToken? _token;

    private HttpRequest Request => context.Request;

    private HttpResponse Response => context.Response;

    /// <summary>The names of the path, each unescaped by itself: <c>acme%2Fteam</c> is one.</summary>
    private string[] Names =>
        [
            .. context
                .Features.GetRequiredFeature<IHttpRequestFeature>()
                .RawTarget.Split('?')[0]["/api/v4/".Length..]
                .Split('/')
                .Select(Uri.UnescapeDataString),
        ];

    public async Task ServeAsync()
    {
        if (!TryLogIn())
        {
            await RefuseAsync(401, "401 Unauthorized");
            return;
        }

        if (
            _token is not null
            && Names is not ["personal_access_tokens", "self"]
            && !_token.Has(Request.Method == "GET" ? ["api", "read_api"] : ["api"])
        )
        {
            await Response.JsonAsync(
                403,
                new JsonObject
                {
                    ["error"] = "insufficient_scope",
                    ["error_description"] = "The request requires higher privileges than provided by the access token.",
                    ["scope"] = "api",
                }
            );
            return;
        }

        await (
            (Request.Method, Names) switch
            {
                ("GET", ["personal_access_tokens", "self"]) => TokenAsync(),
                ("GET", ["metadata"]) => WithTokenAsync(() =>
                    Response.JsonAsync(200, new JsonObject { ["version"] = "17.8.1-ee", ["enterprise"] = true })
                ),
                ("GET", ["namespaces", var path]) => WithTokenAsync(() => NamespaceAsync(path)),
                ("GET", ["groups", var path]) => GroupAsync(path),
                ("PUT", ["groups", var path]) => ChangeGroupAsync(path),
                ("GET", ["groups", var path, "projects"]) => ProjectsOfGroupAsync(path),
                ("GET", ["groups", _, "members", "all", var user]) => MemberAsync(user),
                ("GET", ["users", var name, "projects"]) => ProjectsOfUserAsync(name),
                ("POST", ["projects"]) => WithTokenAsync(CreateAsync),
                ("GET", ["projects", var path]) => WithProjectAsync(path, 0, JsonAsync),
                ("PUT", ["projects", var path]) => WithProjectAsync(path, Maintainer, ChangeAsync),
                ("GET", ["projects", var path, "protected_branches"]) => WithProjectAsync(path, Developer, ProtectedAsync),
                ("DELETE", ["projects", var path, "protected_branches", var branch]) => WithProjectAsync(
                    path,
                    Maintainer,
                    project => UnprotectAsync(project, branch)
                ),
                _ => RefuseAsync(404, "404 Not Found"),
            }
        );
    }

    /// <summary>A token as a bearer or in GitLab's own header; no token at all may pass.</summary>
    private bool TryLogIn()
    {
        var header = Request.Headers.Authorization.ToString();
        var secret = header.StartsWith("Bearer ", StringComparison.Ordinal)
            ? header["Bearer ".Length..]
            : Request.Headers["PRIVATE-TOKEN"].ToString();
        _token = secret.Length == 0 ? null : host.FindToken(secret);
        return _token is not null || (secret.Length == 0 && header.Length == 0);
    }

    private Task WithTokenAsync(Func<Task> answer) => _token is null ? RefuseAsync(401, "401 Unauthorized") : answer();

    private Task WithProjectAsync(string path, int level, Func<SandboxGitLabProject, Task> answer)
    {
        if (host.Find(path) is { } project && IsSeen(project))
            return level == 0 || _token?.Level >= level ? answer(project) : RefuseAsync(403, "403 Forbidden");
        if (host.MovedTo(path) is not { } id)
            return RefuseAsync(404, "404 Project Not Found");
        if (Request.Method != "GET")
            return RefuseAsync(405, "Non GET methods are not allowed for moved projects");
        Response.StatusCode = 301;
        Response.Headers.Location = $"{Request.Origin()}{host.ApiUrl.AbsolutePath}projects/{id}";
        return Task.CompletedTask;
    }

    private bool IsSeen(SandboxGitLabProject project) => project.Visibility == "public" || _token is not null;

    private Task TokenAsync() =>
        WithTokenAsync(() =>
            Response.JsonAsync(
                200,
                new JsonObject
                {
                    ["id"] = 1,
                    ["name"] = _token!.Name,
                    ["revoked"] = false,
                    ["active"] = true,
                    ["scopes"] = new JsonArray([.. _token.Scopes.Select(scope => JsonValue.Create(scope))]),
                    ["user_id"] = _token.UserId,
                    ["expires_at"] = _token.ExpiresAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                }
            )
        );

    private Task NamespaceAsync(string path) =>
        host.FindNamespace(path) is { } place
            ? Response.JsonAsync(200, SandboxGitLabJson.Namespace(place))
            : RefuseAsync(404, "404 Namespace Not Found");

    private SandboxGitLabNamespace? FindGroup(string path) =>
        host.FindNamespace(path) is { IsUser: false } group && (_token is not null || group.Visibility == "public") ? group : null;

    private Task GroupAsync(string path) =>
        FindGroup(path) is { } group ? Response.JsonAsync(200, SandboxGitLabJson.Group(group)) : RefuseAsync(404, "404 Group Not Found");

    private async Task ChangeGroupAsync(string path)
    {
        if (FindGroup(path) is not { } group)
            await RefuseAsync(404, "404 Group Not Found");
        else if (_token is not { Level: SandboxGitLabToken.Owner })
            await RefuseAsync(403, "403 Forbidden");
        else if (await ReadBodyAsync() is { } body)
        {
            if (body["default_branch_protection_defaults"] is JsonObject defaults)
                group.Protects = !((bool?)defaults["allow_force_push"] == true && IsDeveloper("allowed_to_push") && IsDeveloper("allowed_to_merge"));
            await Response.JsonAsync(200, SandboxGitLabJson.Group(group));

            bool IsDeveloper(string list) => (int?)body["default_branch_protection_defaults"]![list]?[0]?["access_level"] == Developer;
        }
    }

    private Task MemberAsync(string user) =>
        user == _token?.UserId.ToString(CultureInfo.InvariantCulture)
            ? Response.JsonAsync(200, new JsonObject { ["id"] = _token.UserId, ["access_level"] = _token.Level })
            : RefuseAsync(404, "404 Not found");

    private Task ProjectsOfGroupAsync(string path)
    {
        if (FindGroup(path) is not { } group)
            return RefuseAsync(404, "404 Group Not Found");
        var below = Request.Query["include_subgroups"] == "true";
        return PageAsync(project =>
            project.Namespace == group || (below && project.Namespace.Path.StartsWith(group.Path + "/", StringComparison.OrdinalIgnoreCase))
        );
    }

    private Task ProjectsOfUserAsync(string name) =>
        host.FindNamespace(name) is { IsUser: true } user ? PageAsync(project => project.Namespace == user) : RefuseAsync(404, "404 User Not Found");

    private Task PageAsync(Predicate<SandboxGitLabProject> isListed)
    {
        var all = host.Projects.Where(project => !project.IsDeleted && IsSeen(project) && isListed(project)).ToList();
        var length = Math.Min(int.TryParse(Request.Query["per_page"], out var asked) ? Math.Clamp(asked, 1, 100) : 20, host.LongestPage);
        var page = int.TryParse(Request.Query["page"], out var number) && number > 0 ? number : 1;
        Response.Headers["X-Total"] = all.Count.ToString(CultureInfo.InvariantCulture);
        if (page * length < all.Count)
        {
            var others = Request
                .Query.Where(entry => entry.Key != "page")
                .Select(entry => $"{entry.Key}={Uri.EscapeDataString(entry.Value.ToString())}");
            var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
            Response.Headers.Link =
                $"<{host.Url.GetLeftPart(UriPartial.Authority)}{path}?{string.Join('&', others.Append($"page={page + 1}"))}>; rel=\"next\"";
        }

        var entries = all.Skip((page - 1) * length).Take(length).Select(project => SandboxGitLabJson.Project(project, host.Url, _token is null));
        return Response.JsonAsync(200, new JsonArray([.. entries]));
    }

    private async Task CreateAsync()
    {
        if (!host.TakeCreation())
        {
            await Response.JsonAsync(429, new JsonObject { ["message"] = new JsonObject { ["error"] = GitLabTexts.TooManyCreations } });
            return;
        }

        if (await ReadBodyAsync() is not { } body)
            return;
        var (name, path) = ((string?)body["name"] ?? "", (string?)body["path"] ?? "");
        var visibility = (string?)body["visibility"] ?? "private";
        var place = host.FindNamespace((long?)body["namespace_id"] ?? 0);
        if (place is null || _token!.Level < (place.ProjectCreationLevel == "developer" ? Developer : Maintainer))
            await FaultAsync(("namespace", "is not valid"));
        else if (!Name().IsMatch(name))
            await FaultAsync(("name", GitLabTexts.NameRule));
        else if (!PathForm().IsMatch(path) || path.EndsWith(".git", StringComparison.Ordinal) || path.EndsWith(".atom", StringComparison.Ordinal))
            await FaultAsync(("path", GitLabTexts.PathRule));
        else if (s_reserved.Contains(path))
            await FaultAsync(("path", $"{path} is a reserved name"));
        else if (host.Projects.Any(known => known.Namespace == place && known.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
            await FaultAsync(("name", GitLabTexts.Taken), ("path", GitLabTexts.Taken), ("project_namespace.name", GitLabTexts.Taken));
        else if (Array.IndexOf(s_visibilities, visibility) > Array.IndexOf(s_visibilities, place.Visibility))
            await FaultAsync(("visibility_level", $"{visibility} is not allowed in a {place.Visibility} group."));
        else
        {
            var project = host.AddProject(place.Path, path);
            (project.Name, project.Visibility, project.Description) = (name, visibility, (string?)body["description"] ?? "");
            await Response.JsonAsync(201, SandboxGitLabJson.Project(project, host.Url, isSimple: false));
        }
    }

    private async Task ChangeAsync(SandboxGitLabProject project)
    {
        if (await ReadBodyAsync() is not { } body)
            return;
        if ((string?)body["visibility"] is { } visibility)
        {
            if (Array.IndexOf(s_visibilities, visibility) > Array.IndexOf(s_visibilities, project.Namespace.Visibility))
            {
                await FaultAsync(("visibility_level", $"{visibility} is not allowed in a {project.Namespace.Visibility} group."));
                return;
            }

            project.Visibility = visibility;
        }

        if ((string?)body["default_branch"] is { } branch)
        {
            if (!project.Git.HasRef($"refs/heads/{branch}"))
            {
                await FaultAsync(("base", "Could not set the default branch"));
                return;
            }

            project.Git.Head = branch;
        }

        if ((string?)body["path"] is { } path && path != project.Path)
        {
            if (!PathForm().IsMatch(path) || s_reserved.Contains(path))
            {
                await FaultAsync(("path", GitLabTexts.PathRule));
                return;
            }

            if (host.Projects.Any(known => known.Namespace == project.Namespace && known.Path.Equals(path, StringComparison.OrdinalIgnoreCase)))
            {
                await FaultAsync(("path", GitLabTexts.Taken));
                return;
            }

            host.Rename(project, path);
        }

        project.Name = (string?)body["name"] ?? project.Name;
        project.Description = (string?)body["description"] ?? project.Description;
        project.WikiAccessLevel = (string?)body["wiki_access_level"] ?? project.WikiAccessLevel;
        await JsonAsync(project);
    }

    private Task JsonAsync(SandboxGitLabProject project) =>
        Response.JsonAsync(200, SandboxGitLabJson.Project(project, host.Url, isSimple: _token is null));

    private Task ProtectedAsync(SandboxGitLabProject project) =>
        Response.JsonAsync(200, new JsonArray([.. project.ProtectedBranches.Select(SandboxGitLabJson.Protected)]));

    private Task UnprotectAsync(SandboxGitLabProject project, string branch)
    {
        if (!project.ProtectedBranches.Remove(branch))
            return RefuseAsync(404, "404 Not found");
        Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    /// <summary>The body as an object; null when it is none, and then the answer has been given.</summary>
    private async Task<JsonObject?> ReadBodyAsync()
    {
        if (await JsonNode.ParseAsync(Request.Body) is JsonObject body)
            return body;
        await RefuseAsync(400, "400 Bad request");
        return null;
    }

    private Task RefuseAsync(int status, string message) => Response.JsonAsync(status, SandboxGitLabJson.Message(message));

    private Task FaultAsync(params (string Field, string Text)[] faults) => Response.JsonAsync(400, SandboxGitLabJson.Message(faults));

    [GeneratedRegex("^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$")]
    private static partial Regex PathForm();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.+ -]*$")]
    private static partial Regex Name();
}
