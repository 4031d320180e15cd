using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One REST request to <see cref="SandboxDataCenter"/>.</summary>
internal sealed class SandboxDataCenterRest(SandboxDataCenter host, HttpContext context)
{
    private const int LongestName = 128;

    private static readonly Version s_defaultBranch = new(7, 7);

    private DataCenterToken? _token;

    private HttpRequest Request => context.Request;

    private HttpResponse Response => context.Response;

    private bool IsOld => host.Version < s_defaultBranch;

    public async Task ServeAsync(string[] path)
    {
        var header = Request.Headers.Authorization.ToString();
        _token = host.FindToken(header);
        if (_token?.User is { } user)
        {
            Response.Headers["X-AUSERNAME"] = Uri.EscapeDataString(user);
            Response.Headers["X-AUSERID"] = "1";
        }

        if (_token?.User is { } asked && host.WithCaptcha.Contains(asked))
        {
            Response.Headers["X-Authentication-Denied-Reason"] = $"CAPTCHA_CHALLENGE; login-url={host.WebUrl}/login";
            await Response.TextAsync(401, "");
        }
        else if (header.Length > 0 && _token is null)
        {
            await ErrorAsync(401, DataCenterTexts.AuthenticationFailed, "auth.IncorrectPasswordAuthenticationException");
        }
        else if (Request.Method is "POST" or "PUT" && Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            await ErrorAsync(415, "Unsupported Media Type");
        }
        else
        {
            await AnswerAsync(path);
        }
    }

