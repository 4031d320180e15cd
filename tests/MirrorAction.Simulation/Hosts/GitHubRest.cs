using System.Text;
using System.Text.Json.Nodes;
using MirrorAction.Simulation.Network;
using MirrorAction.Simulation.World;

namespace MirrorAction.Simulation.Hosts;

/// <summary>GitHub over REST, as far as a mirror asks it.</summary>
/// <param name="world">What it tells of.</param>
/// <param name="pageSize">Repositories a page.</param>
internal sealed class GitHubRest(SimWorld world, int pageSize)
{
    public const string Url = "https://api.github.com";

    /// <summary>Answers a request.</summary>
    /// <param name="run">The run that asks: it knows then what it was told.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a slash before it.</param>
    /// <param name="query">The parameters.</param>
    public Answer Serve(SimRun run, HttpMethod method, string[] path, IReadOnlyDictionary<string, string> query)
    {
        if (method != HttpMethod.Get)
        {
            run.Wrongs.Add(new(3, $"asked the source's host for {method} {string.Join('/', path)}"));
            return Error(403, "Resource not accessible by personal access token");
        }

        return path switch
        {
            ["users", SimWorld.Owner] => Json(
                new JsonObject
                {
                    ["login"] = SimWorld.Owner,
                    ["id"] = 1,
                    ["type"] = "Organization",
                }
            ),
            ["orgs", SimWorld.Owner, "repos"] => Page(run, query.GetValueOrDefault("page")),
            ["repos", SimWorld.Owner, var name] when (world.Source(name) ?? world.Former(name)) is { } found => Json(Tell(run, found)),
            ["repositories", var id] when world.Sources.Find(s => $"{s.Id}" == id) is { } found => Json(Tell(run, found)),
            _ => Error(404, "Not Found"),
        };
    }

    private Answer Page(SimRun run, string? asked)
    {
        var page = int.TryParse(asked, out var number) ? number : 1;
        if (page == 1)
            run.Listed.Clear();
        var all = world.Sources.OrderBy(s => s.Name, StringComparer.OrdinalIgnoreCase).ToArray();
        var answer = Json(
            new JsonArray([
                .. all.Skip((page - 1) * pageSize)
                    .Take(pageSize)
                    .Select(source =>
                    {
                        run.Listed[source.Id] = source.Name;
                        return Tell(run, source);
                    }),
            ])
        );
        if (page * pageSize < all.Length)
            answer.Headers["Link"] =
                $"<{Url}/orgs/{SimWorld.Owner}/repos?type=all&sort=full_name&direction=asc&per_page=100&page={page + 1}>; rel=\"next\"";
        return answer;
    }

    private static JsonObject Tell(SimRun run, SimRepository source)
    {
        run.ToldPrivate[source] = source.IsPrivate;
        return new JsonObject
        {
            ["id"] = source.Id,
            ["name"] = source.Name,
            ["full_name"] = $"{SimWorld.Owner}/{source.Name}",
            ["owner"] = new JsonObject
            {
                ["login"] = SimWorld.Owner,
                ["id"] = 1,
                ["type"] = "Organization",
            },
            ["private"] = source.IsPrivate,
            ["visibility"] = source.IsPrivate ? "private" : "public",
            ["description"] = source.Description,
            ["fork"] = false,
            ["archived"] = false,
            ["disabled"] = false,
            ["has_wiki"] = true,
            ["default_branch"] = BitbucketRest.Show(source.Head),
            ["size"] = source.Objects.Count,
        };
    }

    private static Answer Json(JsonNode body) => new(200, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static Answer Error(int status, string message) =>
        new(
            status,
            "application/json",
            Encoding.UTF8.GetBytes(
                new JsonObject
                {
                    ["message"] = message,
                    ["documentation_url"] = "https://docs.github.com/rest",
                    ["status"] = $"{status}",
                }.ToJsonString()
            )
        );
}
