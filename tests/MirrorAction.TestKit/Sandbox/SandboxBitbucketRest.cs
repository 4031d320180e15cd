using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>One REST request to <see cref="SandboxBitbucket"/>.</summary>
internal sealed partial class SandboxBitbucketRest(SandboxBitbucket host, HttpContext context)
{
    private const int LongestSlug = 62;

    private BitbucketCredential? _credential;

    private HttpRequest Request => context.Request;

    private HttpResponse Response => context.Response;

    public async Task ServeAsync(string[] path)
    {
        if (!host.TakeRequest())
        {
            await ErrorAsync(429, BitbucketTexts.RateLimited);
            return;
        }

        if (!TryLogIn())
        {
            Response.Headers.WWWAuthenticate = "BitbucketCustom realm=\"Bitbucket.org HTTP\"";
            await ErrorAsync(401, BitbucketTexts.TokenInvalid);
            return;
        }

        if (Request.Method is "POST" or "PUT" && Request.ContentLength is null)
        {
            await ErrorAsync(411, "A Content-Length is required.");
            return;
        }

        await (
            (Request.Method, path) switch
            {
                ("GET", ["workspaces"] or ["repositories"]) => GoneAsync(),
                ("GET", ["user"]) => UserAsync(),
                ("GET", ["workspaces", var workspace]) => WithAsync(BitbucketPermission.Workspace, () => WorkspaceAsync(workspace)),
                ("GET", ["workspaces", var workspace, "projects", var key]) => WithAsync(
                    BitbucketPermission.Project,
                    () => ProjectAsync(workspace, key)
                ),
                ("GET", ["repositories", var workspace]) => WithAsync(BitbucketPermission.Read, () => ListAsync(workspace)),
                ("GET", ["repositories", var workspace, var slug]) => WithAsync(BitbucketPermission.Read, () => GetAsync(workspace, slug)),
                ("POST", ["repositories", var workspace, var slug]) => WithAsync(BitbucketPermission.Admin, () => CreateAsync(workspace, slug, 200)),
                ("PUT", ["repositories", var workspace, var slug]) => WithAsync(BitbucketPermission.Admin, () => UpdateAsync(workspace, slug)),
                ("DELETE", ["repositories", var workspace, var slug]) => WithAsync(BitbucketPermission.Delete, () => DeleteAsync(workspace, slug)),
                ("GET", ["repositories", var workspace, var slug, "branch-restrictions"]) => WithAsync(
                    BitbucketPermission.Admin,
                    () => RestrictionsAsync(workspace, slug)
                ),
                _ => ErrorAsync(404, "Resource not found"),
            }
        );
    }

