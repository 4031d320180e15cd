namespace MirrorAction.Inputs.Arguments;

/// <summary>Options that say what a command prints. They are of the command line alone: a workflow has its own ways to see a run.</summary>
internal static class OutputOptions
{
    public static ActionInput<bool> Quiet { get; } =
        new("quiet", InputKind.Boolean, InputFormat.Boolean)
        {
            Summary = "Print only what is wrong, and the last line",
            Text = "Whether only what is wrong is printed, and the last line.",
            IsFlag = true,
        };

    public static ActionInput<bool> Json { get; } =
        new("json", InputKind.Boolean, InputFormat.Boolean)
        {
            Summary = "Print report.json on standard output, and all else on standard error",
            Text = "Whether the report is printed on standard output, and all else on standard error.",
            IsFlag = true,
        };

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<ActionInput> All { get; } = [Quiet, Json];

    /// <summary>Whether <see cref="Json"/> is among arguments that are not yet read: by then the first line may have been printed.</summary>
    public static bool AreForJson(IEnumerable<string> arguments) => arguments.Contains(Json.Option, StringComparer.Ordinal);
}
