using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>The Apps of <see cref="SandboxGitHub"/>: who they are, where they are installed, and the tokens that they mint.</summary>
public sealed class SandboxGitHubApps(SandboxGitHub host)
{
    private readonly Lock _lock = new();
    private readonly List<SandboxGitHubApp> _apps = [];
    private readonly List<SandboxGitHubInstallation> _installations = [];
    private long _lastId = 500;

    /// <summary>How long a minted token lives by the host's clock.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Every token that was minted, in order.</summary>
    public IReadOnlyList<SandboxGitHubToken> Minted
    {
        get
        {
            lock (_lock)
                return [.. field];
        }
        private set;
    } = [];

    /// <summary>Makes an App known by the public half of its key.</summary>
    public SandboxGitHubApp Add(long id, RSA publicKey, string slug = "acme-mirror-app")
    {
        var app = new SandboxGitHubApp(id, slug, publicKey);
        lock (_lock)
            _apps.Add(app);
        return app;
    }

    /// <summary>Installs an App on an organisation or user.</summary>
    /// <param name="app">The App.</param>
    /// <param name="owner">Where.</param>
    /// <param name="repositories">Names of what it reaches; null for all, later ones included.</param>
    /// <param name="permissions">Null for what a mirror needs.</param>
    public SandboxGitHubInstallation Install(
        SandboxGitHubApp app,
        string owner,
        IReadOnlyCollection<string>? repositories = null,
        IReadOnlyDictionary<string, string>? permissions = null
    )
    {
        var all = permissions ?? new Dictionary<string, string> { ["contents"] = "read", ["metadata"] = "read" };
        lock (_lock)
        {
            var installation = new SandboxGitHubInstallation(++_lastId, app, owner, repositories, all);
            _installations.Add(installation);
            return installation;
        }
    }

    /// <summary>Answers what only an App may ask; false for anything else.</summary>
    internal async Task<bool> TryServeAsync(HttpContext context, string[] path)
    {
        Func<SandboxGitHubApp, Task>? answer = (context.Request.Method, path) switch
        {
            ("GET", ["app"]) => app =>
                context.Response.JsonAsync(
                    200,
                    new JsonObject
                    {
                        ["id"] = app.Id,
                        ["slug"] = app.Slug,
                        ["client_id"] = app.ClientId,
                        ["name"] = app.Slug,
                    }
                ),
            ("GET", ["orgs" or "users", var owner, "installation"]) => app => FindAsync(context, app, owner, path[0] == "orgs"),
            ("POST", ["app", "installations", var id, "access_tokens"]) => app => MintAsync(context, app, id),
            _ => null,
        };
        if (answer is null)
            return false;
        var (caller, status, refusal) = Check(context.Request.Headers.Authorization.ToString());
        await (caller is null ? context.Response.JsonAsync(status, GitHubJson.Error(status, refusal)) : answer(caller));
        return true;
    }

    private Task FindAsync(HttpContext context, SandboxGitHubApp app, string owner, bool isOrganization)
    {
        SandboxGitHubInstallation? found;
        lock (_lock)
            found = _installations.Find(i => i.App == app && i.Owner.Equals(owner, StringComparison.OrdinalIgnoreCase));
        if (found is null || host.FindAccount(owner) is not { } account || (isOrganization && !account.Organization))
            return context.Response.JsonAsync(404, GitHubJson.Error(404, "Not Found"));
        return context.Response.JsonAsync(
            200,
            new JsonObject
            {
                ["id"] = found.Id,
                ["account"] = GitHubJson.Account(account.Login, account.Id, account.Organization),
                ["repository_selection"] = found.Repositories is null ? "all" : "selected",
                ["app_id"] = app.Id,
                ["app_slug"] = app.Slug,
                ["target_type"] = account.Organization ? "Organization" : "User",
                ["permissions"] = ToJson(found.Permissions),
                ["events"] = new JsonArray(),
                ["suspended_at"] = found.IsSuspended ? "2026-01-01T00:00:00Z" : null,
            }
        );
    }

