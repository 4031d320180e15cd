using System.Diagnostics;
using System.Globalization;

namespace MirrorAction.Simulation;

/// <summary>
/// Thousands of worlds, each from a number. <c>eng/simulate</c> plays as many as one likes, through the variable <c>SIMULATE</c>: <c>7</c>,
/// <c>1..5000</c>, or
/// <c>+5000</c> for so many that begin anywhere.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 2000;
    private const int Rows = 20;

    private static readonly Stopwatch s_clock = Stopwatch.StartNew();
    private static readonly SortedDictionary<string, int> s_tally = new(StringComparer.Ordinal);
    private static int s_seeds;

    public static TheoryData<long, long> Parts
    {
        get
        {
            var parts = new TheoryData<long, long>();
            var (first, last) = Asked();
            var size = (last - first + Rows) / Rows;
            for (var at = first; at <= last; at += size)
                parts.Add(at, Math.Min(last, at + size - 1));
            return parts;
        }
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public async Task Every_run_keeps_all_promises(long first, long last)
    {
        var bad = new List<Story>();
        await Parallel.ForEachAsync(
            Range(first, last),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (seed, _) =>
            {
                var story = await Simulation.PlayAsync(seed);
                lock (s_tally)
                {
                    s_seeds++;
                    foreach (var (what, number) in story.Tally)
                        s_tally[what] = s_tally.GetValueOrDefault(what) + number;
                    if (story.Wrongs.Count > 0)
                        bad.Add(story);
                }
            }
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{s_seeds} seeds in {s_clock.Elapsed.TotalSeconds:0} s: {string.Join(", ", s_tally.Select(t => $"{t.Value} {t.Key}"))}"
            )
        );
        bad.Sort((one, other) => one.Seed.CompareTo(other.Seed));
        bad.Select(Describe).FirstOrDefault().ShouldBeNull(string.Join('\n', bad.Take(200).Select(s => $"{s.Wrongs[0]}   {Replay(s)}")));
    }

    private static string Describe(Story story) =>
        $"\n{string.Join('\n', story.Wrongs)}\n\nReplay it: {Replay(story)}\n\n{string.Join('\n', story.Trace)}\n\n{story.Log}\n";

    private static string Replay(Story story) => string.Create(CultureInfo.InvariantCulture, $"eng/simulate {story.Seed}");

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var seed = first; seed <= last; seed++)
            yield return seed;
    }

    private static (long First, long Last) Asked()
    {
        static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (Environment.GetEnvironmentVariable("SIMULATE") is not { Length: > 0 } asked)
            return (1, Seeds);
        if (asked[0] == '+')
        {
            var start = Stopwatch.GetTimestamp() % 1_000_000_000_000;
            return (start, start + Number(asked[1..]) - 1);
        }

        var ends = asked.Split("..");
        return (Number(ends[0]), Number(ends[^1]));
    }
}
