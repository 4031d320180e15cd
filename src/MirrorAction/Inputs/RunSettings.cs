using MirrorAction.Mirroring.Reports;
using MirrorAction.Mirroring.Runs;
using MirrorAction.Mirroring.Selection;
using MirrorAction.Reporting;

namespace MirrorAction.Inputs;

/// <summary>What every run over repositories was asked, validated, whatever its mode. Immutable; shows no secret as text.</summary>
internal sealed record RunSettings
{
    /// <summary>The mode's name in the report.</summary>
    public required string ModeName { get; init; }

    /// <summary>What is special about it in the report: <c>deep</c>, <c>drill</c>, <c>dry-run</c>, <c>check</c>; null for nothing.</summary>
    public string? Variant { get; init; }

    /// <summary>Which repositories and how; in a restore, and in a backup of Bitbucket, its owner is the workspace.</summary>
    public required MirrorOptions Mirror { get; init; }

    /// <summary>Where the repositories come from, for a report that the engine did not get to make.</summary>
    public required ReportSource ReportSource { get; init; }

    /// <summary>Where they go, for such a report.</summary>
    public required ReportDestination ReportDestination { get; init; }

    /// <summary>Addresses of hosts that the configuration file gives: who can change it can have the credentials sent elsewhere.</summary>
    public IReadOnlyList<HostAddress> AddressesFromFile { get; init; } = [];

    /// <summary>Where the run leaves what it tells.</summary>
    public required ReportPlace Reports { get; init; }

    /// <summary>When failed repositories fail the step.</summary>
    public FailOn FailOn { get; init; } = FailOn.Any;

    /// <summary>Who is told how it ended.</summary>
    public AlarmSettings Alarms { get; init; } = AlarmSettings.None;

    /// <summary>What is printed.</summary>
    public MessageLevel LogLevel { get; init; } = MessageLevel.Info;

    /// <summary>How it is printed.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>What the user should know about the configuration although it can be used.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How the log is printed.</summary>
internal enum LogFormat
{
    /// <summary>For people: lines on a terminal, workflow commands and groups on Actions.</summary>
    Text,

    /// <summary>For log collectors: one compact JSON event a line.</summary>
    Json,
}

/// <summary>When failed repositories fail the step.</summary>
internal enum FailOn
{
    /// <summary>One failed repository is enough.</summary>
    Any,

    /// <summary>Only when all failed.</summary>
    All,

    /// <summary>Never; report and outputs tell.</summary>
    Never,
}
