using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>What happened at GitHub: an event's name, its payload, and the repository whose workflows it starts.</summary>
public sealed record WorkflowEvent(string Name, JsonObject Payload, string Repository)
{
    /// <summary>The branch or tag that it is about.</summary>
    public string Ref { get; init; } = "refs/heads/main";

    public string Owner => Repository.Split('/')[0];

    /// <summary>The clock, by one of the file's cron lines.</summary>
    public static WorkflowEvent Schedule(string repository, string cron = "37 2 * * *") =>
        new("schedule", Of(repository, new JsonObject { ["schedule"] = cron }), repository);

    /// <summary>Somebody who filled in the form; values arrive as text.</summary>
    public static WorkflowEvent Dispatch(string repository, params IEnumerable<KeyValuePair<string, string>> inputs) =>
        new(
            "workflow_dispatch",
            Of(repository, new JsonObject { ["inputs"] = new JsonObject(inputs.Select(i => KeyValuePair.Create(i.Key, (JsonNode?)i.Value))) }),
            repository
        );

    /// <summary>A request to <c>/repos/OWNER/NAME/dispatches</c>.</summary>
    public static WorkflowEvent RepositoryDispatch(string repository, string type, JsonObject? payload = null) =>
        new("repository_dispatch", Of(repository, new JsonObject { ["action"] = type, ["client_payload"] = payload }), repository);

    /// <summary>A push, a created or a deleted branch.</summary>
    public static WorkflowEvent Push(string repository, string name = "push", bool fork = false) =>
        new(name, Of(repository, new JsonObject { ["ref"] = "refs/heads/main" }, fork), repository);

    private static JsonObject Of(string repository, JsonObject payload, bool fork = false)
    {
        payload["repository"] = new JsonObject
        {
            ["name"] = repository.Split('/')[1],
            ["full_name"] = repository,
            ["fork"] = fork,
        };
        return payload;
    }
}
