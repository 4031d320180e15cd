using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;
using MirrorAction.TestKit;

namespace MirrorAction.Simulation.Hosts;

/// <summary>Bitbucket Cloud over REST, in its words (<see cref="BitbucketTexts"/>).</summary>
/// <param name="world">What it tells of.</param>
/// <param name="pageSize">Repositories a page.</param>
internal sealed class BitbucketRest(SimWorld world, int pageSize)
{
    public const string Url = "https://api.bitbucket.org/2.0";

    private const int LongestSlug = 62;

    /// <summary>Whatever is asked, what is created is public.</summary>
    public bool CreatesPublic { get; init; }

    /// <summary>Whatever is told, all is public: no host does that.</summary>
    public bool ShowsAll { get; init; }

    /// <summary>No repository becomes private.</summary>
    public bool RefusesPrivate { get; set; }

    /// <summary>Answers a request.</summary>
    /// <param name="run">The run that asks: it knows then what it was told.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path below <see cref="Url"/>.</param>
    /// <param name="query">The parameters.</param>
    /// <param name="body">The body.</param>
    public Answer Serve(SimRun run, HttpMethod method, string[] path, IReadOnlyDictionary<string, string> query, byte[] body)
    {
        JsonObject Body() => body.Length == 0 ? [] : (JsonObject)JsonNode.Parse(body)!;
        return (method.Method, path) switch
        {
            ("GET", ["repositories", SimWorld.Workspace]) => Page(run, query.GetValueOrDefault("page")),
            ("GET", ["repositories", SimWorld.Workspace, var slug]) when world.MirrorAt(slug) is { } found => Json(Tell(run, found)),
            ("POST", ["repositories", SimWorld.Workspace, var slug]) => Create(run, slug, Body()),
            ("PUT", ["repositories", SimWorld.Workspace, var slug]) when world.MirrorAt(slug) is { } found => Change(run, found, Body()),
            ("PUT", ["repositories", SimWorld.Workspace, var slug]) => Create(run, slug, Body()),
            ("GET", ["repositories", var other, ..]) when other != SimWorld.Workspace => Error(404, $"No workspace with identifier '{other}'."),
            ("DELETE", _) => Deletes(run, path),
            _ => Error(404, BitbucketTexts.NoAccess),
        };
    }

    private static Answer Deletes(SimRun run, string[] path)
    {
        run.Wrongs.Add(new(3, $"asked to delete {string.Join('/', path)}"));
        return Error(403, BitbucketTexts.ScopesMissing);
    }

    private Answer Page(SimRun run, string? asked)
    {
        var page = int.TryParse(asked, out var number) ? number : 1;
        var body = new JsonObject
        {
            ["values"] = new JsonArray([.. world.Mirrors.Skip((page - 1) * pageSize).Take(pageSize).Select(m => Tell(run, m))]),
        };
        if (page * pageSize < world.Mirrors.Count)
            body["next"] = $"{Url}/repositories/{SimWorld.Workspace}?pagelen=100&page={page + 1}";
        return Json(body);
    }

    private Answer Create(SimRun run, string slug, JsonObject body)
    {
        if (slug.Length == 0 || slug.Length > LongestSlug || !slug.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
            return Error(400, BitbucketTexts.InvalidSlug);
        if (world.Mirror(slug) is not null)
            return Error(400, BitbucketTexts.RepositoryExists);
        var repository = new SimRepository
        {
            Id = world.NextId(),
            Name = slug,
            Description = (string?)body["description"] ?? "",
            IsPrivate = !CreatesPublic && ((bool?)body["is_private"] ?? true),
        };
        repository.MirrorOf = world.Sources.Concat(world.Gone).FirstOrDefault(s => SimWorld.MarkOf(s) == repository.Description)?.Id;
        world.Mirrors.Add(repository);
        run.Created.Add(repository);
        return Json(Tell(run, repository));
    }

    private Answer Change(SimRun run, SimRepository repository, JsonObject body)
    {
        run.WritesTo(repository, "its settings");
        if ((string?)body["mainbranch"]?["name"] is { } branch)
        {
            var name = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(branch));
            if (!repository.Refs.ContainsKey("refs/heads/" + name))
                return Error(400, "Bad request");
            repository.Head = name;
        }

        if ((string?)body["name"] is { } slug && slug != repository.Name)
        {
            if (world.Mirror(slug) is not null)
                return Error(400, BitbucketTexts.RepositoryExists);
            repository.Name = slug;
            run.Count("mirrors renamed");
        }

        if ((bool?)body["is_private"] is { } isPrivate && isPrivate != repository.IsPrivate)
        {
            if (isPrivate && RefusesPrivate)
                return Error(403, "Private repositories are not allowed in this workspace.");
            repository.IsPrivate = isPrivate;
        }

        repository.Description = (string?)body["description"] ?? repository.Description;
        return Json(Tell(run, repository));
    }

    private JsonObject Tell(SimRun run, SimRepository repository)
    {
        repository.IsPrivate &= !ShowsAll;
        run.ToldPrivate[repository] = repository.IsPrivate;
        return new JsonObject
        {
            ["type"] = "repository",
            ["uuid"] = SimWorld.UuidOf(repository),
            ["slug"] = repository.Name,
            ["full_name"] = $"{SimWorld.Workspace}/{repository.Name}",
            ["description"] = repository.Description,
            ["is_private"] = ShowsAll || repository.IsPrivate,
            ["size"] = repository.Objects.Count,
            ["mainbranch"] = repository.Refs.ContainsKey("refs/heads/" + repository.Head)
                ? new JsonObject { ["type"] = "branch", ["name"] = Show(repository.Head) }
                : null,
        };
    }

    /// <summary>JSON has text only: of a name that is not UTF-8 it tells what it can.</summary>
    internal static string Show(string branch) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(branch));

    private static Answer Json(JsonNode body) => new(200, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static Answer Error(int status, string message) =>
        new(
            status,
            "application/json",
            Encoding.UTF8.GetBytes(
                new JsonObject
                {
                    ["type"] = "error",
                    ["error"] = new JsonObject { ["message"] = message },
                }.ToJsonString()
            )
        );
}