    /// <summary>API tokens come as Basic with the e-mail, all others as Bearer; nothing else is known. No credential at all may pass.</summary>
    private bool TryLogIn()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return true;
        if (BasicLogin.Parse(header) is { } login)
            _credential = host.FindCredential(known =>
                known.Kind == BitbucketCredentialKind.ApiToken && known.Secret == login.Password && known.Email == login.User
            );
        else if (header.StartsWith("Bearer ", StringComparison.Ordinal))
            _credential = host.FindCredential(known =>
                known.Kind is BitbucketCredentialKind.AccessToken or BitbucketCredentialKind.OAuth && known.Secret == header["Bearer ".Length..]
            );
        return _credential is not null;
    }

    private Task WithAsync(BitbucketPermission permission, Func<Task> answer)
    {
        if (_credential is null)
            return ErrorAsync(404, BitbucketTexts.NoAccess);
        Response.Headers["X-OAuth-Scopes"] = string.Join(", ", _credential.Scopes);
        Response.Headers["X-Accepted-OAuth-Scopes"] = _credential.NameOf(permission);
        if (_credential.Kind == BitbucketCredentialKind.AccessToken && host.RequestsLeft is { } left)
        {
            Response.Headers["X-RateLimit-Limit"] = "1000";
            Response.Headers["X-RateLimit-Resource"] = "repositories";
            Response.Headers["X-RateLimit-NearLimit"] = left < 200 ? "true" : "false";
        }

        if (_credential.May(permission))
            return answer();
        var detail = new JsonObject
        {
            ["granted"] = new JsonArray([.. _credential.Scopes.Select(scope => JsonValue.Create(scope))]),
            ["required"] = new JsonArray(JsonValue.Create(_credential.NameOf(permission))),
        };
        return ErrorAsync(403, BitbucketTexts.ScopesMissing, detail);
    }

    private Task GoneAsync() =>
        Response.JsonAsync(
            410,
            BitbucketJson.Error(
                "CHANGE-2770 - Functionality has been deprecated",
                "Please read the changelog entry for more details.",
                data: new JsonObject { ["announcement_url"] = "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770" }
            )
        );

    private Task UserAsync() =>
        _credential?.Kind == BitbucketCredentialKind.AccessToken
            ? ErrorAsync(403, "This API is not accessible by this authentication mechanism")
            : WithAsync(
                BitbucketPermission.User,
                () => JsonAsync(BitbucketJson.User(_credential!.Kind == BitbucketCredentialKind.OAuth ? "consumer-owner" : _credential.Username))
            );

    private Task WorkspaceAsync(string workspace) =>
        host.Workspaces.Contains(workspace) ? JsonAsync(BitbucketJson.Workspace(workspace)) : NoWorkspaceAsync(workspace);

    private Task ProjectAsync(string workspace, string key) =>
        !host.Workspaces.Contains(workspace) ? NoWorkspaceAsync(workspace)
        : host.Projects.Contains(key) ? JsonAsync(BitbucketJson.Project(key))
        : ErrorAsync(404, "Resource not found");

    private Task ListAsync(string workspace)
    {
        if (!host.Workspaces.Contains(workspace))
            return NoWorkspaceAsync(workspace);
        var all = host.Repositories.Where(repository => repository.Workspace == workspace).ToList();
        return PageAsync(all, repository => BitbucketJson.Repository(repository, host.GitUrl));
    }

    private Task GetAsync(string workspace, string slug) =>
        host.Find(workspace, slug) is { } repository
            ? JsonAsync(BitbucketJson.Repository(repository, host.GitUrl))
            : ErrorAsync(404, BitbucketTexts.NoAccess);

    private async Task CreateAsync(string workspace, string slug, int status)
    {
        if (await ReadBodyAsync() is not { } body)
            return;
        slug = Kept(slug);
        if (!host.Workspaces.Contains(workspace))
            await NoWorkspaceAsync(workspace);
        else if (!Slug().IsMatch(slug))
            await ErrorAsync(400, BitbucketTexts.InvalidSlug);
        else if (host.Find(workspace, slug) is not null)
            await ErrorAsync(
                400,
                BitbucketTexts.RepositoryExists,
                fields: new JsonObject { ["name"] = new JsonArray("You already have a repository with this name.") }
            );
        else if ((string?)body["project"]?["key"] is { } project && !host.Projects.Contains(project))
            await ErrorAsync(400, "Bad request", fields: new JsonObject { ["project"] = new JsonArray($"Project {project} was not found.") });
        else
            await AnswerAsync(host.AddRepository(workspace, slug), body, status);
    }

    private async Task UpdateAsync(string workspace, string slug)
    {
        if (host.Find(workspace, slug) is not { } repository)
        {
            await CreateAsync(workspace, slug, 201);
            return;
        }

        if (await ReadBodyAsync() is not { } body)
            return;
        if ((string?)body["mainbranch"]?["name"] is { } branch)
        {
            if (!repository.Git.HasRef($"refs/heads/{branch}"))
            {
                await ErrorAsync(400, "Bad request", fields: new JsonObject { ["mainbranch"] = new JsonArray($"Branch '{branch}' does not exist.") });
                return;
            }

            repository.Git.Head = branch;
        }

        if ((string?)body["name"] is { } name && Slugify(name) is var renamed && renamed != repository.Slug)
        {
            if (host.Find(workspace, renamed) is not null)
            {
                await ErrorAsync(
                    400,
                    BitbucketTexts.RepositoryExists,
                    fields: new JsonObject { ["name"] = new JsonArray("You already have a repository with this name.") }
                );
                return;
            }

            host.Rename(repository, renamed);
            Response.Headers.Location = $"{Request.Origin()}{host.ApiUrl.AbsolutePath}repositories/{repository.FullName}";
        }

        await AnswerAsync(repository, body, 200);
    }

    private Task AnswerAsync(SandboxBitbucketRepository repository, JsonObject body, int status)
    {
        repository.Name = (string?)body["name"] ?? repository.Name;
        repository.Description = (string?)body["description"] ?? repository.Description;
        repository.IsPrivate = !host.IgnoresPrivacy && ((bool?)body["is_private"] ?? repository.IsPrivate);
        repository.Project = (string?)body["project"]?["key"] ?? repository.Project;
        repository.UpdatedOn = host.Time.GetUtcNow();
        return JsonAsync(BitbucketJson.Repository(repository, host.GitUrl), status);
    }

    private Task DeleteAsync(string workspace, string slug)
    {
        if (host.Find(workspace, slug) is not { } repository)
            return ErrorAsync(404, BitbucketTexts.NoAccess);
        host.Remove(repository);
        Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private Task RestrictionsAsync(string workspace, string slug) =>
        host.Find(workspace, slug) is { } repository
            ? PageAsync([.. repository.RestrictedBranches], branch => BitbucketJson.Restriction(branch, 1))
            : ErrorAsync(404, BitbucketTexts.NoAccess);

    private Task PageAsync<T>(List<T> all, Func<T, JsonNode> toJson)
    {
        var length = Math.Min(int.TryParse(Request.Query["pagelen"], out var asked) ? Math.Clamp(asked, 10, 100) : 10, host.LongestPage);
        var page = int.TryParse(Request.Query["page"], out var number) && number > 0 ? number : 1;
        var body = new JsonObject
        {
            ["values"] = new JsonArray([.. all.Skip((page - 1) * length).Take(length).Select(toJson)]),
            ["pagelen"] = length,
            ["size"] = all.Count,
            ["page"] = page,
        };
        if (page * length < all.Count)
        {
            var others = Request
                .Query.Where(entry => entry.Key != "page")
                .Select(entry => $"{entry.Key}={Uri.EscapeDataString(entry.Value.ToString())}");
            body["next"] = $"{new Uri(host.GitUrl, Request.Path.Value!.TrimStart('/'))}?{string.Join('&', others.Append($"page={page + 1}"))}";
        }

        return JsonAsync(body);
    }

    /// <summary>The body as an object; null when it is none, and then the answer has been given.</summary>
    private async Task<JsonObject?> ReadBodyAsync()
    {
        try
        {
            if (Request.ContentLength == 0)
                return [];
            if (await JsonNode.ParseAsync(Request.Body) is JsonObject body)
                return body;
        }
        catch (JsonException)
        {
            // As for any other body that is no object.
        }

        await ErrorAsync(400, "Bad request");
        return null;
    }

    private Task NoWorkspaceAsync(string workspace) => ErrorAsync(404, $"No workspace with identifier '{workspace}'.");

    private Task JsonAsync(JsonNode body, int status = 200) => Response.JsonAsync(status, FieldSelection.Apply(Request.Query["fields"], body));

    private Task ErrorAsync(int status, string message, JsonNode? detail = null, JsonObject? fields = null) =>
        Response.JsonAsync(status, BitbucketJson.Error(message, detail, fields));

    private static string Slugify(string name) => Kept(Illegal().Replace(name.ToLowerInvariant().Replace(' ', '-'), ""));

    /// <summary>
    /// What the host keeps of a slug (https://confluence.atlassian.com/bbkb/what-is-a-repository-slug-1168845069.html, BCLOUD-13403): 62 characters,
    /// one dash in the place of several, none at either end. It says nothing of what it changed; the answer has the slug that counts.
    /// </summary>
    private static string Kept(string slug)
    {
        var single = string.Join('-', slug[..Math.Min(slug.Length, LongestSlug)].Split('-', StringSplitOptions.RemoveEmptyEntries));
        return single.Length == 0 ? slug : single;
    }

    [GeneratedRegex("^[a-z0-9_.-]+$")]
    private static partial Regex Slug();

    [GeneratedRegex("[^a-z0-9_.-]")]
    private static partial Regex Illegal();
}
