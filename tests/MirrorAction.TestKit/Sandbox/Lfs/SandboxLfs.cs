using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MirrorAction.TestKit;

/// <summary>How the links of an LFS server are made, and what they want.</summary>
public enum LfsLinks
{
    /// <summary>Signed, on another host, as those of object stores: a credential beside the signature is answered with 400.</summary>
    Signed,

    /// <summary>With an <c>Authorization</c> of their own among the headers, and headers that a client can't send as they are.</summary>
    WithHeaders,

    /// <summary>Bare, on the same server, under the credential of git.</summary>
    Bare,
}

/// <summary>
/// The LFS server of all repositories below a folder, as git-lfs's docs/api have it: batch, download, upload with its hash checked, and verification.
/// What it has is in <c>.lfs/REPOSITORY/OID</c> of that folder.
/// </summary>
public sealed class SandboxLfs
{
    /// <summary>What links begin with.</summary>
    private const string LinkRoot = "/-lfs/";

    /// <summary>
    /// Of a hook: a function that prints the objects which new commits point to and the server does not have, as GitHub and GitLab look for them
    /// before they take a push. The environment names their folder.
    /// </summary>
    internal const string UnknownObjects = """
        unknown_lfs_objects() {
          git rev-list --objects "$@" --not --all | awk '{ print $1 }' |
            git cat-file --batch-check='%(objecttype) %(objectsize) %(objectname)' | awk '$1 == "blob" && $2 < 1024 { print $3 }' |
            git cat-file --batch | grep -a -o '^oid sha256:[0-9a-f]\{64\}$' | sort -u | cut -d : -f 2 |
            while read -r oid; do [ -f "$SANDBOX_LFS/$oid" ] || echo "$oid"; done
        }

        """;

    private const string BatchPath = "/info/lfs/objects/batch";
    private const string MediaType = "application/vnd.git-lfs+json";
    private const string Token = "lfs-link-token-0123456789";

    private static readonly ConcurrentDictionary<string, SandboxLfs> s_byFolder = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, SandboxLfs> s_byId = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private int _uses;

    private SandboxLfs(string folder)
    {
        _folder = folder;
        s_byId[_id] = this;
    }

    /// <summary>How links are made.</summary>
    public LfsLinks Links { get; set; }

    /// <summary>False for a server without LFS: 404.</summary>
    public bool IsServed { get; set; } = true;

