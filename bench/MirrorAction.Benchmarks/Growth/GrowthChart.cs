using System.Globalization;
using System.Xml.Linq;

namespace MirrorAction.Benchmarks.Growth;

/// <summary>
/// A series as a picture: wall time and the largest memory, each on a logarithmic axis over a logarithmic amount, with the slope on every stretch and a
/// ring where it bends. Pure; SVG without scripts and fonts of its own, which follows the reader's light or dark theme.
/// </summary>
internal static class GrowthChart
{
    private const int Width = 880;
    private const int Left = 70;
    private const int Right = 850;
    private const int PanelHeight = 190;
    private const int PanelGap = 46;
    private const int Top = 64;

    private const string Style = """

            text { font: 12px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
            .title { font-size: 16px; font-weight: 600 }
            .muted { fill: #59636e }
            .grid { stroke: #d1d9e0 }
            .line { stroke: #0969da; stroke-width: 2; fill: none }
            .dot { fill: #0969da }
            .bend { stroke: #bc4c00; stroke-width: 2; fill: none }
            @media (prefers-color-scheme: dark) {
              text { fill: #f0f6fc }
              .muted { fill: #9198a1 }
              .grid { stroke: #3d444d }
              .line { stroke: #4493f8 }
              .dot { fill: #4493f8 }
              .bend { stroke: #f0883e }
            }

        """;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    /// <summary>The picture's text.</summary>
    internal static string Svg(GrowthSeries series, string circumstances)
    {
        var height = Top + (2 * (PanelHeight + PanelGap)) + 20;
        var svg = Element("svg", null, ("viewBox", $"0 0 {Width} {height}"), ("width", Width), ("height", height), ("role", "img"));
        svg.SetAttributeValue("aria-labelledby", "title desc");
        svg.Add(
            Element("title", series.Title, ("id", "title")),
            Element("desc", string.Join(' ', series.Points.Select(p => Words(p, series.Unit))), ("id", "desc")),
            Element("style", Style),
            Text(series.Title, 0, 18, "title"),
            Text(
                "Both axes are logarithmic. On each stretch its slope: 1 is proportional, 0 costs nothing more; a ring where it bends",
                0,
                38,
                "muted"
            )
        );
        var panels = new[]
        {
            new Panel("wall time", "s", p => p.Seconds, series.TimeSlopes, series.TimeBends),
            new Panel("largest memory", "MiB", p => p.Mebibytes, series.MemorySlopes, series.MemoryBends),
        };
        for (var i = 0; i < panels.Length; i++)
        {
            svg.Add(Drawn(series, panels[i], Top + (i * (PanelHeight + PanelGap))));
        }

        svg.Add(Text(circumstances, 0, height - 6, "muted"));
        return svg.ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static IEnumerable<XElement> Drawn(GrowthSeries series, Panel panel, int top)
    {
        var across = Axis.Over([.. series.Points.Select(p => p.Amount)], Left, Right);
        var upright = Axis.Over([.. series.Points.Select(panel.Value)], top + PanelHeight, top);
        yield return Text($"{panel.Name}, {panel.Unit}", 0, top - 6, "muted");
        foreach (var tick in upright.Ticks)
        {
            var y = upright.Of(tick);
            yield return Element("line", null, ("x1", Left), ("x2", Right), ("y1", y), ("y2", y), ("class", "grid"));
            yield return Text(Number(tick), Left - 8, y + 4, "muted", "end");
        }

        var places = series.Points.Select(p => (X: across.Of(p.Amount), Y: upright.Of(panel.Value(p)))).ToArray();
        yield return Element(
            "polyline",
            null,
            ("points", string.Join(' ', places.Select(p => Invariant($"{p.X:0.#},{p.Y:0.#}")))),
            ("class", "line")
        );
        for (var i = 0; i < places.Length; i++)
        {
            var (x, y) = places[i];
            var point = series.Points[i];
            yield return Element("circle", null, ("cx", x), ("cy", y), ("r", 3), ("class", "dot"));
            yield return Text(
                Number(panel.Value(point)),
                x,
                y - 8,
                null,
                i == 0 ? "start"
                    : i == places.Length - 1 ? "end"
                    : "middle"
            );
            yield return Text($"{Amount(point.Amount)}", x, top + PanelHeight + 16, "muted", i == places.Length - 1 ? "end" : "middle");
            if (panel.Bends.Contains(point.Amount))
            {
                yield return Element("circle", null, ("cx", x), ("cy", y), ("r", 8), ("class", "bend"));
            }

            if (i > 0)
            {
                var before = places[i - 1];
                yield return Text(Invariant($"{panel.Slopes[i - 1]:0.00}"), (x + before.X) / 2, ((y + before.Y) / 2) + 16, "muted", "middle");
            }
        }
    }

    private static string Words(GrowthPoint point, string unit) =>
        Invariant($"{Amount(point.Amount)} {unit}: {Number(point.Seconds)} s, {Number(point.Mebibytes)} MiB.");

    private static string Amount(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static XElement Text(string text, double x, double y, string? style = null, string? anchor = null) =>
        Element("text", text, ("x", x), ("y", y), ("class", style), ("text-anchor", anchor));

    private static XElement Element(string name, string? text, params (string Name, object? Value)[] attributes) =>
        new(
            s_svg + name,
            attributes
                .Where(a => a.Value is not null)
                .Select(a => new XAttribute(a.Name, a.Value is double number ? Math.Round(number, 1) : a.Value!)),
            text
        );

    private sealed record Panel(string Name, string Unit, Func<GrowthPoint, double> Value, IReadOnlyList<double> Slopes, IReadOnlyList<double> Bends);

    /// <summary>Whole powers of ten from one end to the other.</summary>
    private sealed record Axis(int Lowest, int Highest, double From, double To)
    {
        internal IEnumerable<double> Ticks => Enumerable.Range(Lowest, Highest - Lowest + 1).Select(power => Math.Pow(10, power));

        internal static Axis Over(IReadOnlyCollection<double> values, double from, double to)
        {
            var shown = values.Where(value => value > 0).DefaultIfEmpty(1).ToArray();
            var lowest = (int)Math.Floor(Math.Log10(shown.Min()));
            return new Axis(lowest, Math.Max((int)Math.Ceiling(Math.Log10(shown.Max())), lowest + 1), from, to);
        }

        internal double Of(double value) => From + ((Math.Log10(Math.Max(value, Math.Pow(10, Lowest))) - Lowest) / (Highest - Lowest) * (To - From));
    }
}
