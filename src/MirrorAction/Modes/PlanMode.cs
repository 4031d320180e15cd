using MirrorAction.Inputs;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Shows what a mirror run would do.</summary>
internal sealed class PlanMode : RunMode
{
    private static readonly ActionOutput s_matrix = new(
        "matrix",
        InputKind.Text,
        "With `mode: plan` and `shard-count`: `{\"shard\":[\"1/4\",…]}` for the matrix of a following job."
    );

    /// <summary>The words of a plan.</summary>
    public static ModeText Text { get; } =
        new()
        {
            Title = "Plan",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "to mirror"),
                ("Unchanged", t => t.Unchanged, "unchanged"),
                ("Created", t => t.Created, "to create"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            Safe = report => $"equal at {ModeText.HostName(report.Destination.Host)}",
            IsPlan = true,
            IsOfMirrors = true,
            Created = "would be created",
            New = static count => $"{count} would be created",
            Refs = "to move",
            DoneHeading = "Would change",
        };

    /// <inheritdoc/>
    public override string Name => "plan";

    /// <inheritdoc/>
    public override ModeHelp Help { get; } =
        new()
        {
            Command = "Show what mirror would create, update, force and delete; write nothing",
            Does = "shows what `mirror` would create, update, force and delete, and writes nothing to the destination",
            InShort = "shows what mirror would do",
            Examples = [$"plan {MirrorMode.ExampleOwners} --repositories 'web*,/^lib-/'"],
        };

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> OwnInputs => [RunInputs.ShardCount];

    /// <inheritdoc/>
    public override IReadOnlyList<ActionOutput> Outputs => [.. ActionOutputs.Common, s_matrix];

    /// <inheritdoc/>
    public override bool IsForOnce => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<ActionInput> IdleInputs => [RunInputs.CreateInterval, .. AlarmInputs.All];

    /// <inheritdoc/>
    public override ModeText TextOf(string? variant) => Text;

    /// <summary>The output <c>matrix</c> for so many shards.</summary>
    internal static KeyValuePair<string, string> Matrix(int count) =>
        new(s_matrix.Name, $"{{\"shard\":[{string.Join(',', Enumerable.Range(1, count).Select(i => $"\"{new Shard(i, count)}\""))}]}}");

    /// <inheritdoc/>
    protected override IRunSettings ReadSettings(CheckedInputs inputs)
    {
        var hosts = HostPair.Read(inputs);
        var options = ReadOptions(inputs, hosts) with { IsPlan = true };
        int? shards = inputs.IsGiven(RunInputs.ShardCount) ? inputs.Read(RunInputs.ShardCount) : null;
        options = options with { Shares = new(options.Shard?.Count ?? Math.Max(shards ?? 1, 1)) };
        return new PlanSettings(ReadRun(inputs, options, hosts), hosts, shards);
    }
}

/// <summary>What a plan was asked.</summary>
/// <param name="Run">What all runs have in common.</param>
/// <param name="Hosts">The hosts.</param>
/// <param name="ShardCount">For so many shards it gives the output <c>matrix</c>; null gives none.</param>
internal sealed record PlanSettings(RunSettings Run, HostPair Hosts, int? ShardCount) : IRunSettings
{
    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Outputs => ShardCount is { } count ? [PlanMode.Matrix(count)] : [];

    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken) =>
        new OrganizationMirror(connections.Between(Hosts, Run.Mirror, previous)).RunAsync(cancellationToken);
}
