using System.Globalization;

namespace MirrorAction.Tests.Hostile;

/// <summary>
/// Every decoder takes any bytes: a result or an exception that it documents, in bounded memory. A few hundred messages each in every run;
/// <c>eng/fuzz</c> runs
/// as many as one likes, through the variables <c>FUZZ_INPUTS</c> and <c>FUZZ_SEED</c>.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int InputsPerTarget = 400;

    private static readonly FuzzTarget[] s_targets = [.. WireTargets.All, .. HostTargets.All, .. ConfigTargets.All, .. ReportTargets.All];

    public static TheoryData<string> Targets { get; } = [.. s_targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Any_bytes_give_a_result_or_a_documented_exception_in_bounded_memory(string name)
    {
        var target = s_targets.Single(t => t.Name == name);
        var tally = FuzzRun.Run(target, Setting("FUZZ_SEED", 20261121), Setting("FUZZ_INPUTS", InputsPerTarget));
        output.WriteLine(tally.ToString());
    }

    [Fact]
    public void Same_numbers_give_the_same_message() => FuzzRun.Input(s_targets[0], 1, 2).ShouldBe(FuzzRun.Input(s_targets[0], 1, 2));

    [Fact]
    public void Seeds_themselves_are_taken_well()
    {
        foreach (var target in s_targets)
        {
            foreach (var seed in target.Seeds)
                FuzzRun.Fault(target, seed).ShouldBeNull(target.Name);
        }
    }

    private static int Setting(string variable, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : byDefault;
}
