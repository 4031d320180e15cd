using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>The parameter <c>fields</c> of Bitbucket's REST API: which parts of an answer are wanted.</summary>
internal static class FieldSelection
{
    /// <summary>Keeps what the parameter names; names that begin with <c>-</c> are taken out, with <c>+</c> ignored.</summary>
    public static JsonNode Apply(string? fields, JsonNode body)
    {
        var names = (fields ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var name in names.Where(name => name[0] == '-'))
            Remove(body, name[1..].Split('.'));
        var wanted = names.Where(name => name[0] is not ('-' or '+')).Select(name => name.Split('.')).ToList();
        return wanted.Count == 0 ? body : Keep(body, wanted)!;
    }

    private static JsonNode? Keep(JsonNode? node, List<string[]> wanted)
    {
        if (node is null || wanted.Any(path => path.Length == 0 || path is ["*"]))
            return node?.DeepClone();
        switch (node)
        {
            case JsonArray array:
                return new JsonArray([.. array.Select(item => Keep(item, wanted))]);
            case JsonObject fields:
                var kept = new JsonObject();
                foreach (var group in wanted.GroupBy(path => path[0], path => path[1..]))
                {
                    if (fields.TryGetPropertyValue(group.Key, out var value))
                        kept[group.Key] = Keep(value, [.. group]);
                }

                return kept;
            default:
                return node.DeepClone();
        }
    }

    private static void Remove(JsonNode? node, string[] path)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
                Remove(item, path);
        }
        else if (node is JsonObject fields && path.Length == 1)
        {
            fields.Remove(path[0]);
        }
        else if (node is JsonObject parent && parent.TryGetPropertyValue(path[0], out var child))
        {
            Remove(child, path[1..]);
        }
    }
}
