using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Verify;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary><c>verify</c> of a mirror that is equal, or of one that is behind and must never be taken for equal.</summary>
internal sealed class VerifyCommand(bool isBehind = false) : ReadingCommand(isBehind)
{
    private readonly bool _isBehind = isBehind;

    public override string Name => _isBehind ? "verify of a mirror that is behind" : "verify";

    public override IReadOnlyList<Stage> Stages => _isBehind ? [] : [Stage.MirrorRefs];

    public override IReadOnlyList<Stage> TypicalStages =>
        _isBehind ? [Stage.LsRefs, Stage.MirrorRefs] : [Stage.ListSource, Stage.ListDestination, Stage.LsRefs];

    public override Task<RunReport> RunAsync(FaultRun run, CancellationToken cancellationToken) =>
        new OrganizationVerification(run.Forth, new VerifyOptions()).RunAsync(cancellationToken);
}
