using MirrorAction.Inputs;
using MirrorAction.Mirroring.Mirror;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Mirrors every selected repository.</summary>
internal sealed class MirrorMode : RunMode
{
    /// <summary>A pair of owners for examples.</summary>
    internal const string ExampleOwners = "--github-owner acme --bitbucket-workspace acme-mirror";

    public static ActionInput<bool> Repair { get; } =
        ActionInput.Boolean(
            "repair",
            byDefault: false,
            "With `mode: mirror`: whether to send each mirror the whole repository, "
                + "with all its objects, although its refs are equal, and to read it back: "
                + "`true` or `false`. It mends a mirror that `verify` with `deep: true`, or a drill, has found to lack objects; name it with "
                + "`repositories`."
        ) with
        {
            Group = RefInputs.Group,
            Summary = "Send each mirror the whole repository although its refs are equal",
        };

    public static ActionInput<int> KeepaliveDays { get; } =
        ActionInput.Number(
            "keepalive-days",
            0,
            36_500,
            "0",
            "With `mode: mirror`: a mirror in which nothing was to be done, and that was last pushed to or changed so many days ago, is touched: "
                + "a tag is made and deleted. `0` is never."
        ) with
        {
            Group = RefInputs.Group,
            Summary = "Touch a mirror that got no push for so many days; 0 = never",
        };

    /// <summary>The words of a mirror, and of every report whose mode is not known.</summary>
    public static ModeText Text { get; } =
        new()
        {
            Title = "Mirror",
            Sums =
            [
                ("Mirrored", t => t.Mirrored, "mirrored"),
                ("Unchanged", t => t.Unchanged, "unchanged"),
                ("Created", t => t.Created, "created"),
                ("Skipped", t => t.Skipped, "skipped"),
                ("Failed", t => t.Failed, "failed"),
            ],
            IsOfMirrors = true,
            DatesVerification = true,
        };

    /// <inheritdoc/>
    public override string Name => "mirror";

    /// <inheritdoc/>
    public override ModeHelp Help { get; } =
        new()
        {
            Command = "Mirror every selected repository (what the action does by default)",
            Does = "mirrors every selected repository",
            InShort = "writes",
            Examples = [$"mirror {ExampleOwners} --repositories 'web*,/^lib-/'"],
        };

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> Inputs => [.. base.Inputs, VerifyMode.PreviousReport];

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> OwnInputs => [Repair, KeepaliveDays];

    /// <inheritdoc/>
    public override ModeText TextOf(string? variant) => Text;

    /// <inheritdoc/>
    protected override IRunSettings ReadSettings(CheckedInputs inputs)
    {
        var hosts = HostPair.Read(inputs);
        var options = ReadOptions(inputs, hosts);
        options = options with
        {
            KeepaliveAfter = inputs.Read(KeepaliveDays) is > 0 and var days ? TimeSpan.FromDays(days) : null,
            Refs = options.Refs with { Repair = inputs.Read(Repair) },
        };
        var run = ReadRun(inputs, options, hosts);
        return new MirrorSettings(run, hosts, PreviousReportLookup.OfMirrors(inputs, run));
    }
}

/// <summary>What a mirror run was asked.</summary>
internal sealed record MirrorSettings(RunSettings Run, HostPair Hosts, PreviousReportLookup Previous) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken) =>
        new OrganizationMirror(connections.Between(Hosts, Run.Mirror, previous)).RunAsync(cancellationToken);
}
