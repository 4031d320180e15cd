using MirrorAction.Mirroring.Reporting;
using MirrorAction.TestKit;

namespace MirrorAction.IntegrationTests.Faults;

/// <summary>What a fault that happens once amounts to.</summary>
public enum Verdict
{
    /// <summary>Nobody notices.</summary>
    Harmless,

    /// <summary>Tried again, and it works.</summary>
    Passing,

    /// <summary>Trying again would not help, so that it is not tried.</summary>
    Lasting,
}

/// <summary>A fault as the matrix knows it.</summary>
/// <param name="Name">For the list of cells.</param>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Rest">What it is to a REST call.</param>
/// <param name="Git">What it is to git.</param>
/// <param name="Codes">The codes by which a user may be told.</param>
public sealed record FaultCase(string Name, Fault Fault, Verdict Rest, Verdict Git, params ErrorCode[] Codes)
{
    /// <summary>Its proof takes a silence.</summary>
    public bool IsStall => Fault is WireFault { Ending: FaultEnding.Stall };

    /// <summary>What it is to a stage: some know another way, or can do without.</summary>
    internal Verdict At(Stage stage) => (stage.IsRest() ? Rest : Git) switch
    {
        // Told to come another time, they come again as to any refusal of their kind.
        Verdict.Lasting when stage == Stage.Ancestry => Verdict.Harmless,
        Verdict.Lasting when stage == Stage.LsRefs && !Name.StartsWith("40", StringComparison.Ordinal) => Verdict.Harmless,
        Verdict.Lasting when stage.IsRest() && !stage.IsSource() && Name.StartsWith("401", StringComparison.Ordinal) => Verdict.Passing,
        var verdict => verdict,
    };

    public override string ToString() => Name;
}
