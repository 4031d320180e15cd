namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>All that one run of the comparison measured; what tables and chart are drawn from.</summary>
/// <param name="Date">The day, as <c>yyyy-MM-dd</c> in UTC.</param>
/// <param name="Machine">Where.</param>
/// <param name="Repetitions">How many times each tool did each scenario.</param>
/// <param name="Tools">Who took part; the first is the one that ratios are told of.</param>
/// <param name="Scenarios">In the order of the table.</param>
internal sealed record Comparison(
    string Date,
    Machine Machine,
    int Repetitions,
    IReadOnlyList<ToolResult> Tools,
    IReadOnlyList<ScenarioResult> Scenarios
);

/// <summary>The machine that client and both hosts ran on.</summary>
internal sealed record Machine(string OperatingSystem, string Processor, int Cores, double MemoryGiB, string Git, string DotNet);

/// <summary>A tool that took part.</summary>
/// <param name="Name">Its key in the cells, such as <c>mirror-action</c>.</param>
/// <param name="Title">What tables call it.</param>
/// <param name="Version">Its version.</param>
/// <param name="Meaning">What it does, in a line.</param>
internal sealed record ToolResult(string Name, string Title, string Version, string Meaning);

/// <summary>One scenario over one network.</summary>
/// <param name="Name">Its key, such as <c>unchanged-60</c>.</param>
/// <param name="Title">What tables call it.</param>
/// <param name="Network">The key of the network: <c>loopback</c>, or what the shaping proxies make of it, such as <c>40 ms, 200 Mbit/s</c>.</param>
/// <param name="Floor">What any correct tool needs.</param>
/// <param name="Cells">What each tool took.</param>
internal sealed record ScenarioResult(string Name, string Title, string Network, Floor Floor, IReadOnlyList<Cell> Cells);

/// <summary>What any correct tool needs for a scenario.</summary>
/// <param name="Requests">HTTP requests to both hosts.</param>
/// <param name="BytesReceived">Bytes of bodies from the hosts.</param>
/// <param name="BytesSent">Bytes of bodies to the hosts.</param>
/// <param name="WallSeconds">Measured, or counted in round trips; null where neither makes sense.</param>
/// <param name="Meaning">Where the numbers come from, in a line.</param>
internal sealed record Floor(int Requests, long BytesReceived, long BytesSent, double? WallSeconds, string Meaning);

/// <summary>What one tool took for one scenario.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Samples">One for each repetition, in their order: sample <c>i</c> of all tools belongs to the same round.</param>
internal sealed record Cell(string Tool, IReadOnlyList<Sample> Samples);

/// <summary>One run of a tool.</summary>
/// <param name="WallSeconds">From start to end of the process.</param>
/// <param name="CpuSeconds">User and system time of the process and all that it started.</param>
/// <param name="PeakBytes">The largest memory of the process and all that it had running at once.</param>
/// <param name="DiskBytes">Bytes written to files.</param>
/// <param name="Requests">HTTP requests to both hosts.</param>
/// <param name="BytesReceived">Bytes of bodies from the hosts.</param>
/// <param name="BytesSent">Bytes of bodies to the hosts.</param>
/// <param name="ExitCode">What the tool ended with.</param>
/// <param name="IsMirrored">Whether branches and tags were equal on both sides afterwards.</param>
internal sealed record Sample(
    double WallSeconds,
    double CpuSeconds,
    long PeakBytes,
    long DiskBytes,
    int Requests,
    long BytesReceived,
    long BytesSent,
    int ExitCode,
    bool IsMirrored
)
{
    /// <summary>How many of <see cref="Requests"/> went to REST APIs, to list repositories; a floor has none of them.</summary>
    public int RestRequests { get; init; }

    /// <summary>How many of <see cref="BytesReceived"/> and <see cref="BytesSent"/> were theirs.</summary>
    public long RestBytes { get; init; }
}
