using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One REST request to <see cref="SandboxGitea"/>.</summary>
internal sealed partial class SandboxGiteaRest(SandboxGitea host, HttpContext context)
{
    private const int LongestName = 100;

    private static readonly string[] s_reservedEndings = [".git", ".wiki", ".rss", ".atom"];

    private SandboxGiteaToken? _token;

    private HttpRequest Request => context.Request;

    private HttpResponse Response => context.Response;

    private string? User => _token?.User;

    public async Task ServeAsync(string[] path)
    {
        if (!TryLogIn())
        {
            await ErrorAsync(401, "invalid username, password or token");
            return;
        }

        await (
            (Request.Method, path) switch
            {
                ("GET", ["version"]) => Response.JsonAsync(200, new JsonObject { ["version"] = host.IsForgejo ? "12.0.1+gitea-1.22.0" : "1.25.2" }),
                ("GET", ["settings", "api"]) => Response.JsonAsync(
                    200,
                    new JsonObject { ["max_response_items"] = host.LongestPage, ["default_paging_num"] = 30 }
                ),
                ("GET", ["user"]) => WithAsync("read:user", () => AccountAsync(User!)),
                ("GET", ["user", "quota"]) when host.IsForgejo => WithAsync("read:user", () => QuotaAsync(User!)),
                ("GET", ["user", "repos"]) => WithAsync("read:user", () => ListOwnAsync()),
                ("POST", ["user", "repos"]) => WithAsync("write:user", () => CreateAsync(User!)),
                ("GET", ["users", var name]) => WithAsync("read:user", () => AccountAsync(name), isPublic: true),
                ("GET", ["users", var name, "repos"]) => WithAsync("read:user", () => ListAsync(name), isPublic: true),
                ("GET", ["users", var user, "orgs", var name, "permissions"]) => WithAsync("read:user", () => PermissionsAsync(user, name)),
                ("GET", ["orgs", var name]) => WithAsync("read:organization", () => OrganizationAsync(name), isPublic: true),
                ("GET", ["orgs", var name, "quota"]) when host.IsForgejo => WithAsync("read:organization", () => QuotaAsync(name)),
                ("GET", ["orgs", var name, "repos"]) => WithAsync("read:organization", () => ListAsync(name), isPublic: true),
                ("POST", ["orgs", var name, "repos"]) => WithAsync("write:organization", () => CreateAsync(name)),
                ("GET", ["repos", var owner, var name]) => WithAsync("read:repository", () => GetAsync(owner, name), isPublic: true),
                ("GET", ["repositories", var id]) => WithAsync("read:repository", () => GetByIdAsync(id), isPublic: true),
                ("PATCH", ["repos", var owner, var name]) => WithAsync("write:repository", () => UpdateAsync(owner, name)),
                ("GET", ["repos", var owner, var name, "branch_protections"]) => WithAsync("read:repository", () => ProtectionsAsync(owner, name)),
                ("GET", ["repos", var owner, var name, "wiki", "pages"]) => WithAsync(
                    "read:repository",
                    () => WikiPagesAsync(owner, name),
                    isPublic: true
                ),
                ("POST", ["repos", var owner, var name, "wiki", "new"]) => WithAsync("write:repository", () => NewWikiPageAsync(owner, name)),
                _ => NotFoundAsync(),
            }
        );
    }

