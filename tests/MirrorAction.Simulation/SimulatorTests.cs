namespace MirrorAction.Simulation;

/// <summary>The simulator itself: it repeats what it did, and it notices what is wrong.</summary>
public sealed class SimulatorTests
{
    public static TheoryData<string, int> Faults =>
        new()
        {
            { nameof(Sabotage.KeepsNothing), 1 },
            { nameof(Sabotage.ShowsAll), 2 },
            { nameof(Sabotage.WritesElsewhere), 3 },
            { nameof(Sabotage.ForgetsOne), 4 },
            { nameof(Sabotage.SaysEqual), 5 },
            { nameof(Sabotage.ExitsWithZero), 5 },
            { nameof(Sabotage.NeverRests), 6 },
            { nameof(Sabotage.AsksTwice), 7 },
            { nameof(Sabotage.Talks), 8 },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_broken_promise_is_noticed(string fault, int invariant)
    {
        for (var seed = 1L; seed <= 60; seed++)
        {
            var story = await Simulation.PlayAsync(seed, Enum.Parse<Sabotage>(fault));
            if (story.Wrongs.Any(w => w.Invariant == invariant))
                return;
        }

        Assert.Fail($"{fault} went unnoticed in 60 worlds.");
    }

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
                second
                    .Trace.ElementAtOrDefault(i)
                    .ShouldBe(first.Trace.ElementAtOrDefault(i), $"seed {seed}, line {i}, after {first.Trace.ElementAtOrDefault(i - 1)}");
        }
    }
}
