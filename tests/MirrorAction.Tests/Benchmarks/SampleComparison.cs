using MirrorAction.Benchmarks.Compare.Results;

namespace MirrorAction.Tests.Benchmarks;

/// <summary>Comparisons that nobody measured: round numbers for tests of what becomes of them.</summary>
internal static class SampleComparison
{
    internal const string Title60 = "60 repositories, nothing changed";

    internal static Comparison Comparison =>
        Of(
            Scenario(
                "first-large",
                "First mirror of a large repository",
                Networks.Shaped,
                new Floor(4, 101_000_000, 101_000_000, 8.4, "the pack at 200 Mbit/s, twice, at once"),
                [
                    Cell("mirror-action", bytes: 202_500_000, cpu: 0.9, wall: [10, 9, 11]),
                    Cell("shell", bytes: 202_500_000, disk: 120_000_000, cpu: 12, peak: 212, wall: [20, 19.8, 23.1]),
                    Cell("pipe", bytes: 202_000_000, cpu: 0.4, peak: 12, wall: [9.5, 9, 10]),
                ]
            ),
            Scenario(
                "unchanged-60",
                Title60,
                Networks.Shaped,
                new Floor(120, 24_000, 12_000, 0.6, "120 requests, 8 at a time"),
                [
                    Cell("mirror-action", bytes: 36_000, requests: 123, rest: 3, cpu: 0.3, wall: [0.8, 0.7, 0.9]),
                    Cell("shell", bytes: 13_000_000, requests: 240, disk: 20_000_000, cpu: 3.6, peak: 40, wall: [24, 21, 27.9]),
                    Cell("kept", bytes: 40_000, requests: 180, cpu: 1.5, peak: 20, wall: [3, 2.8, 3.2]),
                ]
            ),
            Scenario(
                "unchanged-60",
                Title60,
                Networks.Loopback,
                new Floor(120, 24_000, 12_000, null, "120 requests"),
                [
                    Cell("mirror-action", bytes: 36_000, requests: 123, rest: 3, cpu: 0.3, wall: [0.5, 0.5]),
                    Cell("kept", bytes: 40_000, requests: 180, cpu: 1.5, peak: 20, wall: [0.4, 0.45]),
                ]
            ),
            Scenario(
                "force-delete",
                "A branch rewritten, one deleted",
                Networks.Loopback,
                new Floor(5, 9_000, 1_000, 0.06, "5 requests"),
                [
                    Cell("mirror-action", bytes: 10_100, requests: 5, wall: [0.2, 0.21]),
                    Cell("shell", bytes: 10_000, wall: [0.3, 0.3], exitCodes: [0, 128]),
                    Cell("kept", bytes: 10_000, wall: [0.1, 0.1], isMirrored: false),
                ]
            )
        );

    internal static Comparison Of(params ScenarioResult[] scenarios) =>
        new(
            "2026-11-21",
            new Machine("Debian GNU/Linux 12 (bookworm)", "Example CPU <8> & more", 2, 23.5, "2.39.5", "10.0.12"),
            3,
            [
                new ToolResult("mirror-action", "MirrorAction", "1.0.0", "relays packs from host to host"),
                new ToolResult("shell", "shell loop", "git 2.39.5", "clones into a fresh folder and pushes, one repository after the other"),
                new ToolResult("kept", "kept clone", "git 2.39.5", "fetches into a folder that is kept, and pushes"),
                new ToolResult("pipe", "pipe", "curl 7.88.1", "moves the pack and looks at nothing"),
            ],
            scenarios
        );

    internal static ScenarioResult Scenario(string name, string title, string network, Floor floor, Cell[] cells) =>
        new(name, title, network, floor, cells);

    /// <summary>One tool's rounds, alike but for their times and exit codes.</summary>
    /// <param name="peak">In MiB.</param>
    internal static Cell Cell(
        string tool,
        double[] wall,
        long bytes = 1000,
        int requests = 4,
        int rest = 0,
        long restBytes = 0,
        long disk = 0,
        double cpu = 0.2,
        int peak = 60,
        bool isMirrored = true,
        int[]? exitCodes = null
    ) =>
        new(
            tool,
            [
                .. wall.Select(
                    (seconds, round) =>
                        new Sample(seconds, cpu, (long)peak << 20, disk, requests, bytes / 2, bytes - (bytes / 2), exitCodes?[round] ?? 0, isMirrored)
                        {
                            RestRequests = rest,
                            RestBytes = restBytes,
                        }
                ),
            ]
        );
}
