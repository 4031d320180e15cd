using MirrorAction.Mirroring.Runs;

namespace MirrorAction.Inputs;

/// <summary>Everything that joining reports needs, validated. Immutable.</summary>
internal sealed record ReportSettings
{
    /// <summary>The folder below which reports are looked for, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder for the joined <c>report.json</c>, absolute; may be the same.</summary>
    public required string ReportDirectory { get; init; }

    /// <summary>When failed repositories fail the step.</summary>
    public FailOn FailOn { get; init; } = FailOn.Any;

    /// <summary>What is printed.</summary>
    public MessageLevel LogLevel { get; init; } = MessageLevel.Info;

    /// <summary>How it is printed.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>What the user should know about the configuration although it can be used.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
