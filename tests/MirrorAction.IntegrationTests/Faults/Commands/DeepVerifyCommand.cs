using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Verify;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>verify</c> with <c>deep</c>: what it does beyond a verification.</summary>
internal sealed class DeepVerifyCommand : ReadingCommand
{
    public override string Name => "verify, deep";

    public override IReadOnlyList<Stage> Stages => [Stage.MirrorPack];

    public override IReadOnlyList<Stage> TypicalStages => [Stage.PackHeader, Stage.MirrorPackLarge];

    /// <summary>Of the source's pack no more is read than the header.</summary>
    public override bool IsWorkedAround(FaultCase fault, Stage stage) =>
        stage == Stage.PackHeader && fault.Fault is WireFault { Direction: FaultDirection.Down, OfBody: true, After: > 0 };

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new OrganizationVerification(run.Forth, new VerifyOptions(IsDeep: true)).RunAsync(cancellationToken);
}
