using MirrorAction.Hosts;
using MirrorAction.Inputs;
using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Reporting;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCodes
{
    /// <summary>Done as far as <c>fail-on</c> demands.</summary>
    public const int Success = 0;

    /// <summary>Repositories failed, differ or were not reached in time, doctor found a problem, or the report could not be written.</summary>
    public const int RepositoriesFailed = 1;

    /// <summary>The configuration is wrong.</summary>
    public const int BadConfiguration = 2;

    /// <summary>Nothing could be done: credentials refused, host unreachable, listing failed.</summary>
    public const int NothingDone = 3;

    /// <summary>A signal ended the run (128 + SIGINT, whichever signal it was).</summary>
    public const int Cancelled = 130;

    /// <summary>The code of a run over an organisation.</summary>
    public static int For(RunReport report, FailOn failOn) =>
        report switch
        {
            // Its purpose is to tell, and it told: also of hosts that refuse or are silent.
            { Error: null } when ModeText.Of(report).IsChecklist => report.Findings.Any(finding => finding.Level == DiagnosticLevel.Problem)
                ? RepositoriesFailed
                : Success,

            // Its time was over, be it while it listed: the next run may well get further.
            { Error.Code: ErrorCode.Cancelled } => RepositoriesFailed,
            { Error: not null } => NothingDone,
            _ when RunTally.NotReached(report) > 0 => RepositoriesFailed,

            // A shard that ran without a result would have failed its own step whatever 'fail-on' says.
            _ when report.Shards.Any(shard => shard.Error is not null) => RepositoriesFailed,

            // Its purpose is to tell of them.
            { Totals.Different: > 0 } => RepositoriesFailed,
            { Totals.Failed: 0 } => Success,
            _ => failOn switch
            {
                FailOn.Any => RepositoriesFailed,
                FailOn.All => report.Result == RunResult.Failure ? RepositoriesFailed : Success,
                _ => Success,
            },
        };

    /// <summary>The code of a run that could not leave its report: no success, whatever <c>fail-on</c> says.</summary>
    public static int WithoutReport(int code) => code == Success ? RepositoriesFailed : code;

    /// <summary>The code of <c>sync</c>, where one side that is out of reach means that nothing could be done.</summary>
    public static int For(RepositoryReport report) =>
        report switch
        {
            { Status: not RepositoryStatus.Failed } => Success,
            {
                Changes.Count: 0,
                Error.Code: ErrorCode.SourceUnauthorized
                    or ErrorCode.SourceForbidden
                    or ErrorCode.SourceNotFound
                    or ErrorCode.DestinationUnauthorized
                    or ErrorCode.DestinationForbidden
                    or ErrorCode.DestinationNotFound
                    or ErrorCode.Network
            } => NothingDone,
            _ => RepositoriesFailed,
        };
}
