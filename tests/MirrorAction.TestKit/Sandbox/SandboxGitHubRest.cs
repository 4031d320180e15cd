using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One REST request to <see cref="SandboxGitHub"/>.</summary>
internal sealed class SandboxGitHubRest(SandboxGitHub host, HttpContext context)
{
    private static readonly SandboxGitHubToken s_anonymous = new("", Login: null, SeesPrivate: false);

    private SandboxGitHubToken _token = s_anonymous;

    private HttpRequest Request => context.Request;

    private HttpResponse Response => context.Response;

    public async Task ServeAsync(string[] path)
    {
        if (Request.Headers.UserAgent.Count == 0)
        {
            await Response.TextAsync(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.\n");
            return;
        }

        if (await host.Apps.TryServeAsync(context, path))
            return;

        if (Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            var value = BasicLogin.Parse(authorization)?.Password ?? authorization[(authorization.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            if (host.FindToken(value) is not { } token)
            {
                await ErrorAsync(401, "Bad credentials");
                return;
            }

            _token = token;
            token.Describe(Response);
        }

        if (!await CountAsync())
            return;
        await (
            Request.Method switch
            {
                "GET" or "HEAD" => GetAsync(path),
                _ when !host.AcceptsWrites => ErrorAsync(403, "Resource not accessible by personal access token"),
                "POST" or "PATCH" or "PUT" => WriteAsync(path),
                _ => ErrorAsync(404, "Not Found"),
            }
        );
    }

    private Task GetAsync(string[] path) =>
        path switch
        {
            ["users", var login] => AccountAsync(login, organizationOnly: false),
            ["orgs", var login] => AccountAsync(login, organizationOnly: true),
            ["user"] => _token.Login is { } me ? JsonAsync(GitHubJson.Account(me, 1, organization: false)) : NotForThisTokenAsync(),
            ["orgs", var login, "repos"] when host.FindAccount(login) is { Organization: true } => PageAsync(OfType(Visible().Where(OwnedBy(login)))),
            ["users", var login, "repos"] when host.FindAccount(login) is not null => PageAsync(
                Visible().Where(OwnedBy(login)).Where(repository => !repository.Private)
            ),
            ["user", "repos"] => _token.Login is null
                ? NotForThisTokenAsync()
                : PageAsync(Request.Query["affiliation"] == "owner" ? Visible().Where(OwnedBy(_token.Login)) : Visible()),
            ["installation", "repositories"] => PageAsync(
                OfInstallation(),
                array => new JsonObject { ["total_count"] = OfInstallation().Count(), ["repositories"] = array }
            ),
            ["repos", var owner, var name] => RepositoryAsync(owner, name),
            ["repos", var owner, var name, .. var rest] => ContentsAsync(host.Find(owner, name), rest),
            ["repositories", var id] => RepositoryAsync(
                Visible().FirstOrDefault(repository => repository.Id.ToString(CultureInfo.InvariantCulture) == id)
            ),
            ["rate_limit"] => JsonAsync(
                new JsonObject
                {
                    ["resources"] = new JsonObject
                    {
                        ["core"] = new JsonObject
                        {
                            ["limit"] = Limit,
                            ["used"] = _token.Used,
                            ["remaining"] = Math.Max(0, Limit - _token.Used),
                        },
                    },
                }
            ),
            _ => ErrorAsync(404, "Not Found"),
        };

    private async Task WriteAsync(string[] path)
    {
        var body = await JsonNode.ParseAsync(Request.Body) as JsonObject ?? [];
        await (
            (Request.Method, path) switch
            {
                _ when _token == s_anonymous => ErrorAsync(401, "Requires authentication"),
                ("POST", ["orgs", var login, "repos"]) when host.FindAccount(login) is { Organization: true } => CreateAsync(login, body),
                ("POST", ["user", "repos"]) when _token.Login is { } login => CreateAsync(login, body),
                ("POST", ["user", "repos"]) => NotForThisTokenAsync(),
                ("PATCH", ["repos", var owner, var name]) when host.Find(owner, name) is { } repository && IsVisible(repository) => ChangeAsync(
                    repository,
                    body
                ),
                ("PUT", ["repos", var owner, var name, "actions", "permissions"])
                    when host.Find(owner, name) is { } repository && IsVisible(repository) => SetActionsAsync(repository, body),
                ("PATCH", ["repositories", var id])
                    when host.Repositories.FirstOrDefault(r => r.Id.ToString(CultureInfo.InvariantCulture) == id) is { } repository
                        && IsVisible(repository) => ChangeAsync(repository, body),
                ("PATCH", ["repos", var owner, var name]) when host.FindFormer(owner, name) is { } renamed && IsVisible(renamed) => MovedAsync(
                    renamed,
                    307
                ),
                _ => ErrorAsync(404, "Not Found"),
            }
        );
    }

    private Task CreateAsync(string owner, JsonObject body)
    {
        var name = (string?)body["name"] ?? "";
        if (!_token.May("administration"))
            return NoPermissionAsync();
        if (name.Length is 0 or > 100 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return InvalidAsync("name", "name is invalid");
        if (SandboxWiki.ParentOf(name) is not null)
            return InvalidAsync("name", "name can't end in .wiki");
        if (((string?)body["description"] ?? "").Any(char.IsControl))
            return InvalidAsync("description", "description control characters are not allowed");
        if (host.Find(owner, name) is not null)
            return InvalidAsync("name", "name already exists on this account");
        var created = host.AddRepository(owner, name);
        created.Private = (bool?)body["private"] ?? false;
        created.Description = (string?)body["description"];
        return JsonAsync(ToJson(created), 201);
    }

    private Task ChangeAsync(SandboxGitHubRepository repository, JsonObject body)
    {
        if (!_token.May("administration"))
            return NoPermissionAsync();
        if (repository.Archived)
            return ErrorAsync(403, "Repository was archived so is read-only.");
        if ((string?)body["default_branch"] is { } branch)
        {
            if (!repository.Git.HasRef($"refs/heads/{branch}"))
                return InvalidAsync(
                    "default_branch",
                    $"The branch {branch} was not found. Please push that ref first or create it via the Git Data API."
                );
            repository.DefaultBranch = branch;
        }

        if ((string?)body["name"] is { } name && name != repository.Name)
        {
            if (host.Find(repository.Owner, name) is { } there && there != repository)
                return InvalidAsync("name", "name already exists on this account");
            host.Rename(repository, name);
        }

        repository.Private = (bool?)body["private"] ?? repository.Private;
        repository.HasWiki = (bool?)body["has_wiki"] ?? repository.HasWiki;
        repository.Description = body.ContainsKey("description") ? (string?)body["description"] : repository.Description;
        return JsonAsync(ToJson(repository));
    }

    private Task SetActionsAsync(SandboxGitHubRepository repository, JsonObject body)
    {
        if (!_token.May("administration"))
            return NoPermissionAsync();
        if (body["enabled"] is not JsonValue value || !value.TryGetValue(out bool isEnabled))
            return InvalidAsync("enabled", "enabled is missing");
        repository.HasActions = isEnabled;
        Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task NoPermissionAsync() =>
        ErrorAsync(
            403,
            _token.Value.StartsWith("ghs_", StringComparison.Ordinal)
                ? "Resource not accessible by integration"
                : "Resource not accessible by personal access token"
        );

    private Task InvalidAsync(string field, string message)
    {
        var error = GitHubJson.Error(422, field == "name" ? "Repository creation failed." : "Validation Failed");
        error["errors"] = new JsonArray(
            new JsonObject
            {
                ["resource"] = "Repository",
                ["code"] = "custom",
                ["field"] = field,
                ["message"] = message,
            }
        );
        return JsonAsync(error, 422);
    }

    private Task AccountAsync(string login, bool organizationOnly) =>
        host.FindAccount(login) is { } account && (account.Organization || !organizationOnly)
            ? JsonAsync(GitHubJson.Account(account.Login, account.Id, account.Organization))
            : ErrorAsync(404, "Not Found");

    private Task RepositoryAsync(string owner, string name)
    {
        if (host.Find(owner, name) is { } repository)
            return RepositoryAsync(repository);
        if (host.FindFormer(owner, name) is not { } renamed || !IsVisible(renamed))
            return ErrorAsync(404, "Not Found");
        return MovedAsync(renamed, 301);
    }

    private Task MovedAsync(SandboxGitHubRepository renamed, int status)
    {
        var url = $"{Request.Origin()}{host.ApiUrl.AbsolutePath}repositories/{renamed.Id}";
        Response.Headers.Location = url;
        return JsonAsync(
            new JsonObject
            {
                ["message"] = status == 301 ? "Moved Permanently" : "Temporary Redirect",
                ["url"] = url,
                ["documentation_url"] = "https://docs.github.com/rest",
            },
            status
        );
    }

    private Task ContentsAsync(SandboxGitHubRepository? repository, string[] rest) =>
        repository is null || !IsVisible(repository) ? ErrorAsync(404, "Not Found")
        : SandboxGitHubContents.Get(repository.Git, rest) is { } body ? JsonAsync(body)
        : !repository.Git.HasBranches() ? ErrorAsync(409, "Git Repository is empty.")
        : ErrorAsync(404, "Not Found");

    private Task RepositoryAsync(SandboxGitHubRepository? repository) =>
        repository switch
        {
            null => ErrorAsync(404, "Not Found"),
            _ when !IsVisible(repository) => ErrorAsync(404, "Not Found"),
            { BlockReason: { } reason } => JsonAsync(GitHubJson.Blocked(reason), reason == "dmca" ? 451 : 403),
            _ => JsonAsync(ToJson(repository)),
        };

    private Task PageAsync(IEnumerable<SandboxGitHubRepository> repositories, Func<JsonArray, JsonNode>? wrap = null)
    {
        var all = repositories.ToList();
        var size = Math.Clamp(int.TryParse(Request.Query["per_page"], out var perPage) ? perPage : 30, 1, host.LongestPage);
        var page = int.TryParse(Request.Query["page"], out var number) && number > 0 ? number : 1;
        var last = Math.Max(1, (all.Count + size - 1) / size);
        var links = new List<string>();
        if (page > 1)
            links.AddRange([Link(page - 1, "prev"), Link(1, "first")]);
        if (page < last)
            links.AddRange([Link(page + 1, "next"), Link(last, "last")]);
        if (links.Count > 0)
            Response.Headers.Link = string.Join(", ", links);
        var array = new JsonArray([.. all.Skip((page - 1) * size).Take(size).Select(ToJson)]);
        return JsonAsync(wrap?.Invoke(array) ?? array);

        string Link(int to, string relation)
        {
            var others = Request
                .Query.Where(entry => entry.Key != "page")
                .Select(entry => $"{entry.Key}={Uri.EscapeDataString(entry.Value.ToString())}");
            return $"<{new Uri(host.ServerUrl, Request.Path.Value!.TrimStart('/'))}?{string.Join('&', others.Append($"page={to}"))}>; rel=\"{relation}\"";
        }
    }

    private IEnumerable<SandboxGitHubRepository> Visible() => host.Repositories.Where(IsVisible);

    private IEnumerable<SandboxGitHubRepository> OfInstallation() =>
        _token.Installation is { } installation ? host.Repositories.Where(installation.Covers) : Visible();

    private bool IsVisible(SandboxGitHubRepository repository) => !repository.Private || _token.Sees(repository);

    private static Func<SandboxGitHubRepository, bool> OwnedBy(string login) =>
        repository => repository.Owner.Equals(login, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<SandboxGitHubRepository> OfType(IEnumerable<SandboxGitHubRepository> repositories) =>
        Request.Query["type"].ToString() switch
        {
            "public" => repositories.Where(repository => !repository.Private),
            "private" => repositories.Where(repository => repository.Private),
            "forks" => repositories.Where(repository => repository.Fork),
            "sources" => repositories.Where(repository => !repository.Fork),
            _ => repositories,
        };

    private JsonNode ToJson(SandboxGitHubRepository repository)
    {
        var account = host.FindAccount(repository.Owner)!;
        return GitHubJson.Repository(repository, GitHubJson.Account(account.Login, account.Id, account.Organization), host.ApiUrl, host.ServerUrl);
    }

    private int Limit => _token == s_anonymous ? 60 : host.RateLimit;

    /// <summary>Counts the request and writes the headers of the rate limit; answers and returns false when it is used up.</summary>
    private async Task<bool> CountAsync()
    {
        var used = _token == s_anonymous ? 1 : _token.Count();
        Response.Headers["x-ratelimit-limit"] = Limit.ToString(CultureInfo.InvariantCulture);
        Response.Headers["x-ratelimit-used"] = Math.Min(used, Limit).ToString(CultureInfo.InvariantCulture);
        Response.Headers["x-ratelimit-remaining"] = Math.Max(0, Limit - used).ToString(CultureInfo.InvariantCulture);
        Response.Headers["x-ratelimit-reset"] = (host.Time.GetUtcNow().ToUnixTimeSeconds() + 3600).ToString(CultureInfo.InvariantCulture);
        Response.Headers["x-ratelimit-resource"] = "core";
        Response.Headers["x-github-request-id"] = $"SAND:{host.Requests.Count:X6}";
        if (used <= Limit)
            return true;
        await ErrorAsync(403, "API rate limit exceeded for user ID 1.");
        return false;
    }

    private Task NotForThisTokenAsync() =>
        _token == s_anonymous ? ErrorAsync(401, "Requires authentication") : ErrorAsync(403, "Resource not accessible by integration");

    private Task ErrorAsync(int status, string message) => JsonAsync(GitHubJson.Error(status, message), status);

    private async Task JsonAsync(JsonNode body, int status = 200)
    {
        if (status == 200)
        {
            var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToJsonString())))}\"";
            Response.Headers.ETag = tag;
            if (Request.Headers.IfNoneMatch == tag)
            {
                Response.StatusCode = 304;
                return;
            }
        }

        await Response.JsonAsync(status, body);
    }
}
