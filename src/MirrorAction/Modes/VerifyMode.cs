using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Verify;
using MirrorAction.Reporting;

namespace MirrorAction.Modes;

/// <summary>Compares the mirrors with their sources.</summary>
internal sealed class VerifyMode : RunMode
{
    /// <summary>The heading of its own inputs and of those of restore.</summary>
    internal const string Group = "verify and restore";

    /// <summary>The mode's name.</summary>
    internal const string ModeName = "verify";

    private const string DeepVariant = "deep";

    public static ActionInput<bool> Deep { get; } =
        ActionInput.Boolean(
            "deep",
            byDefault: false,
            "With `mode: verify`: whether to read every object of both sides as well, "
                + "and to compare and check them, instead of the refs alone; nothing is "
                + "written to disk. With `mode: backup` and `check`: whether to bring "
                + "each chain back into a scratch folder as well, where libgit2 walks its "
                + "history. `true` or `false`."
        ) with
        {
            Group = Group,
            Summary = "verify reads every object of the mirrors; backup with check has libgit2 walk every chain",
        };

    public static ActionInput<string?> PreviousReport { get; } =
        new("previous-report", InputKind.Text, text => text)
        {
            Group = Group,
            Summary = "report.json of an earlier run, relative to the workspace; by default the one in report-dir",
            Text =
                "`report.json` of an earlier run, relative to the workspace or "
                + "absolute. From it `mirror` and `verify` know when a repository was last "
                + "verified, and `restore` the names and descriptions.",
            DefaultText = "the one in `report-dir`, if it is there",
        };

    private static readonly ModeText s_text = new()
    {
        Title = "Verify",
        Sums =
        [
            ("Unchanged", t => t.Unchanged, "equal"),
            ("Different", t => t.Different, "different"),
            ("Skipped", t => t.Skipped, "skipped"),
            ("Failed", t => t.Failed, "failed"),
        ],
        IsComparison = true,
        IsOfMirrors = true,
        DatesVerification = true,
        Same = "equal",
        Refs = "different",
    };

    /// <inheritdoc/>
    public override string Name => ModeName;

    /// <inheritdoc/>
    public override ModeHelp Help { get; } =
        new()
        {
            Command = "Compare the mirrors with their sources, ref by ref; write nothing",
            Does = "compares both sides ref by ref, and fails when they differ",
            InShort = "compares both sides",
            Purpose =
            [
                "Every selected repository: refs, default branch and visibility, by two requests to the git servers and without a transfer.",
                "With --deep every object of the mirrors is read and checked as well; nothing is written to disk.",
            ],
            Examples = [$"verify {MirrorMode.ExampleOwners}", $"verify {MirrorMode.ExampleOwners} --repositories website --deep"],
            ExitCodes = "0 all equal, 1 differences found (whatever --fail-on says) or repositories failed",
        };

    /// <inheritdoc/>
    public override IReadOnlyList<ActionInput> OwnInputs => [Deep, PreviousReport];

    /// <inheritdoc/>
    public override IReadOnlyList<ActionOutput> Outputs => [.. ActionOutputs.Common, ActionOutputs.Different];

    /// <inheritdoc/>
    protected override IReadOnlyList<ActionInput> IdleInputs =>
        [BitbucketInputs.Project, RefInputs.PruneLimit, RefInputs.KeepOverwritten, RefInputs.KeepDays, RefInputs.Adopt, RunInputs.CreateInterval];

    /// <inheritdoc/>
    public override ModeText TextOf(string? variant) => variant == DeepVariant ? s_text with { Title = "Verify, every object" } : s_text;

    /// <inheritdoc/>
    protected override IRunSettings ReadSettings(CheckedInputs inputs)
    {
        var hosts = HostPair.Read(inputs);
        var options = ReadOptions(inputs, hosts);
        var verify = new VerifyOptions(inputs.Read(Deep));
        var run = ReadRun(inputs, options, hosts) with { Variant = verify.IsDeep ? DeepVariant : null };
        return new VerifySettings(run, hosts, verify, PreviousReportLookup.OfMirrors(inputs, run));
    }
}

/// <summary>What a verification was asked.</summary>
internal sealed record VerifySettings(RunSettings Run, HostPair Hosts, VerifyOptions Verify, PreviousReportLookup Previous) : IRunSettings
{
    /// <inheritdoc/>
    public Task<RunReport> DoAsync(Connections connections, RunReport? previous, CancellationToken cancellationToken) =>
        new OrganizationVerification(connections.Between(Hosts, Run.Mirror, previous), Verify).RunAsync(cancellationToken);
}