    /// <summary>Objects of which only the name is known.</summary>
    public ISet<string> Lost { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Objects of which something else of the same length is given.</summary>
    public ISet<string> Damaged { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Objects whose download breaks off in the middle, as often as this says.</summary>
    public ConcurrentDictionary<string, int> Cut { get; } = new(StringComparer.Ordinal);

    /// <summary>Objects that are not taken.</summary>
    public ISet<string> Refused { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The status and text by which every question is refused; null for none.</summary>
    public (int Status, string Text)? Refusal { get; set; }

    /// <summary>How many objects a question may name.</summary>
    public int MaxBatch { get; set; } = 1000;

    /// <summary>Each link is good for so many requests, then 403; null for any number.</summary>
    public int? UsesOfLinks { get; set; }

    /// <summary>Changes an action before it is told; null for nobody.</summary>
    public Action<JsonObject>? ChangeAction { get; set; }

    /// <summary>The server of a folder's repositories.</summary>
    public static SandboxLfs Of(string folder) => s_byFolder.GetOrAdd(Path.GetFullPath(folder), path => new SandboxLfs(path));

    /// <summary>Where the objects of a repository lie, by its path such as <c>acme/website.git</c>.</summary>
    public string FolderOf(string repository) =>
        Path.Combine([_folder, ".lfs", .. WithGit(repository).Split('/', StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>The names of the objects of a repository.</summary>
    public IReadOnlyList<string> ObjectsOf(string repository) =>
        Directory.Exists(FolderOf(repository))
            ? [.. Directory.EnumerateFiles(FolderOf(repository)).Select(f => Path.GetFileName(f)!).Where(f => f.Length == 64).Order()]
            : [];

    /// <summary>Puts an object into a repository; returns its name.</summary>
    public string Add(string repository, byte[] contents)
    {
        var oid = Convert.ToHexStringLower(SHA256.HashData(contents));
        Directory.CreateDirectory(FolderOf(repository));
        File.WriteAllBytes(Path.Combine(FolderOf(repository), oid), contents);
        return oid;
    }

    /// <summary>The pointer that git has for an object.</summary>
    public static string PointerTo(byte[] contents) =>
        FormattableString.Invariant(
            $"version https://git-lfs.github.com/spec/v1\noid sha256:{Convert.ToHexStringLower(SHA256.HashData(contents))}\nsize {contents.Length}\n"
        );

    internal static bool IsBatch(string path) => path.EndsWith(BatchPath, StringComparison.Ordinal);

    /// <summary>Reads ahead what a question is about: to upload is to push.</summary>
    internal static async Task PrepareAsync(HttpContext context)
    {
        if (IsBatch(context.Request.Path.Value!))
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Items[typeof(SandboxLfs)] = JsonNode.Parse(body.ToArray());
        }
    }

    /// <summary>Whether the request asks for links of uploads.</summary>
    internal static bool IsUpload(HttpContext context) =>
        context.Items[typeof(SandboxLfs)] is JsonNode question && (string?)question["operation"] == "upload";

    /// <summary>Serves a link; false when the path is none.</summary>
    internal static async Task<bool> TryServeLinkAsync(HttpContext context)
    {
        if (!context.Request.Path.Value!.StartsWith(LinkRoot, StringComparison.Ordinal))
            return false;
        var parts = context.Request.Path.Value[LinkRoot.Length..].Split('/');
        if (s_byId.TryGetValue(parts[0], out var server))
            await new SandboxLfsLink(server, context, string.Join('/', parts[1..^1]), parts[^1]).ServeAsync();
        else
            context.Response.StatusCode = 404;
        return true;
    }

    /// <summary>Answers a question, for one who may ask it.</summary>
    internal async Task AnswerAsync(HttpContext context, string pathInfo)
    {
        var question = (JsonNode)context.Items[typeof(SandboxLfs)]!;
        var objects = question["objects"]!.AsArray();
        var accept = context.Request.Headers.Accept.ToString();
        if (!IsServed)
            await context.Response.TextAsync(404, "{\"message\":\"Not found.\"}", MediaType);
        else if (
            !accept.StartsWith(MediaType, StringComparison.Ordinal)
            || context.Request.ContentType?.StartsWith(MediaType, StringComparison.Ordinal) != true
        )
            await context.Response.TextAsync(415, "{\"message\":\"Unsupported media type\"}", MediaType);
        else if (Refusal is { } refusal)
            await context.Response.TextAsync(refusal.Status, new JsonObject { ["message"] = refusal.Text }.ToJsonString(), MediaType);
        else if (objects.Count > MaxBatch)
            await context.Response.TextAsync(413, "{\"message\":\"too many objects\"}", MediaType);
        else
        {
            var repository = pathInfo[..^BatchPath.Length].Trim('/');
            var isUpload = IsUpload(context);
            var answers = new JsonArray([.. objects.Select(o => Answer(context, repository, isUpload, (string)o!["oid"]!, (long)o["size"]!))]);
            var answer = new JsonObject { ["transfer"] = "basic", ["objects"] = answers };
            await context.Response.TextAsync(200, answer.ToJsonString(), MediaType);
        }
    }

    private JsonObject Answer(HttpContext context, string repository, bool isUpload, string oid, long size)
    {
        var answer = new JsonObject { ["oid"] = oid, ["size"] = size };
        var isThere = File.Exists(Path.Combine(FolderOf(repository), oid));
        if (isUpload && Refused.Contains(oid))
            answer["error"] = new JsonObject { ["code"] = 422, ["message"] = "Size must be less than or equal to 5 GiB" };
        else if (!isUpload && (!isThere || Lost.Contains(oid)))
            answer["error"] = new JsonObject { ["code"] = 404, ["message"] = "Object does not exist on the server" };
        else if (!isUpload || !isThere)
            answer["actions"] = Actions(context, repository, isUpload, oid, size);
        return answer;
    }

    private JsonObject Actions(HttpContext context, string repository, bool isUpload, string oid, long size)
    {
        JsonObject Action(string kind)
        {
            var use = Interlocked.Increment(ref _uses);
            var query = Links == LfsLinks.Signed ? $"?signature={Token}&use={use}" : $"?use={use}";
            var host = Links == LfsLinks.Signed ? $"localhost:{context.Request.Host.Port}" : context.Request.Host.Value;
            var action = new JsonObject
            {
                ["href"] = FormattableString.Invariant(
                    $"{context.Request.Scheme}://{host}{LinkRoot}{_id}/{repository}/{oid}{query}&size={size}&kind={kind}"
                ),
            };
            if (Links == LfsLinks.WithHeaders)
                action["header"] = new JsonObject
                {
                    ["Authorization"] = $"Basic {Token}",
                    ["Content-Type"] = kind == "verify" ? MediaType : "application/octet-stream",
                    ["Transfer-Encoding"] = "chunked",
                };
            ChangeAction?.Invoke(action);
            return action;
        }

        return isUpload
            ? new JsonObject { ["upload"] = Action("upload"), ["verify"] = Action("verify") }
            : new JsonObject { ["download"] = Action("download") };
    }

    /// <summary>Whether a request by a link has what the link wants.</summary>
    internal int Check(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return Links switch
        {
            LfsLinks.Signed => header.Length > 0 ? 400
            : request.Query["signature"] == Token ? 200
            : 403,
            LfsLinks.WithHeaders => header == $"Basic {Token}" ? 200 : 401,
            _ => BasicLogin.Parse(header) is { Password.Length: > 0 } ? 200 : 401,
        };
    }

    private static string WithGit(string repository) => repository.EndsWith(".git", StringComparison.Ordinal) ? repository : repository + ".git";
}
