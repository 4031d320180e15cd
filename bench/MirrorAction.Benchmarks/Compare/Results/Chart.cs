using System.Globalization;
using System.Xml.Linq;

namespace MirrorAction.Benchmarks.Compare.Results;

/// <summary>
/// A comparison as a picture: for each scenario a bar for each tool on a logarithmic axis of time, and a line for the floor. Scenarios that were
/// measured over a distance are shown over it. Pure; the text is SVG without scripts and fonts of its own, and follows the reader's light or dark
/// theme.
/// </summary>
internal static class Chart
{
    private const int Width = 880;
    private const int BarsLeft = 150;
    private const int BarsRight = 760;
    private const int Top = 72;
    private const int HeadingHeight = 24;
    private const int RowHeight = 18;
    private const int BarHeight = 12;
    private const int GroupGap = 14;

    private const string Style = """

            text { font: 12px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
            .title { font-size: 16px; font-weight: 600 }
            .scenario { font-weight: 600 }
            .muted { fill: #59636e }
            .ours { fill: #0969da }
            .other { fill: #9aa4af }
            .grid { stroke: #d1d9e0 }
            .floor { stroke: #bc4c00; stroke-width: 2 }
            @media (prefers-color-scheme: dark) {
              text { fill: #f0f6fc }
              .muted { fill: #9198a1 }
              .ours { fill: #4493f8 }
              .other { fill: #656c76 }
              .grid { stroke: #3d444d }
              .floor { stroke: #f0883e }
            }

        """;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>The picture's text.</summary>
    internal static string Svg(Comparison comparison)
    {
        var groups = Groups(comparison);
        var axis = Axis.Over(groups);
        var bottom = Top + groups.Sum(g => g.Height);
        var captions = ComparisonText.Circumstances(comparison);
        var height = bottom + (captions.Count * RowHeight) + GroupGap;
        var svg = Element(
            "svg",
            null,
            ("viewBox", $"0 0 {Width} {height}"),
            ("width", Width),
            ("height", height),
            ("role", "img"),
            ("aria-labelledby", "title desc")
        );
        svg.Add(
            Element("title", "How long mirroring takes", ("id", "title")),
            Element("desc", string.Join(' ', groups.Select(Words)), ("id", "desc")),
            Element("style", Style),
            Text("How long mirroring takes", 0, 18, "title"),
            Text("Median wall time on a logarithmic axis; the upright line is the floor, what any correct tool needs", 0, 38, "muted")
        );
        foreach (var seconds in axis.Ticks)
        {
            var x = axis.Of(seconds);
            svg.Add(
                Line(x, Top - 8, bottom, "grid"),
                Text($"{seconds.ToString("0.###", CultureInfo.InvariantCulture)} s", x, Top - 12, "muted", "middle")
            );
        }

        var y = Top;
        foreach (var group in groups)
        {
            svg.Add(Drawn(group, y, axis));
            y += group.Height;
        }

        svg.Add(captions.Select((line, i) => Text(line, 0, bottom + ((i + 1) * RowHeight), "muted")));
        return svg.ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static Group[] Groups(Comparison comparison) =>
        [
            .. comparison
                .Scenarios.GroupBy(s => s.Name)
                .Select(same => same.FirstOrDefault(s => s.Network != Networks.Loopback) ?? same.First())
                .Select(s => new Group(
                    s,
                    [.. from tool in comparison.Tools let cell = CellSummary.Of(s, tool.Name) where cell is not null select new Row(tool, cell)]
                )),
        ];

    private static IEnumerable<XElement> Drawn(Group group, int top, Axis axis)
    {
        yield return Text(Heading(group), 0, top + 16, "scenario");
        var y = top + HeadingHeight;
        foreach (var (tool, cell) in group.Rows)
        {
            var middle = y + BarHeight - 2;
            yield return Text(tool.Title, BarsLeft - 8, middle, "muted", "end");
            if (cell.Failure is { } failure)
            {
                yield return Text(failure.Word, BarsLeft + 6, middle, "muted");
            }
            else
            {
                var end = axis.Of(cell.WallSeconds);
                yield return Element(
                    "rect",
                    null,
                    ("x", BarsLeft),
                    ("y", y),
                    ("width", end - BarsLeft),
                    ("height", BarHeight),
                    ("class", tool.Name == Participants.Ours ? "ours" : "other")
                );
                yield return Text(Figures.Seconds(cell.WallSeconds), end + 6, middle);
            }

            y += RowHeight;
        }

        if (group.Scenario.Floor.WallSeconds is { } floor)
        {
            yield return Line(axis.Of(floor), top + HeadingHeight - 4, y - 2, "floor");
        }
    }

    private static string Heading(Group group) =>
        $"{group.Scenario.Title} ({group.Scenario.Network}){(group.Scenario.Floor.WallSeconds is { } floor ? $", floor {Figures.Seconds(floor)}" : "")}";

    /// <summary>The group for those who do not see it.</summary>
    private static string Words(Group group) =>
        $"{Heading(group)}: {string.Join(", ", group.Rows.Select(r => $"{r.Tool.Title} {r.Cell.Failure?.Word ?? Figures.Seconds(r.Cell.WallSeconds)}"))}.";

    private static XElement Text(string text, double x, double y, string? style = null, string? anchor = null) =>
        Element("text", text, ("x", x), ("y", y), ("class", style), ("text-anchor", anchor));

    private static XElement Line(double x, double from, double to, string style) =>
        Element("line", null, ("x1", x), ("x2", x), ("y1", from), ("y2", to), ("class", style));

    /// <summary>Places are given to a tenth of a pixel, so that the text is the same on every machine.</summary>
    private static XElement Element(string name, string? text, params (string Name, object? Value)[] attributes) =>
        new(
            s_svg + name,
            attributes
                .Where(a => a.Value is not null)
                .Select(a => new XAttribute(a.Name, a.Value is double number ? Math.Round(number, 1) : a.Value!)),
            text
        );

    private sealed record Group(ScenarioResult Scenario, IReadOnlyList<Row> Rows)
    {
        internal int Height => HeadingHeight + (Rows.Count * RowHeight) + GroupGap;
    }

    private sealed record Row(ToolResult Tool, CellSummary Cell);

    /// <summary>Where a time stands: whole powers of ten of a second from the left to the right.</summary>
    private sealed record Axis(int Lowest, int Highest)
    {
        internal IEnumerable<double> Ticks => Enumerable.Range(Lowest, Highest - Lowest + 1).Select(power => Math.Pow(10, power));

        internal static Axis Over(IEnumerable<Group> groups)
        {
            double[] times =
            [
                .. from g in groups
                from seconds in g
                    .Rows.Where(r => r.Cell.Failure is null)
                    .Select(r => (double?)r.Cell.WallSeconds)
                    .Append(g.Scenario.Floor.WallSeconds)
                where seconds > 0
                select seconds.Value,
            ];
            var lowest = times.Length == 0 ? 0 : (int)Math.Floor(Math.Log10(times.Min()));
            var highest = times.Length == 0 ? 0 : (int)Math.Ceiling(Math.Log10(times.Max()));
            return new Axis(lowest, Math.Max(highest, lowest + 1));
        }

        internal double Of(double seconds) =>
            BarsLeft + ((Math.Log10(Math.Max(seconds, Math.Pow(10, Lowest))) - Lowest) / (Highest - Lowest) * (BarsRight - BarsLeft));
    }
}
