using System.Text.Json.Nodes;

namespace MirrorAction.TestKit;

/// <summary>The combinations of a matrix.</summary>
internal static class MatrixExpansion
{
    /// <summary>One object for each combination, the last name changing fastest; one empty object where there is no matrix.</summary>
    public static IReadOnlyList<JsonObject> Of(WorkflowMatrix? matrix, ExpressionContext context)
    {
        if (matrix is null)
            return
            [
                [],
            ];
        var lists = matrix.Whole is null
            ? matrix.Lists.ToDictionary(list => list.Key, list => Values(list.Key, list.Value.Select(value => value.Evaluate(context))))
            : Whole(matrix.Whole.Evaluate(context));
        IEnumerable<JsonObject> combinations =
        [
            [],
        ];
        foreach (var (name, values) in lists)
            combinations = combinations.SelectMany(one => values.Select(value => With(one, name, value)));
        return [.. combinations];
    }

    private static JsonObject With(JsonObject combination, string name, JsonNode? value)
    {
        var more = (JsonObject)combination.DeepClone();
        more[name] = value?.DeepClone();
        return more;
    }

    private static Dictionary<string, List<JsonNode?>> Whole(JsonNode? value)
    {
        if (value is not JsonObject lists)
            throw new WorkflowException($"The matrix is `{ExpressionValue.ToText(value)}`, not an object of lists.");
        if (lists.ContainsKey("include") || lists.ContainsKey("exclude"))
            throw new WorkflowException("The matrix has include or exclude, which are not understood.");
        return lists.ToDictionary(list => list.Key, list => Values(list.Key, [list.Value]));
    }

    private static List<JsonNode?> Values(string name, IEnumerable<JsonNode?> values)
    {
        var all = values.ToList();
        if (all is [JsonArray only])
            all = [.. only];
        return all.Count > 0 ? all : throw new WorkflowException($"The matrix has no values of {name}.");
    }
}