    /// <summary>No credential at all may pass; one that is not known may not.</summary>
    private bool TryLogIn()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return true;
        _token = header.Split(' ') is [var scheme, var secret] && scheme is "token" or "Bearer" ? host.FindToken(secret) : null;
        return _token is not null;
    }

    private Task WithAsync(string scope, Func<Task> answer, bool isPublic = false)
    {
        if (_token is null)
            return isPublic ? answer() : ErrorAsync(401, "token is required");
        if (_token.May(scope))
            return answer();
        return ErrorAsync(
            403,
            host.IsForgejo
                ? $"token does not have at least one of required scope(s): [{scope}]"
                : $"token does not have at least one of required scope(s), required=[{scope}], token scope={string.Join(',', _token.Scopes)}"
        );
    }

    private Task AccountAsync(string name) =>
        host.FindAccount(name) is { } account && SandboxGitea.ShowsItself(User, account)
            ? Response.JsonAsync(200, GiteaJson.Account(account))
            : NotFoundAsync();

    private Task OrganizationAsync(string name) =>
        host.FindAccount(name) is { IsOrganization: true } account && SandboxGitea.ShowsItself(User, account)
            ? Response.JsonAsync(
                200,
                new JsonObject
                {
                    ["id"] = account.Id,
                    ["name"] = account.Login,
                    ["username"] = account.Login,
                    ["visibility"] = account.Visibility,
                }
            )
            : NotFoundAsync();

    private Task PermissionsAsync(string user, string name) =>
        host.FindAccount(name) is not { IsOrganization: true } account ? NotFoundAsync()
        : !user.Equals(User, StringComparison.OrdinalIgnoreCase) ? ErrorAsync(403, "Must be the user itself or an administrator.")
        : Response.JsonAsync(
            200,
            new JsonObject
            {
                ["is_owner"] = false,
                ["can_read"] = account.Members.ContainsKey(user),
                ["can_write"] = SandboxGitea.Writes(user, account),
                ["can_create_repository"] = SandboxGitea.Writes(user, account),
            }
        );

    private Task QuotaAsync(string name)
    {
        if (host.FindAccount(name) is not { } account)
            return NotFoundAsync();
        var size = new JsonObject
        {
            ["repos"] = new JsonObject { ["public"] = 0, ["private"] = host.UsedBy(account) },
            ["git"] = new JsonObject { ["LFS"] = 0 },
        };
        JsonArray groups = account.Quota is not { } quota
            ? []
            :
            [
                new JsonObject
                {
                    ["name"] = "default",
                    ["rules"] = new JsonArray(
                        new JsonObject
                        {
                            ["name"] = "git",
                            ["limit"] = quota,
                            ["subjects"] = new JsonArray("size:git:all"),
                        }
                    ),
                },
            ];
        return Response.JsonAsync(
            200,
            new JsonObject
            {
                ["used"] = new JsonObject { ["size"] = size },
                ["groups"] = groups,
            }
        );
    }

    private Task ListOwnAsync()
    {
        // Beside the user's own come those of others that it may use.
        var all = host.Repositories.Where(repository => host.FindAccount(repository.Owner) is { } owner && SandboxGitea.Writes(User, owner)).ToList();
        return PageAsync(all, all.Count);
    }

    /// <summary>Hidden repositories are taken out of a page after they were counted, as in routers/api/v1/user/repo.go.</summary>
    private Task ListAsync(string name)
    {
        if (host.FindAccount(name) is not { } owner || !SandboxGitea.ShowsItself(User, owner))
            return NotFoundAsync();
        var all = host.Repositories.Where(repository => repository.Owner == owner.Login && (_token is not null || !repository.Private)).ToList();
        return PageAsync(all, all.Count);
    }

    private Task PageAsync(List<SandboxGiteaRepository> all, int total)
    {
        var limit = Math.Min(int.TryParse(Request.Query["limit"], out var asked) && asked > 0 ? asked : 30, host.LongestPage);
        var page = int.TryParse(Request.Query["page"], out var number) && number > 0 ? number : 1;
        Response.Headers["X-Total-Count"] = total.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var last = (total + limit - 1) / limit;
        if (page < last)
            Response.Headers.Link = $"<{Address(page + 1, limit)}>; rel=\"next\",<{Address(last, limit)}>; rel=\"last\"";
        return Response.JsonAsync(
            200,
            new JsonArray([
                .. all.Skip((page - 1) * limit)
                    .Take(limit)
                    .Where(repository => host.Sees(User, repository))
                    .Select(repository => GiteaJson.Repository(host, repository)),
            ])
        );
    }

    private string Address(int page, int limit) => $"{new Uri(host.WebUrl, Request.Path.Value!.TrimStart('/'))}?limit={limit}&page={page}";

    private Task GetAsync(string owner, string name)
    {
        if (Found(owner, name) is { } repository)
            return Response.JsonAsync(200, GiteaJson.Repository(host, repository));
        if (host.FindFormer(owner, name) is not { } renamed || !host.Sees(User, renamed))
            return NotFoundAsync();
        Response.Headers.Location = $"{Request.Origin()}{host.ApiUrl.AbsolutePath}repos/{renamed.FullName}";
        Response.StatusCode = 301;
        return Task.CompletedTask;
    }

    private Task GetByIdAsync(string id) =>
        host.Repositories.FirstOrDefault(repository => repository.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == id) is { } found
        && host.Sees(User, found)
            ? Response.JsonAsync(200, GiteaJson.Repository(host, found))
            : NotFoundAsync();

    private async Task CreateAsync(string login)
    {
        var body = await ReadBodyAsync();
        var name = (string?)body["name"] ?? "";
        if (host.FindAccount(login) is not { } owner)
            await ErrorAsync(404, $"org does not exist [id: 0, name: {login}]");
        else if (!SandboxGitea.Writes(User, owner))
            await ErrorAsync(403, $"Given user is not allowed to create repository in organization {owner.Login}.");
        else if (name.Length > LongestName || !Name().IsMatch(name))
            await ErrorAsync(422, name.Length > LongestName ? "[Name]: MaxSize" : "[Name]: AlphaDashDot");
        else if (name is "." or ".." or "-")
            await ErrorAsync(422, $"name is reserved [name: {name}]");
        else if (name.Contains("..", StringComparison.Ordinal))
            await ErrorAsync(422, $"name is invalid [{name}]: must be valid alpha or numeric or dash(-_) or dot characters");
        else if (Array.Find(s_reservedEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } ending)
            await ErrorAsync(422, $"name pattern is not allowed [pattern: *{ending}]");
        else if (host.Find(owner.Login, name) is not null)
            await ErrorAsync(409, "The repository with the same name already exists.");
        else if (host.MostRepositories <= host.Repositories.Count(repository => repository.Owner == owner.Login))
            await ErrorAsync(403, $"user has reached maximum limit of repositories [limit: {host.MostRepositories}]");
        else if (host.IsForgejo && owner.Quota is { } quota && host.UsedBy(owner) > quota)
            await ErrorAsync(413, "quota exceeded");
        else
            await AnswerAsync(host.AddRepository(owner.Login, name), body, 201);
    }

    private async Task UpdateAsync(string owner, string name)
    {
        var body = await ReadBodyAsync();
        var repository = Found(owner, name);
        if (repository is null)
            await NotFoundAsync();
        else if (!SandboxGitea.Writes(User, host.FindAccount(repository.Owner)!))
            await ErrorAsync(403, "user should be an owner or a collaborator with admin write of a repository");
        else if (host.IsOld && body.ContainsKey("has_actions"))
            await ErrorAsync(422, "[HasActions]: Unknown");
        else if ((string?)body["name"] is { } taken && host.Find(owner, taken) is { } there && there != repository)
            await ErrorAsync(422, $"repo name is already taken [name: {taken}]");
        else if ((string?)body["default_branch"] is { } branch && !repository.Git.HasRef($"refs/heads/{branch}"))
            await ErrorAsync(422, $"branch {branch} does not exist");
        else
            await AnswerAsync(repository, body, 200);
    }

    private Task AnswerAsync(SandboxGiteaRepository repository, JsonObject body, int status)
    {
        repository.Description = (string?)body["description"] ?? repository.Description;
        repository.Private = (bool?)body["private"] ?? repository.Private;
        repository.Archived = (bool?)body["archived"] ?? repository.Archived;
        repository.HasWiki = (bool?)body["has_wiki"] ?? repository.HasWiki;
        repository.WikiBranch = host.IsForgejo && (string?)body["wiki_branch"] is { } shown ? shown : repository.WikiBranch;
        repository.HasIssues = (bool?)body["has_issues"] ?? repository.HasIssues;
        repository.HasPullRequests = (bool?)body["has_pull_requests"] ?? repository.HasPullRequests;
        repository.HasActions = (bool?)body["has_actions"] ?? repository.HasActions;
        if (status == 200 && (string?)body["default_branch"] is { } branch)
            repository.DefaultBranch = branch;
        if ((string?)body["name"] is { } name && name != repository.Name)
            host.Rename(repository, name);
        return Response.JsonAsync(status, GiteaJson.Repository(host, repository));
    }

    private Task ProtectionsAsync(string owner, string name) =>
        Found(owner, name) is { } repository
            ? Response.JsonAsync(
                200,
                new JsonArray([.. repository.ProtectedBranches.Select(branch => new JsonObject { ["rule_name"] = branch, ["branch_name"] = branch })])
            )
            : NotFoundAsync();

    private Task WikiPagesAsync(string owner, string name) =>
        Found(owner, name) is { HasWiki: true } repository && repository.Git.FindWiki() is { } wiki && wiki.HasRef($"refs/heads/{wiki.RawHead}")
            ? Response.JsonAsync(200, new JsonArray(new JsonObject { ["title"] = "Home" }))
            : NotFoundAsync();

    /// <summary>The first page makes the wiki.</summary>
    private async Task NewWikiPageAsync(string owner, string name)
    {
        var body = await ReadBodyAsync();
        if (Found(owner, name) is not { HasWiki: true } repository)
        {
            await NotFoundAsync();
        }
        else if (!SandboxGitea.Writes(User, host.FindAccount(repository.Owner)!))
        {
            await ErrorAsync(403, "user should have a permission to write to the wiki");
        }
        else
        {
            var wiki = repository.Git.FindWiki() ?? repository.Git.AddWiki(repository.WikiBranch);
            var text = Encoding.UTF8.GetString(Convert.FromBase64String((string)body["content_base64"]!));
            wiki.Commit($"{body["title"]}.md", text, wiki.RawHead);
            await Response.JsonAsync(201, new JsonObject { ["title"] = (string?)body["title"] });
        }
    }

    private SandboxGiteaRepository? Found(string owner, string name) =>
        host.Find(owner, name) is { } repository && host.Sees(User, repository) ? repository : null;

    private async Task<JsonObject> ReadBodyAsync()
    {
        try
        {
            return await JsonNode.ParseAsync(Request.Body) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private Task NotFoundAsync() => ErrorAsync(404, "The target couldn't be found.");

    private Task ErrorAsync(int status, string message) =>
        Response.JsonAsync(status, new JsonObject { ["message"] = message, ["url"] = $"{host.WebUrl}api/swagger" });

    [GeneratedRegex("^[A-Za-z0-9_.-]+$")]
    private static partial Regex Name();
}
