namespace MirrorAction.Simulation;

/// <summary>The simulator itself: it repeats what it did, and it notices what is wrong.</summary>
public sealed class SimulatorTests
{
    /// <summary>With one repository at a time nothing depends on threads.</summary>
    [Fact]
    public async Task A_seed_is_the_same_story_each_time()
    {
        for (var seed = 1L; seed <= 60; seed++)
        {
            if (Scenario.Of(seed).Settings.Concurrency > 1)
                continue;
            var (first, second) = (await Simulation.PlayAsync(seed), await Simulation.PlayAsync(seed));
            for (var i = 0; i < Math.Max(first.Trace.Count, second.Trace.Count); i++)
                second.Trace.ElementAtOrDefault(i).ShouldBe(first.Trace.ElementAtOrDefault(i), $"seed {seed}, line {i}, after {first.Trace.ElementAtOrDefault(i - 1)}");
        }
    }
}
