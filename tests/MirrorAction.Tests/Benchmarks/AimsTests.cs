using MirrorAction.Benchmarks.Compare.Results;

namespace MirrorAction.Tests.Benchmarks;

public sealed class AimsTests
{
    private static readonly Floor s_floor = new(120, 60_000_000, 60_000_000, 1, "");

    [Theory]
    [InlineData(123, 3, true, "120, floor 120; listing 3")]
    [InlineData(121, 0, false, "121, floor 120; listing 0")]
    public void Unchanged_repositories_cost_the_floors_requests(int requests, int rest, bool isMet, string measured) =>
        Judged("Unchanged", Of("unchanged-60", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], requests: requests, rest: rest)))
            .ShouldBe((isMet, measured));

    [Theory]
    [InlineData(122_000_000, 0, true, "1.02 ×")]
    [InlineData(124_000_000, 0, false, "1.03 ×")]
    [InlineData(124_000_000, 2_000_000, true, "1.02 ×")]
    public void Bytes_of_git_stay_near_the_floor(long bytes, long rest, bool isMet, string measured) =>
        Judged("bytes of bodies", Of("first-60", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], bytes, restBytes: rest)))
            .ShouldBe((isMet, measured));

    [Fact]
    public void Bytes_of_little_packs_are_no_aim() =>
        Aims.Of(
                SampleComparison.Of(
                    SampleComparison.Scenario(
                        "commit-60",
                        "",
                        Networks.Loopback,
                        new Floor(4, 1_000, 1_000, null, ""),
                        [SampleComparison.Cell("mirror-action", [1], 4_000)]
                    )
                )
            )
            .ShouldNotContain(a => a.What.Contains("bytes of bodies", StringComparison.Ordinal));

    [Theory]
    [InlineData(1.1, true)]
    [InlineData(1.2, false)]
    public void First_mirror_is_held_against_the_pipe(double seconds, bool isMet) =>
        Judged(
            "as long as the pipe",
            Of("first-large", Networks.Loopback, SampleComparison.Cell("mirror-action", [seconds]), SampleComparison.Cell("pipe", [1]))
        )
            .IsMet.ShouldBe(isMet);

    [Theory]
    [InlineData(41, true)]
    [InlineData(39, false)]
    public void Sixty_unchanged_are_held_against_the_shell_loop(double shell, bool isMet) =>
        Judged(
            "times as fast as the shell loop",
            Of("unchanged-60", Networks.Shaped, SampleComparison.Cell("mirror-action", [1]), SampleComparison.Cell("shell", [shell]))
        )
            .IsMet.ShouldBe(isMet);

    [Theory]
    [InlineData(1.2, true, "1.20 s of 1.25 s")]
    [InlineData(1.3, false, "1.30 s of 1.25 s")]
    public void Sixty_unchanged_are_held_against_their_round_trips(double seconds, bool isMet, string measured) =>
        Judged(
                "⌈120 ÷ 8⌉",
                Of("unchanged-60", Networks.Shaped, SampleComparison.Cell("mirror-action", [seconds])),
                Of("unchanged-60", Networks.Loopback, SampleComparison.Cell("mirror-action", [0.5]))
            )
            .ShouldBe((isMet, measured));

    [Theory]
    [InlineData(0.5, true, "0.25 s")]
    [InlineData(0.8, false, "0.40 s")]
    public void Processor_time_is_held_against_the_bytes_relayed(double cpu, bool isMet, string measured) =>
        Judged("CPU", Of("first-large", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], bytes: 400_000_000, cpu: cpu)))
            .ShouldBe((isMet, measured));

    [Theory]
    [InlineData("kept clones", "commit-60", "kept", 1.6, true, "1.60 ×")]
    [InlineData("kept clones", "commit-60", "kept", 1.4, false, "1.40 ×")]
    public void Distance_is_where_kept_clones_are_to_be_outrun(
        string what,
        string scenario,
        string tool,
        double other,
        bool isMet,
        string measured
    ) =>
        Judged(what, Of(scenario, Networks.Shaped, SampleComparison.Cell("mirror-action", [1]), SampleComparison.Cell(tool, [other])))
            .ShouldBe((isMet, measured));

    [Theory]
    [InlineData("2.5 times the floor", "commit-large", 2.4, true, "2.40 ×")]
    [InlineData("2.5 times the floor", "commit-large", 2.6, false, "2.60 ×")]
    [InlineData("what the line takes", "first-large", 1.2, true, "1.20 ×")]
    [InlineData("what the line takes", "first-large", 1.3, false, "1.30 ×")]
    public void Time_at_a_distance_is_held_against_the_floor(string what, string scenario, double seconds, bool isMet, string measured) =>
        Judged(what, Of(scenario, Networks.Shaped, SampleComparison.Cell("mirror-action", [seconds]))).ShouldBe((isMet, measured));

    [Fact]
    public void Peak_counts_in_every_scenario_and_each_that_misses_is_told()
    {
        var aim = Aims.Of(
                SampleComparison.Of(
                    Of("first-60", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], peak: 79)),
                    Of("first-large", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], peak: 130)),
                    Of("unchanged-50000-refs", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], peak: 140))
                )
            )
            .Single(a => a.What.StartsWith("Peak", StringComparison.Ordinal));

        aim.IsMet.ShouldBeFalse();
        aim.Measured.ShouldBe("first-large (loopback): 130 MiB; unchanged-50000-refs (loopback): 140 MiB");
    }

    [Fact]
    public void An_aim_that_is_met_tells_of_what_comes_nearest_to_missing_it()
    {
        var aim = Aims.Of(
                SampleComparison.Of(
                    Of("first-60", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], peak: 60)),
                    Of("first-large", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], peak: 70))
                )
            )
            .Single(a => a.What.StartsWith("Peak", StringComparison.Ordinal));

        aim.ShouldBe(new Aim(aim.What, IsMet: true, "first-large (loopback): 70.0 MiB"));
    }

    [Fact]
    public void What_failed_misses_its_aims() =>
        Judged("Peak", Of("first-60", Networks.Loopback, SampleComparison.Cell("mirror-action", [1], isMirrored: false)))
            .ShouldBe((false, "incomplete"));

    [Fact]
    public void What_was_not_measured_is_no_aim()
    {
        Aims.Of(SampleComparison.Of()).ShouldBeEmpty();
        Aims.Of(SampleComparison.Of(Of("first-large", Networks.Shaped, SampleComparison.Cell("shell", [1])))).ShouldBeEmpty();
        Aims.Of(
                SampleComparison.Of(
                    Of(
                        "first-large",
                        Networks.Shaped,
                        SampleComparison.Cell("mirror-action", [1]),
                        SampleComparison.Cell("pipe", [1], exitCodes: [1])
                    )
                )
            )
            .ShouldNotContain(a => a.What.Contains("pipe", StringComparison.Ordinal));
    }

    private static ScenarioResult Of(string name, string network, params Cell[] cells) =>
        SampleComparison.Scenario(name, name, network, s_floor, cells);

    /// <summary>The aim whose words these are, without the name of the scenario.</summary>
    private static (bool IsMet, string Measured) Judged(string what, params ScenarioResult[] scenarios)
    {
        var aim = Aims.Of(SampleComparison.Of(scenarios)).Single(a => a.What.Contains(what, StringComparison.Ordinal));
        return (aim.IsMet, aim.Measured.Split("): ")[1]);
    }
}
