namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>The tables of a comparison. Pure.</summary>
internal static class Tables
{
    private const string Nothing = "–";

    /// <summary>Everything that was measured over one network: a row for each tool in each scenario, and one for the floor.</summary>
    internal static Table Full(Comparison comparison, string network)
    {
        var table = new Table(left: 2, ["scenario", "tool", "wall s", "ratio", "requests", "MB in", "MB out", "peak MiB", "disk MB", "CPU s"]);
        foreach (var scenario in comparison.Scenarios.Where(s => s.Network == network))
        {
            var title = scenario.Title;
            foreach (var (tool, cell) in Took(comparison, scenario))
            {
                table.Add(
                    cell.Failure is { } failure
                        ? [title, tool.Title, Marked(table, scenario, tool, failure), .. Enumerable.Repeat(Nothing, 7)]
                        :
                        [
                            title,
                            tool.Title,
                            Figures.Number(cell.WallSeconds),
                            Ratio(comparison, scenario, cell),
                            Figures.Count(cell.Requests),
                            Figures.Megabytes(cell.BytesReceived),
                            Figures.Megabytes(cell.BytesSent),
                            Figures.Mebibytes(cell.PeakBytes),
                            Figures.Megabytes(cell.DiskBytes),
                            Figures.Number(cell.CpuSeconds),
                        ]
                );
                title = "";
            }

            var floor = scenario.Floor;
            table.Add(
                title,
                "floor",
                floor.WallSeconds is { } wall ? Figures.Number(wall) : Nothing,
                "",
                Figures.Count(floor.Requests),
                Figures.Megabytes(floor.BytesReceived),
                Figures.Megabytes(floor.BytesSent),
                "",
                "",
                ""
            );
        }

        return table;
    }

    /// <summary>The times over one network: a row for each scenario, a column for each tool that did any of them.</summary>
    internal static Table Times(Comparison comparison, string network, int rows)
    {
        var scenarios = comparison.Scenarios.Where(s => s.Network == network).Take(rows).ToArray();
        var tools = comparison.Tools.Where(t => scenarios.Any(s => CellSummary.Of(s, t.Name) is not null)).ToArray();
        var table = new Table(left: 1, ["scenario", .. tools.Select(t => t.Title), "floor"]);
        foreach (var scenario in scenarios)
        {
            var cells = tools.Select(tool =>
                CellSummary.Of(scenario, tool.Name) switch
                {
                    null => Nothing,
                    { Failure: { } failure } => Marked(table, scenario, tool, failure),
                    var cell when tool == comparison.Tools[0] => Figures.Seconds(cell.WallSeconds),
                    var cell => $"{Figures.Seconds(cell.WallSeconds)}, {Ratio(comparison, scenario, cell)}",
                }
            );
            table.Add([scenario.Title, .. cells, scenario.Floor.WallSeconds is { } floor ? Figures.Seconds(floor) : Nothing]);
        }

        return table;
    }

    /// <summary>Where each scenario's floor comes from.</summary>
    internal static Table Floors(Comparison comparison)
    {
        var table = new Table(left: 2, ["scenario", "floor"]);
        foreach (var scenario in comparison.Scenarios.DistinctBy(s => (s.Name, s.Floor.Meaning)))
        {
            table.Add(scenario.Title, scenario.Floor.Meaning);
        }

        return table;
    }

    /// <summary>Who took part.</summary>
    internal static Table OfTools(Comparison comparison)
    {
        var table = new Table(left: 3, ["tool", "version", "what it does"]);
        foreach (var tool in comparison.Tools)
        {
            table.Add(tool.Title, tool.Version, tool.Meaning);
        }

        return table;
    }

    /// <summary>What was aimed at, and whether it was reached.</summary>
    internal static Table OfAims(Comparison comparison)
    {
        var table = new Table(left: 3, ["aim", "result", "measured"]);
        foreach (var aim in Aims.Of(comparison))
        {
            table.Add(aim.What, aim.IsMet ? "met" : "missed", aim.Measured);
        }

        return table;
    }

    private static IEnumerable<(ToolResult Tool, CellSummary Cell)> Took(Comparison comparison, ScenarioResult scenario) =>
        from tool in comparison.Tools
        let cell = CellSummary.Of(scenario, tool.Name)
        where cell is not null
        select (tool, cell);

    private static string Ratio(Comparison comparison, ScenarioResult scenario, CellSummary cell) =>
        cell.RatioTo(CellSummary.Of(scenario, comparison.Tools[0].Name)) is { } ratio ? Figures.Times(ratio) : Nothing;

    private static string Marked(Table table, ScenarioResult scenario, ToolResult tool, Failure failure) =>
        $"{failure.Word} {table.Note($"{tool.Title}, {scenario.Title}: {failure.Reason}.")}";
}
