using MirrorAction.Hosts;

namespace MirrorAction.Mirroring.Reports;

/// <summary>What a whole run did: the contents of <c>report.json</c>. Immutable.</summary>
public sealed record RunReport
{
    /// <summary>The version of the report's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The mode that ran: <c>mirror</c>, <c>plan</c>, …</summary>
    public required string Mode { get; init; }

    /// <summary>What was special about it: <c>deep</c>, <c>drill</c>, <c>dry-run</c> or <c>check</c>; null for nothing.</summary>
    public string? Variant { get; init; }

    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>When the run began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Wall time in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Where the repositories come from.</summary>
    public required ReportSource Source { get; init; }

    /// <summary>Where they go; in a joined report of several destinations the first of them.</summary>
    public required ReportDestination Destination { get; init; }

    /// <summary>All destinations, in a joined report of several; empty otherwise.</summary>
    public IReadOnlyList<ReportDestination> Destinations { get; init; } = [];

    /// <summary>Every destination, one at least.</summary>
    public IReadOnlyList<ReportDestination> AllDestinations() => Destinations.Count > 0 ? Destinations : [Destination];

    /// <summary>The verdict on the whole.</summary>
    public required RunResult Result { get; init; }

    /// <summary>Sums over the repositories, and the run's own requests.</summary>
    public required RunTotals Totals { get; init; }

    /// <summary>One entry for each selected repository, in the order of the listing.</summary>
    public required IReadOnlyList<RepositoryReport> Repositories { get; init; }

    /// <summary>Mirrors at the destination whose source is gone, as <c>workspace/slug</c>. They are never deleted.</summary>
    public IReadOnlyList<string> Orphans { get; init; } = [];

    /// <summary>What became of their sources, as far as their host was asked and told.</summary>
    public IReadOnlyList<OrphanSource> OrphanSources { get; init; } = [];

    /// <summary>The part of the repositories that this run was for, such as <c>2/5</c>; null for all.</summary>
    public string? Shard { get; init; }

    /// <summary>The reports of shards that this one joins, and the shards that gave none; empty in the report of a run.</summary>
    public IReadOnlyList<JoinedReport> Shards { get; init; } = [];

    /// <summary>What someone should look at that is of no single repository, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The checklist of <c>doctor</c>; empty in every other mode.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; init; } = [];

    /// <summary>Why the run as a whole could not be done (exit code 3); null otherwise.</summary>
    public RepositoryError? Error { get; init; }

    /// <summary>What earlier runs know of mirrors and <see cref="Repositories"/> does not tell. The next run reads it, whatever its mode.</summary>
    public IReadOnlyList<RememberedMirrors> Remembered { get; init; } = [];

    /// <summary>When the run ended, UTC.</summary>
    public DateTimeOffset EndedAt() => StartedAt.AddMilliseconds(DurationMs);

    /// <summary>
    /// It goes from the mirrors to their originals, as only a restore does; its drill goes the usual way. The hosts don't tell: both can be of one
    /// kind.
    /// </summary>
    public bool IsFromMirrors() => Mode == "restore" && Variant != "drill";
}

/// <summary>One of the reports that were joined.</summary>
/// <param name="Shard">The part of the repositories that it is about, such as <c>2/5</c>; null for a run without shards and when it can't be
/// read.</param>
/// <param name="Report">The file, relative to the folder that was read; null when the shard gave none.</param>
/// <param name="Result">Its verdict.</param>
/// <param name="Error">Why the shard as a whole could not be done, or what is wrong with its report; null otherwise.</param>
public sealed record JoinedReport(string? Shard, string? Report, RunResult Result, RepositoryError? Error);

/// <summary>Where the repositories come from.</summary>
/// <param name="Host">The host's name, such as <c>github</c>.</param>
/// <param name="Owners">Organisations and users.</param>
public sealed record ReportSource(string Host, IReadOnlyList<string> Owners);

/// <summary>Where the mirrors are.</summary>
/// <param name="Host">The host's name, such as <c>bitbucket</c>.</param>
/// <param name="Workspace">The workspace.</param>
public sealed record ReportDestination(string Host, string Workspace)
{
    /// <summary>The name of the server where it is not the kind's usual one: <c>git.example.com</c>; null where it is.</summary>
    public string? Server { get; init; }

    /// <summary>A destination that a host holds.</summary>
    /// <param name="host">The kind of host.</param>
    /// <param name="web">The base of its web pages.</param>
    /// <param name="workspace">The owner there.</param>
    public static ReportDestination At(HostDefinition host, Uri web, string workspace) =>
        new(host.Kind, workspace) { Server = host.NameAt(web) is var name && name != host.DefaultUrl?.Host ? name : null };

    /// <summary>A destination that a run writes to.</summary>
    public static ReportDestination Of(IRepositoryDestination destination) =>
        At(destination.Host, destination.Describe("mirror").WebUrl, destination.Workspace);

    /// <summary>Owner and host, for a person: <c>acme-mirror at gitlab</c>.</summary>
    public override string ToString() => $"{Workspace} at {Host}{(Server is null ? "" : $" ({Server})")}";
}

/// <summary>The verdict on a run.</summary>
public enum RunResult
{
    /// <summary>Every repository was reached and none failed, or differs where that was the question.</summary>
    Success,

    /// <summary>Some failed, differ or were not reached.</summary>
    Partial,

    /// <summary>All did, or nothing could be done.</summary>
    Failure,
}

/// <summary>Sums over a run.</summary>
public sealed record RunTotals
{
    /// <summary>How many were selected.</summary>
    public int Repositories { get; init; }

    /// <summary>In how many refs moved (in a plan: would move).</summary>
    public int Mirrored { get; init; }

    /// <summary>How many were equal already.</summary>
    public int Unchanged { get; init; }

    /// <summary>In how many both sides differ (verify, and the drill of restore).</summary>
    public int Different { get; init; }

    /// <summary>How many were created at the destination, whatever became of them then.</summary>
    public int Created { get; init; }

    /// <summary>How many were left alone.</summary>
    public int Skipped { get; init; }

    /// <summary>How many failed.</summary>
    public int Failed { get; init; }

    /// <summary>Refs created, updated, forced and deleted.</summary>
    public long RefsUpdated { get; init; }

    /// <summary>Bytes of bodies read from the git hosts.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes of bodies sent to the git hosts.</summary>
    public long BytesSent { get; init; }

    /// <summary>All HTTP requests, REST and git.</summary>
    public long Requests { get; init; }
}