    private async Task MintAsync(HttpContext context, SandboxGitHubApp app, string id)
    {
        var body = context.Request.ContentLength is > 0 ? await JsonNode.ParseAsync(context.Request.Body) as JsonObject : null;
        SandboxGitHubInstallation? of;
        lock (_lock)
            of = _installations.Find(i => i.App == app && i.Id.ToString(CultureInfo.InvariantCulture) == id);
        var wanted =
            (body?["permissions"] as JsonObject)?.ToDictionary(entry => entry.Key, entry => (string)entry.Value!)
            ?? of?.Permissions
            ?? new Dictionary<string, string>();
        var (status, refusal) = of switch
        {
            null => (404, "Not Found"),
            { IsSuspended: true } => (403, "This installation has been suspended"),
            _ when wanted.Any(want => !of.Permissions.TryGetValue(want.Key, out var has) || (want.Value == "write" && has == "read")) => (
                422,
                "The permissions requested are not granted to this installation."
            ),
            _ => (201, ""),
        };
        if (status != 201)
        {
            await context.Response.JsonAsync(status, GitHubJson.Error(status, refusal));
            return;
        }

        // As they look since 2026-04: far longer than the forty characters of before.
        var random = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(300));
        var token = host.AddToken(
            new SandboxGitHubToken($"ghs_{app.Id}_eyJhbGciOiJSUzI1NiJ9.{random[..180]}.{random[180..]}", Login: null, SeesPrivate: false)
            {
                Installation = of,
                ReadsContents = wanted.ContainsKey("contents"),
                Permissions = wanted,
                ExpiresAt = host.Time.GetUtcNow() + TokenLifetime,
            }
        );
        lock (_lock)
            Minted = [.. Minted, token];
        await context.Response.JsonAsync(
            201,
            new JsonObject
            {
                ["token"] = token.Value,
                ["expires_at"] = token.ExpiresAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["permissions"] = ToJson(wanted),
                ["repository_selection"] = of!.Repositories is null ? "all" : "selected",
            }
        );
    }

    /// <summary>Whose token it is; null with GitHub's refusal when it is nobody's.</summary>
    private (SandboxGitHubApp? App, int Status, string Refusal) Check(string authorization)
    {
        const string Undecodable = "A JSON web token could not be decoded";
        if (
            !authorization.StartsWith("Bearer ", StringComparison.Ordinal)
            || authorization["Bearer ".Length..].Split('.') is not [var header, var claims, var signature]
        )
            return (null, 401, Undecodable);
        JsonObject said;
        byte[] signed;
        try
        {
            if ((string?)JsonNode.Parse(Base64Url.DecodeFromChars(header))!["alg"] != "RS256")
                return (null, 401, Undecodable);
            said = JsonNode.Parse(Base64Url.DecodeFromChars(claims))!.AsObject();
            signed = Base64Url.DecodeFromChars(signature);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return (null, 401, Undecodable);
        }

        var issuer = said["iss"]?.ToString();
        SandboxGitHubApp? app;
        lock (_lock)
            app = _apps.Find(known => known.Id.ToString(CultureInfo.InvariantCulture) == issuer || known.ClientId == issuer);
        if (app is null)
            return (null, 404, "Integration not found");
        if (!app.PublicKey.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return (null, 401, Undecodable);
        var now = host.Time.GetUtcNow().ToUnixTimeSeconds();
        var (issuedAt, expires) = ((long)said["iat"]!, (long)said["exp"]!);
        return issuedAt > now ? (null, 401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
            : expires <= now
                ? (null, 401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
            : expires > now + 600 || expires > issuedAt + 600 ? (null, 401, "'Expiration time' claim ('exp') is too far in the future")
            : (app, 200, "");
    }

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> permissions) =>
        new(permissions.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
}