    private Task AnswerAsync(string[] path) =>
        (Request.Method, path) switch
        {
            ("GET", ["api", "1.0", "application-properties"]) => Response.JsonAsync(
                200,
                new JsonObject
                {
                    ["version"] = host.Version.ToString(),
                    ["buildNumber"] = "9004001",
                    ["buildDate"] = "1735689600000",
                    ["displayName"] = "Bitbucket",
                }
            ),
            ("GET", ["api", "1.0", "projects", var key]) => ForProjectAsync(
                key,
                DataCenterPermission.Read,
                project => Response.JsonAsync(200, SandboxDataCenterJson.Project(project))
            ),
            ("GET", ["api", "1.0", "projects", var key, "permissions", "users"]) => ForProjectAsync(
                key,
                DataCenterPermission.ProjectAdmin,
                _ => PageAsync([], _ => true, (string _) => new JsonObject())
            ),
            ("GET", ["api", "1.0", "projects", var key, "repos"]) => ForProjectAsync(key, DataCenterPermission.Read, ListAsync),
            ("POST", ["api", "1.0", "projects", var key, "repos"]) => ForProjectAsync(key, DataCenterPermission.ProjectAdmin, CreateAsync),
            ("GET", ["api", "1.0", "projects", var key, "repos", var slug]) => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.Read,
                repository => Response.JsonAsync(200, Json(repository))
            ),
            ("PUT", ["api", "1.0", "projects", var key, "repos", var slug]) => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.RepositoryAdmin,
                ChangeAsync
            ),
            ("GET", ["api", "1.0", "projects", var key, "repos", var slug, "default-branch"]) when !IsOld => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.Read,
                DefaultBranchAsync
            ),
            ("GET", ["api", "1.0", "projects", var key, "repos", var slug, "branches", "default"]) when IsOld => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.Read,
                DefaultBranchAsync
            ),
            ("PUT", ["api", "1.0", "projects", var key, "repos", var slug, "default-branch"]) when !IsOld => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.RepositoryAdmin,
                SetDefaultBranchAsync
            ),
            ("PUT", ["api", "1.0", "projects", var key, "repos", var slug, "branches", "default"]) when IsOld => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.RepositoryAdmin,
                SetDefaultBranchAsync
            ),
            ("GET", ["branch-permissions", "2.0", "projects", var key, "repos", var slug, "restrictions"]) => ForRepositoryAsync(
                key,
                slug,
                DataCenterPermission.RepositoryAdmin,
                repository => PageAsync([.. repository.RestrictedBranches], _ => true, SandboxDataCenterJson.Restriction)
            ),
            _ => Response.JsonAsync(404, new JsonObject { ["message"] = $"null for uri: {Request.Path}", ["status-code"] = 404 }),
        };

    private Task ForProjectAsync(string key, DataCenterPermission permission, Func<SandboxDataCenterProject, Task> answer)
    {
        var project = host.FindProject(key);
        if (project is null)
            return ErrorAsync(404, DataCenterTexts.NoProject(key), "project.NoSuchProjectException");
        var isSeen = project.IsPublic || host.Repositories.Any(repository => repository.Project == project && repository.IsPublic);
        return (permission == DataCenterPermission.Read && isSeen) || _token?.May(permission, key) == true
            ? answer(project)
            : ErrorAsync(401, DataCenterTexts.NotPermitted, "AuthorisationException");
    }

    private Task ForRepositoryAsync(string key, string slug, DataCenterPermission permission, Func<SandboxDataCenterRepository, Task> answer)
    {
        if (host.FindProject(key) is null)
            return ErrorAsync(404, DataCenterTexts.NoProject(key), "project.NoSuchProjectException");
        var found = host.Find(key, slug) ?? (Request.Method == "GET" ? host.FindFormer(key, slug) : null);
        if (found is not { IsHidden: false } repository)
            return ErrorAsync(404, DataCenterTexts.NoRepository(key, slug), "repository.NoSuchRepositoryException");
        return (permission == DataCenterPermission.Read && IsSeen(repository)) || _token?.May(permission, key) == true
            ? answer(repository)
            : ErrorAsync(401, DataCenterTexts.NotPermitted, "AuthorisationException");
    }

    private bool IsSeen(SandboxDataCenterRepository repository) =>
        !repository.IsHidden
        && (repository.IsPublic || repository.Project.IsPublic || _token?.May(DataCenterPermission.Read, repository.Project.Key) == true);

    private Task ListAsync(SandboxDataCenterProject project) =>
        PageAsync(
            [
                .. host
                    .Repositories.Where(repository => repository.Project == project)
                    .OrderBy(repository => repository.Name, StringComparer.OrdinalIgnoreCase),
            ],
            IsSeen,
            Json
        );

    private async Task CreateAsync(SandboxDataCenterProject project)
    {
        if (await ReadBodyAsync() is not { } body)
            return;
        var name = (string?)body["name"] ?? "";
        if (name.Length is 0 or > LongestName || !char.IsAsciiLetterOrDigit(name[0]))
            await ErrorAsync(400, DataCenterTexts.InvalidName, "ConstraintViolationException", "name");
        else if ((string?)body["scmId"] is not (null or "git"))
            await ErrorAsync(400, "The SCM is not supported.", null, "scmId");
        else if (host.Find(project.Key, SandboxDataCenter.SlugOf(name)) is { } there)
            await ErrorAsync(409, DataCenterTexts.Taken(there.Name, project.Name), null, "name");
        else
        {
            var repository = host.AddRepository(project.Key, SandboxDataCenter.SlugOf(name));
            repository.Name = name;
            Take(repository, body);
            await Response.JsonAsync(201, Json(repository));
        }
    }

    private async Task ChangeAsync(SandboxDataCenterRepository repository)
    {
        if (await ReadBodyAsync() is not { } body)
            return;
        if ((string?)body["name"] is { } name && name != repository.Name)
        {
            if (host.Find(repository.Project.Key, SandboxDataCenter.SlugOf(name)) is { } there && there != repository)
            {
                await ErrorAsync(409, DataCenterTexts.Taken(there.Name, repository.Project.Name), null, "name");
                return;
            }

            host.Rename(repository, name);
        }

        Take(repository, body);
        await Response.JsonAsync(200, Json(repository));
    }

    private void Take(SandboxDataCenterRepository repository, JsonObject body)
    {
        repository.Description = (string?)body["description"] ?? repository.Description;
        repository.IsPublic = (bool?)body["public"] ?? repository.IsPublic;
        repository.IsArchived = host.Version >= SandboxDataCenterJson.Archived && ((bool?)body["archived"] ?? repository.IsArchived);
    }

    private Task DefaultBranchAsync(SandboxDataCenterRepository repository)
    {
        if (repository.MainBranch is { } branch)
            return Response.JsonAsync(
                200,
                new JsonObject
                {
                    ["id"] = $"refs/heads/{branch}",
                    ["displayId"] = branch,
                    ["type"] = "BRANCH",
                }
            );
        if (repository.Git.HasBranches() || IsOld)
            return ErrorAsync(404, $"refs/heads/{repository.Git.Head} does not exist.", "repository.NoDefaultBranchException");
        Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private async Task SetDefaultBranchAsync(SandboxDataCenterRepository repository)
    {
        if (await ReadBodyAsync() is not { } body)
            return;
        var name = (string?)body["id"] ?? "";
        if (!name.StartsWith("refs/heads/", StringComparison.Ordinal) || !repository.Git.HasRef(name))
        {
            await ErrorAsync(404, $"Branch '{name}' does not exist.", "repository.NoSuchBranchException");
            return;
        }

        repository.Git.Head = name["refs/heads/".Length..];
        Response.StatusCode = 204;
    }

    /// <summary>A page begins at an entry and is filled with what the user may see; what it may not counts for where the next one starts.</summary>
    private Task PageAsync<T>(List<T> all, Func<T, bool> isSeen, Func<T, JsonNode> toJson)
    {
        var limit = Math.Min(int.TryParse(Request.Query["limit"], out var asked) && asked > 0 ? asked : 25, host.LongestPage);
        var start = int.TryParse(Request.Query["start"], out var from) && from > 0 ? from : 0;
        var values = new JsonArray();
        var next = start;
        for (; next < all.Count && values.Count < limit; next++)
        {
            if (isSeen(all[next]))
                values.Add(toJson(all[next]));
        }

        var isLast = next >= all.Count;
        return Response.JsonAsync(
            200,
            new JsonObject
            {
                ["size"] = values.Count,
                ["limit"] = limit,
                ["isLastPage"] = isLast,
                ["values"] = values,
                ["start"] = start,
                ["nextPageStart"] = isLast ? null : next,
            }
        );
    }

    /// <summary>The body as an object; null when it is none, and then the answer has been given.</summary>
    private async Task<JsonObject?> ReadBodyAsync()
    {
        try
        {
            if (await JsonNode.ParseAsync(Request.Body) is JsonObject body)
                return body;
        }
        catch (JsonException)
        {
            // As for any other body that is no object.
        }

        await ErrorAsync(400, "The request could not be parsed.");
        return null;
    }

    private JsonObject Json(SandboxDataCenterRepository repository) => SandboxDataCenterJson.Repository(repository, host);

    private Task ErrorAsync(int status, string message, string? exception = null, string? field = null) =>
        Response.JsonAsync(status, SandboxDataCenterJson.Error(message, exception, field));
}
